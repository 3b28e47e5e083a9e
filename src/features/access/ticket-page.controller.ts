import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors.js';
import { ownFileAnswer } from './assets/own-files.js';
import { TICKET_PAGE, TICKET_PAGE_POLICY, ticketPage } from './pages/host-pages.js';

const FILES: ReadonlySet<string> = new Set(['ticket.js', 'page.css']);

/** The dashboard's page that takes a browser, signed in, to the host name of an application. */
@ApiExcludeController()
@Controller('ticket')
export class TicketPageController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', TICKET_PAGE_POLICY)
  @Header('cache-control', 'no-store')
  page(): string {
    return ticketPage();
  }

  @Get(':file')
  file(
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const nameAndQuery = request.url.slice(`${TICKET_PAGE}/`.length);
    const answer = FILES.has(file) ? ownFileAnswer(nameAndQuery, request.headers['if-none-match']) : null;
    if (answer === null)
      throw new AppError('not_found', 'NO_SUCH_ROUTE', 'There is nothing at this address.');
    void reply.status(answer.status).headers(answer.headers);
    return answer.body;
  }
}
