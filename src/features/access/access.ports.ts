import type { IncomingHttpHeaders } from 'node:http';
import type { InstanceStatus } from '../../contracts/instance.js';
import type { RouteFinder } from './place.js';
import type { Route } from './domain/route.js';

export type { OwnCredentials } from './domain/request-headers.js';

/** A route with what the *starting* page tells about its instance. */
export interface RouteState extends Route {
  name: string;
  status: InstanceStatus;
  statusReason: string;
  phase: string | null;
  /** The last lines of the log, oldest first, as written. */
  lastLines(): Promise<string[]>;
}

/** The instances that can be reached. */
export type RouteSource = RouteFinder<RouteState>;

/** What the gate decides by. */
export interface AccessRequest {
  method: string;
  /** The request target as sent. */
  target: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  isUpgrade: boolean;
  /** The request came over TLS. */
  isSecure: boolean;
  /** Address of the peer. */
  remoteAddress: string;
}

/** Whoever was let in. `token` callers are programs; all others may be browsers, whose pages' origins are checked. */
export interface AccessCaller {
  readonly via: string;
}

/** The sign-in. */
export interface Gate<Caller extends AccessCaller = AccessCaller> {
  /**
   * Who sends this request, or null when nobody is signed in.
   * @throws AppError to refuse for another reason, such as `forbidden` for a token that may not use applications.
   */
  admit(request: AccessRequest): Caller | null;
}

/** Connections to end at once when the caller's session or token is revoked. */
export interface LiveSockets<Caller extends AccessCaller = AccessCaller> {
  /** @returns what is told once the connection has ended by itself. */
  add(caller: Caller, close: () => void): { remove(): void };
}

/** The names that AiKore answers to. */
export interface HostPolicy {
  /** Whether this Host value (with its port, if any) is one of AiKore's. */
  accepts(host: string): boolean;
}
