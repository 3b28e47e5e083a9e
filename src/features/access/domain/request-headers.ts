import type { RawHeaders } from './raw-headers.js';
import { headerPairs, headerValue, headerValues, hopByHopNames } from './raw-headers.js';
import type { Mount, Route } from './route.js';

/** Tells AiKore's own credentials from the application's. */
export interface OwnCredentials {
  /** A Cookie header without AiKore's cookies; undefined when nothing is left. */
  removeOwnCookies(header: string): string | undefined;
  isOwnCookieName(name: string): boolean;
  /** Whether an Authorization value carries a token of AiKore's. */
  isOwnBearer(authorization: string): boolean;
}

export interface RequestHeaderContext {
  route: Route;
  mount: Mount;
  credentials: OwnCredentials;
  /** Address of the browser's side of the connection. */
  remoteAddress: string;
  /** The scheme that the browser used. */
  protocol: 'http' | 'https';
  /** The answer may get the shim, so it must come as plain text. */
  isShimWanted: boolean;
  /** The protocol to change to (`websocket`), or null for a plain request. */
  upgrade: string | null;
}

/** Set by the proxy alone; what a client claims here would be believed by applications. */
const FORWARDING = /^(x-forwarded(-.*)?|x-real-ip|forwarded)$/;

/** Bodiless requests of these methods carry no length; others say 0, for some servers wait for a body otherwise. */
const METHODS_WITHOUT_LENGTH = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE']);

/** The raw headers for the application. Host stays the browser's: ComfyUI compares it with Origin. */
export function toApplication(method: string, raw: RawHeaders, context: RequestHeaderContext): string[] {
  const dropped = hopByHopNames(raw);
  // Expect is answered by the proxy itself.
  dropped.add('expect');
  if (context.isShimWanted) dropped.add('accept-encoding');
  if (isForeignNavigation(method, raw)) dropped.add('sec-fetch-site');
  const isChunked = headerValues(raw, 'transfer-encoding').length > 0;
  if (isChunked) dropped.add('content-length');

  const headers: string[] = [];
  for (const [name, value] of headerPairs(raw)) {
    const key = name.toLowerCase();
    // CGI-style servers see `X_Forwarded_For` and `X-Forwarded-For` as one variable; NGINX drops such names as well.
    if (dropped.has(key) || FORWARDING.test(key) || key.includes('_')) continue;
    const kept = withoutOwnCredentials(key, value, context.credentials);
    if (kept !== null) headers.push(name, kept);
  }
  headers.push(...forwardingHeaders(raw, context));
  if (isChunked) headers.push('Transfer-Encoding', 'chunked');
  else if (!METHODS_WITHOUT_LENGTH.has(method) && headerValue(raw, 'content-length') === undefined) {
    headers.push('Content-Length', '0');
  }
  // `close` would make many servers that answer an upload early reset the connection, and the answer with it.
  if (context.upgrade === null) headers.push('Connection', 'keep-alive');
  else headers.push('Connection', 'Upgrade', 'Upgrade', context.upgrade);
  return headers;
}

function withoutOwnCredentials(key: string, value: string, credentials: OwnCredentials): string | null {
  if (key === 'cookie') return credentials.removeOwnCookies(value) ?? null;
  if (key === 'authorization') return credentials.isOwnBearer(value) ? null : value;
  return value;
}

function forwardingHeaders(raw: RawHeaders, context: RequestHeaderContext): string[] {
  const address = context.remoteAddress.replace(/^::ffff:(?=\d)/, '');
  const headers = ['X-Forwarded-For', address, 'X-Real-IP', address];
  headers.push('X-Forwarded-Host', headerValue(raw, 'host') ?? '', 'X-Forwarded-Proto', context.protocol);
  // An application that gets the whole path would add the prefix a second time.
  if (context.route.mode === 'strip' && context.mount !== '')
    headers.push('X-Forwarded-Prefix', context.mount);
  return headers;
}

/**
 * Following a link from another site is not an attack, and whoever follows it is signed in here. ComfyUI answers 403 to
 * every request marked cross-site, navigations included (ComfyUI issue 16203).
 */
function isForeignNavigation(method: string, raw: RawHeaders): boolean {
  if (method !== 'GET' || headerValue(raw, 'sec-fetch-site') !== 'cross-site') return false;
  return (
    headerValue(raw, 'sec-fetch-mode') === 'navigate' && headerValue(raw, 'sec-fetch-dest') === 'document'
  );
}
