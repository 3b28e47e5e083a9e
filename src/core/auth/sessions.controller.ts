import { Controller, Delete, Get, HttpCode, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignedInBrowser } from '../../contracts/sessions.js';
import { isoOf } from './clock.js';
import { callerOf, seenBy } from './fastify-request.js';
import { notFound, recordId } from './record-id.js';
import { SessionCookies } from './session-cookies.js';
import { Sessions } from './sessions.js';
import { SignedInBrowserDto } from './auth-answer.dto.js';

/** The browsers that are signed in. */
@ApiTags('auth')
@Controller('api/auth/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly cookies: SessionCookies,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The browsers that are signed in, the one used last first' })
  @ApiOkResponse({ type: [SignedInBrowserDto] })
  list(@Req() request: FastifyRequest): SignedInBrowser[] {
    const { sessionId } = callerOf(request);
    return this.sessions.list().map((session) => ({
      id: session.id,
      created_at: isoOf(session.createdAtMs),
      last_seen_at: isoOf(session.lastSeenAtMs),
      expires_at: isoOf(session.expiresAtMs),
      address: session.address,
      user_agent: session.userAgent,
      is_current: session.id === sessionId,
    }));
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: "End all sessions but the caller's" })
  async revokeOthers(@Req() request: FastifyRequest): Promise<void> {
    await this.sessions.revokeAll(callerOf(request).sessionId);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one session' })
  async revoke(
    @Param('id') idText: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const id = recordId(idText, 'session');
    if (!(await this.sessions.revoke(id))) throw notFound('session');
    if (callerOf(request).sessionId === id)
      void reply.header('set-cookie', this.cookies.expire(seenBy(request)));
  }
}
