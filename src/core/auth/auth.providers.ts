import type { Provider } from '@nestjs/common';
import { ApiTokens } from './api-tokens.js';
import type { Auth } from './auth.factory.js';
import { AuthService } from './auth.service.js';
import { HostSignIn } from './host-sign-in.js';
import { LiveSockets } from './live-sockets.js';
import { SessionCookies } from './session-cookies.js';
import { Sessions } from './sessions.js';

/** What the controllers of sign-in, and others beside them, are constructed with. */
export function authProviders(auth: Auth): Provider[] {
  return [
    { provide: AuthService, useValue: auth.service },
    { provide: SessionCookies, useValue: auth.cookies },
    { provide: HostSignIn, useValue: auth.hostSignIn },
    { provide: Sessions, useValue: auth.sessions },
    { provide: ApiTokens, useValue: auth.tokens },
    { provide: LiveSockets, useValue: auth.sockets },
  ];
}
