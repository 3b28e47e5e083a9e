import type { Mount, Route } from './route.js';
import { isUnderMount } from './route.js';

const ABSOLUTE = /^(?:https?:)?\/\/([^/?#\\]*)(.*)$/is;

/**
 * The Location that leads a browser to where the application meant. Applications often know neither their public address
 * nor its scheme, so addresses of the requested host and of the application's own port become paths; in strip mode they
 * do not know their mount either, so paths get it. Other hosts and relative references stay.
 */
export function rewriteLocation(value: string, route: Route, host: string, mount: Mount): string {
  const missing = missingMount(route, mount);
  const absolute = ABSOLUTE.exec(value);
  if (absolute === null) return value.startsWith('/') ? prefixed(value, missing) : value;
  const [, authority = '', rest = ''] = absolute;
  if (!isOwnAuthority(authority, route, host)) return value;
  return prefixed(rest.startsWith('/') ? rest : `/${rest}`, missing);
}

/** What the application does not know to stand before its paths. */
export function missingMount(route: Route, mount: Mount): Mount {
  return route.mode === 'keep' ? '' : mount;
}

function prefixed(path: string, mount: Mount): string {
  return isUnderMount(path, mount) ? path : mount + path;
}

function isOwnAuthority(authority: string, route: Route, host: string): boolean {
  const own = [host, `127.0.0.1:${route.port}`, `localhost:${route.port}`, `[::1]:${route.port}`];
  const wanted = withoutDefaultPort(authority);
  return own.some((candidate) => withoutDefaultPort(candidate) === wanted);
}

function withoutDefaultPort(authority: string): string {
  return authority.toLowerCase().replace(/:(80|443)$/, '');
}
