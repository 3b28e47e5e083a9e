import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthService } from './auth.service.js';
import { seenBy, visitorOf } from './fastify-request.js';
import { SessionCookies } from './session-cookies.js';
import {
  NOT_FETCHED_AHEAD_PAGE,
  SIGNED_IN_PAGE,
  SIGNIN_PAGE_HEADERS,
  SPENT_LINK_PAGE,
} from './signin-link.pages.js';

/** The one-time link that a start prints while no password is set. */
@ApiExcludeController()
@Controller('signin-link')
export class SigninLinkController {
  constructor(
    private readonly auth: AuthService,
    private readonly cookies: SessionCookies,
  ) {}

  @Get(':token')
  async open(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    void reply.headers(SIGNIN_PAGE_HEADERS);
    // Fastify answers HEAD by the handler of GET. A browser throws away what it fetched ahead when it is no success,
    // and asks again when the link is really followed.
    if (request.method !== 'GET' || isFetchedAhead(request)) {
      void reply.status(503);
      return NOT_FETCHED_AHEAD_PAGE;
    }
    const signedIn = await this.auth.loginWithLink(token, visitorOf(request));
    if (signedIn === null) {
      void reply.status(410);
      return SPENT_LINK_PAGE;
    }
    void reply.header('set-cookie', this.cookies.issue(signedIn.token, seenBy(request)));
    return SIGNED_IN_PAGE;
  }
}

/** `Sec-Purpose` (Fetch standard), `Purpose` (Safari, older Chromium), `X-Moz` (older Firefox). */
function isFetchedAhead(request: FastifyRequest): boolean {
  const { headers } = request;
  return [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']].some((value) =>
    /prefetch|prerender|preview/i.test(String(value ?? '')),
  );
}
