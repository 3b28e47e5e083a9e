import { Body, Controller, Get, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SessionInfo } from '../../contracts/auth.js';
import { ChangePasswordDto, LoginDto } from './auth.dto.js';
import { AuthService } from './auth.service.js';
import { callerOf, seenBy, visitorOf } from './fastify-request.js';
import { SessionCookies } from './session-cookies.js';
import { SessionInfoDto } from './auth-answer.dto.js';

/** Signing in and out, and the password. */
@ApiTags('auth')
@Controller('api/auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly cookies: SessionCookies,
  ) {}

  @Post('login')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in with the password; sets the session cookie' })
  @ApiOkResponse({ type: SessionInfoDto })
  async login(
    @Body() body: LoginDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionInfo> {
    const { token, caller } = await this.auth.login(body.password, visitorOf(request));
    void reply.header('set-cookie', this.cookies.issue(token, seenBy(request)));
    return this.auth.sessionInfo(caller);
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({ summary: "End the caller's session" })
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    void reply.header('set-cookie', this.cookies.expire(seenBy(request)));
    await this.auth.logout(callerOf(request));
  }

  @Get('session')
  @ApiOperation({ summary: 'Who the caller is and what they may do' })
  @ApiOkResponse({ type: SessionInfoDto })
  session(@Req() request: FastifyRequest): SessionInfo {
    return this.auth.sessionInfo(callerOf(request));
  }

  @Put('password')
  @HttpCode(204)
  @ApiOperation({ summary: "Set the operator's password; ends all sessions but the caller's" })
  async setPassword(@Body() body: ChangePasswordDto, @Req() request: FastifyRequest): Promise<void> {
    await this.auth.changePassword(body.current_password ?? null, body.password, callerOf(request));
  }
}
