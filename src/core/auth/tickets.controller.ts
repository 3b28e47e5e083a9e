import { Body, Controller, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { SignInTicket } from '../../contracts/tickets.js';
import { SignInTicketDto } from './auth-answer.dto.js';
import { CreateTicketDto } from './auth.dto.js';
import { callerOf } from './fastify-request.js';
import { HostSignIn } from './host-sign-in.js';

/** What carries a sign-in to the host name of an application. */
@ApiTags('auth')
@Controller('api/auth/tickets')
export class TicketsController {
  constructor(private readonly hostSignIn: HostSignIn) {}

  @Post()
  @ApiOperation({ summary: 'A ticket that signs this browser in, once, at the host name of an application' })
  @ApiCreatedResponse({ type: SignInTicketDto })
  create(@Body() body: CreateTicketDto, @Req() request: FastifyRequest): SignInTicket {
    return this.hostSignIn.issue(body.origin, callerOf(request));
  }
}
