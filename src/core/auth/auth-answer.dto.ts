import { ApiProperty } from '@nestjs/swagger';
import type { ApiToken, CreatedApiToken, Scope, SessionInfo } from '../../contracts/auth.js';
import type { SignedInBrowser } from '../../contracts/sessions.js';
import type { SignInTicket } from '../../contracts/tickets.js';
import { SCOPES } from './scopes.js';

const time = { type: String, format: 'date-time', nullable: true } as const;
const scopes = { enum: SCOPES, isArray: true };

export class SessionInfoDto implements SessionInfo {
  @ApiProperty() actor!: string;
  @ApiProperty(scopes) scopes!: Scope[];
  @ApiProperty({ enum: ['session', 'token'] }) via!: SessionInfo['via'];
  @ApiProperty(time) expires_at!: string | null;
  @ApiProperty({ description: 'false: sign-in works by one-time link only' }) password_set!: boolean;
  @ApiProperty({ description: 'It comes from AIKORE_PASSWORD and cannot be changed here' })
  password_from_environment!: boolean;
}

export class SignedInBrowserDto implements SignedInBrowser {
  @ApiProperty() id!: number;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) last_seen_at!: string;
  @ApiProperty({ format: 'date-time', description: 'The end, however busy it is' }) expires_at!: string;
  @ApiProperty() address!: string;
  @ApiProperty() user_agent!: string;
  @ApiProperty({ description: 'It is the caller’s own' }) is_current!: boolean;
}

export class ApiTokenDto implements ApiToken {
  @ApiProperty() id!: number;
  @ApiProperty() name!: string;
  @ApiProperty(scopes) scopes!: Scope[];
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty(time) last_used_at!: string | null;
  @ApiProperty(time) expires_at!: string | null;
}

export class CreatedApiTokenDto extends ApiTokenDto implements CreatedApiToken {
  @ApiProperty({ description: 'The secret, shown in this answer only' }) token!: string;
}

export class SignInTicketDto implements SignInTicket {
  @ApiProperty({ description: 'Works once; never part of an address that reaches a server' }) ticket!: string;
  @ApiProperty({ description: 'Where it works', example: 'http://comfy.home.lan:9001' }) origin!: string;
  @ApiProperty({ format: 'date-time' }) expires_at!: string;
}
