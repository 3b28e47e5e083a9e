import type { IncomingHttpHeaders } from 'node:http';
import type { Scope } from '../../contracts/auth.js';
import { AppError } from '../errors.js';
import type { HostPolicy } from '../http/host-policy.js';
import type { RequestOrigin } from '../http/origin.js';
import { isForeign, isSameOrigin } from '../http/origin.js';
import type { Logger } from '../logging.js';
import { notSignedIn } from './auth.errors.js';
import type { Audience, Authenticator } from './authenticator.js';
import { hasBearerScheme } from './bearer.js';
import type { Caller } from './caller.js';
import type { GateRequest } from './gate-request.js';
import { repeatedHeader } from './gate-request.js';

/** What a route asks of its caller. */
export type Requirement = 'public' | Scope;

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The one place that decides who passes, for every method, path and handshake. It refuses by throwing:
 * `misdirected` UNKNOWN_HOST, `malformed` AMBIGUOUS_REQUEST, `unauthenticated` NOT_SIGNED_IN,
 * `forbidden` FOREIGN_ORIGIN or SCOPE_MISSING.
 */
export class Gate {
  constructor(
    private readonly hosts: HostPolicy,
    private readonly authenticator: Pick<Authenticator, 'authenticate'>,
    private readonly publicUrl: URL | null,
    private readonly logger: Logger,
  ) {}

  /** For everything that AiKore itself answers. @returns null only for what is public. */
  admit(request: GateRequest, requirement: Scope): Caller;
  admit(request: GateRequest, requirement: Requirement): Caller | null;
  admit(request: GateRequest, requirement: Requirement): Caller | null {
    return this.#noting(request, () => {
      this.#requireKnownShape(request);
      if (requirement === 'public') return this.#admitAnybody(request);
      const caller = this.#requireCaller(request, 'aikore');
      this.#requireOwnOrigin(request, caller);
      requireScope(caller, requirement);
      return caller;
    });
  }

  /**
   * For what is passed on to an application. Which origins may drive an application is for the one to check who knows
   * its address; host, sign-in and scope are checked here.
   * @param ownHostname the name that the application was asked by, where it has one to itself.
   */
  admitToApplication(request: GateRequest, requirement: Scope, ownHostname: string | null = null): Caller {
    return this.#noting(request, () => {
      this.#requireKnownShape(request);
      const audience = ownHostname === null ? 'application' : { hostname: ownHostname };
      const caller = this.#requireCaller(request, audience);
      requireScope(caller, requirement);
      return caller;
    });
  }

  #requireKnownShape(request: GateRequest): void {
    const repeated = repeatedHeader(request.rawHeaders);
    if (repeated !== null) throw ambiguous(`The header ${repeated} was sent more than once.`);
    this.hosts.require(request.host);
    // `GET http://other.example/ HTTP/1.1` names a second host beside the header.
    if (!request.target.startsWith('/')) throw ambiguous('The address of a request begins with a slash.');
    // No browser sends a fragment; what stands behind it is a part of the path to one program and none to another.
    if (request.target.includes('#')) throw ambiguous('The address of a request has no fragment.');
  }

  /** A foreign page that signs its visitor in would make them work in somebody else's name. */
  #admitAnybody(request: GateRequest): Caller | null {
    const isUnsafe = request.isUpgrade || !SAFE_METHODS.has(request.method);
    if (isUnsafe && isForeign(this.#originOf(request))) throw foreignOrigin();
    return this.authenticator.authenticate(request.headers);
  }

  #requireCaller(request: GateRequest, audience: Audience): Caller {
    const caller = this.authenticator.authenticate(request.headers, audience);
    if (caller !== null) return caller;
    throw notSignedIn(
      hasBearerScheme(request.headers.authorization)
        ? 'The bearer token is unknown, deleted or has expired.'
        : 'Sign in first.',
    );
  }

  /**
   * What a browser adds by itself (a cookie; with sign-in off, nothing at all) proves nothing about the page that made
   * the request. A bearer token does: no page can add it without knowing it.
   */
  #requireOwnOrigin(request: GateRequest, caller: Caller): void {
    if (caller.via === 'token') return;
    const origin = this.#originOf(request);
    if (!request.isUpgrade && SAFE_METHODS.has(request.method)) {
      if (isForeignFetch(request.headers)) throw foreignOrigin();
      return;
    }
    // With sign-in off there is no token for a script to send; browsers always name the origin of such requests.
    const isFine = caller.via === 'none' ? !isForeign(origin) : isSameOrigin(origin);
    if (!isFine) throw foreignOrigin();
  }

  #originOf(request: GateRequest): RequestOrigin {
    return {
      origin: request.headers.origin,
      secFetchSite: headerOf(request.headers, 'sec-fetch-site'),
      host: request.host,
      isSecure: request.isSecure,
      publicOrigin: this.publicUrl?.origin ?? null,
    };
  }

  #noting<T>(request: GateRequest, decide: () => T): T {
    try {
      return decide();
    } catch (error) {
      if (error instanceof AppError) {
        this.logger.debug('refused a request', {
          code: error.code,
          from: request.remoteAddress,
          method: request.method,
        });
      }
      throw error;
    }
  }
}

/** A page of elsewhere may link to AiKore, but not load its answers as scripts, images or by fetch. */
function isForeignFetch(headers: IncomingHttpHeaders): boolean {
  const site = headerOf(headers, 'sec-fetch-site');
  const isFromElsewhere = site !== undefined && site !== 'same-origin' && site !== 'none';
  return isFromElsewhere && headerOf(headers, 'sec-fetch-mode') !== 'navigate';
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.has(scope)) return;
  throw new AppError('forbidden', 'SCOPE_MISSING', `This needs a token with the scope "${scope}".`, {
    scope,
  });
}

function foreignOrigin(): AppError {
  return new AppError(
    'forbidden',
    'FOREIGN_ORIGIN',
    "This request did not come from AiKore's own page. If a proxy stands before AiKore, set AIKORE_PUBLIC_URL to the address that the browser shows, or name the proxy in AIKORE_TRUSTED_PROXIES.",
  );
}

function ambiguous(sentence: string): AppError {
  return new AppError('malformed', 'AMBIGUOUS_REQUEST', sentence);
}
