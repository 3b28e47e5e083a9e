import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import type { HostPolicy } from '../http/host-policy.js';
import type { Logger } from '../logging.js';
import { ApiTokens } from './api-tokens.js';
import { ApiTokenEntity, CredentialEntity, SessionEntity } from './auth.entities.js';
import { AuthService } from './auth.service.js';
import { Authenticator } from './authenticator.js';
import type { Clock } from './clock.js';
import { CredentialStore } from './credential-store.js';
import { Gate } from './gate.js';
import { LiveSockets } from './live-sockets.js';
import { LoginLimiter } from './login-limiter.js';
import { OneTimeLink } from './one-time-link.js';
import { PasswordCheck } from './password-check.js';
import { Passwords } from './passwords.js';
import { SessionCookies } from './session-cookies.js';
import { Sessions } from './sessions.js';

export interface AuthOptions {
  dataSource: DataSource;
  config: Pick<Config, 'token' | 'publicUrl' | 'isAuthOn'>;
  hosts: HostPolicy;
  logger: Logger;
  clock?: Clock;
}

/** All of sign-in, put together; `service.boot` comes next. */
export interface Auth {
  service: AuthService;
  sessions: Sessions;
  tokens: ApiTokens;
  sockets: LiveSockets;
  cookies: SessionCookies;
  authenticator: Authenticator;
  gate: Gate;
}

export function createAuth({ dataSource, config, hosts, logger, clock = Date.now }: AuthOptions): Auth {
  const sessions = new Sessions(dataSource.getRepository(SessionEntity), logger, clock);
  const tokens = new ApiTokens(dataSource.getRepository(ApiTokenEntity), config.token, logger, clock);
  const sockets = new LiveSockets(sessions, tokens, logger, clock);
  const authenticator = new Authenticator(sessions, tokens, config.isAuthOn);
  const passwords = new Passwords();
  const service = new AuthService({
    passwords,
    check: new PasswordCheck(passwords, new LoginLimiter(clock), (durationMs) => sleep(durationMs)),
    sessions,
    tokens,
    link: new OneTimeLink(),
    credentials: new CredentialStore(dataSource.getRepository(CredentialEntity), clock),
    authenticator,
    sockets,
    logger,
  });
  return {
    service,
    sessions,
    tokens,
    sockets,
    authenticator,
    cookies: new SessionCookies(config.publicUrl),
    gate: new Gate(hosts, authenticator, config.publicUrl, logger),
  };
}
