import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import type { HostPolicy } from '../http/host-policy.js';
import type { Logger } from '../logging.js';
import { ApiTokens } from './api-tokens.js';
import { ApiTokenEntity, CredentialEntity, KnownDashboardEntity, SessionEntity } from './auth.entities.js';
import { AuthService } from './auth.service.js';
import { Authenticator } from './authenticator.js';
import type { Clock } from './clock.js';
import { CredentialStore } from './credential-store.js';
import { Gate } from './gate.js';
import { HostSignIn } from './host-sign-in.js';
import { KnownDashboard } from './known-dashboard.js';
import { LiveSockets } from './live-sockets.js';
import { LoginLimiter } from './login-limiter.js';
import { OneTimeLink } from './one-time-link.js';
import { PasswordCheck } from './password-check.js';
import { Passwords } from './passwords.js';
import { SessionCookies } from './session-cookies.js';
import { Sessions } from './sessions.js';
import { Tickets } from './tickets.js';

export interface AuthOptions {
  dataSource: DataSource;
  config: Pick<Config, 'token' | 'publicUrl' | 'isAuthOn'>;
  hosts: HostPolicy;
  /** Whether an origin is that of one application, and served by AiKore; asked when a ticket is. */
  isApplicationOrigin: (origin: URL) => boolean;
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
  hostSignIn: HostSignIn;
  knownDashboard: KnownDashboard;
}

export function createAuth(options: AuthOptions): Auth {
  const { dataSource, config, hosts, isApplicationOrigin, logger, clock = Date.now } = options;
  const sessions = new Sessions(dataSource.getRepository(SessionEntity), logger, clock);
  const tokens = new ApiTokens(dataSource.getRepository(ApiTokenEntity), config.token, logger, clock);
  const sockets = new LiveSockets(sessions, tokens, logger, clock);
  const authenticator = new Authenticator(sessions, tokens, config.isAuthOn);
  const knownDashboard = new KnownDashboard(dataSource.getRepository(KnownDashboardEntity), logger, clock);
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
    knownDashboard,
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
    hostSignIn: new HostSignIn({
      tickets: new Tickets(clock),
      sessions,
      authenticator,
      isApplicationOrigin,
      logger,
    }),
    knownDashboard,
  };
}
