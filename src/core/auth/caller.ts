import type { Scope } from '../../contracts/auth.js';
import { isoOf } from './clock.js';
import { ALL_SCOPES, effectiveScopes } from './scopes.js';
import type { Session } from './session-cache.js';

/** Who makes a request, and what they may do. */
export interface Caller {
  /** A name for the audit: `operator`, `environment token` or `token <name>`. */
  actor: string;
  /** Implied scopes included. */
  scopes: ReadonlySet<Scope>;
  /** `none`: sign-in is off (`AIKORE_AUTH=off`). */
  via: 'session' | 'token' | 'none';
  sessionId: number | null;
  /** The named API token, null also for `AIKORE_TOKEN`. */
  tokenId: number | null;
  /** ISO 8601; null: does not end by itself. */
  expiresAt: string | null;
}

/** What the audit log calls whoever signed in. */
export const OPERATOR = 'operator';

/** The caller of every request while sign-in is off. */
export const UNCHECKED_OPERATOR: Caller = {
  actor: OPERATOR,
  scopes: ALL_SCOPES,
  via: 'none',
  sessionId: null,
  tokenId: null,
  expiresAt: null,
};

/** The holder of `AIKORE_TOKEN`. */
export const ENVIRONMENT_TOKEN_CALLER: Caller = {
  ...UNCHECKED_OPERATOR,
  actor: 'environment token',
  via: 'token',
};

/** What it takes to use an application. */
const CHILD_SCOPES = effectiveScopes(['operate']);

/** The operator in a browser that is signed in; by a child session they are there to use an application only. */
export function sessionCaller(session: Session): Caller {
  return {
    actor: OPERATOR,
    scopes: session.parentId === null ? ALL_SCOPES : CHILD_SCOPES,
    via: 'session',
    sessionId: session.id,
    tokenId: null,
    expiresAt: isoOf(session.expiresAtMs),
  };
}
