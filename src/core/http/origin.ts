import { parseHostHeader } from './host-header.js';

/** What a request says about where it comes from. */
export interface RequestOrigin {
  /** The header `Origin`. */
  origin: string | undefined;
  /** The header `Sec-Fetch-Site`; browsers send it on HTTPS and to `localhost` only. */
  secFetchSite: string | undefined;
  /** The host that the browser asked for, already accepted. */
  host: string | undefined;
  /** The browser speaks TLS. */
  isSecure: boolean;
  /** `https://aikore.example.org`: what browsers see where a proxy stands before AiKore; null where none does. */
  publicOrigin: string | null;
}

/**
 * Whether a request says that it comes from elsewhere. One that says nothing (a script's, which no browser sends on
 * behalf of a page) does not.
 */
export function isForeign(request: RequestOrigin): boolean {
  const { origin, secFetchSite } = request;
  if (secFetchSite !== undefined && secFetchSite !== 'same-origin') return true;
  return origin !== undefined && !isOwnOrigin(origin, request);
}

/**
 * Whether a request proves that a page of this very origin (scheme, host and port) made it: `Origin` must be there and
 * equal, `Sec-Fetch-Site` must not contradict. SameSite cookies do not tell: to them all ports of a host are one site.
 */
export function isSameOrigin(request: RequestOrigin): boolean {
  return request.origin !== undefined && !isForeign(request);
}

function isOwnOrigin(origin: string, request: RequestOrigin): boolean {
  if (request.publicOrigin !== null && origin === request.publicOrigin) return true;
  const { host, isSecure } = request;
  if (host === undefined || parseHostHeader(host) === null) return false;
  const scheme = isSecure ? 'https' : 'http';
  return origin === `${scheme}://${host}` || isWithDefaultPort(origin, `${scheme}://${host}`);
}

/** Some proxies name the port that browsers leave out. */
function isWithDefaultPort(origin: string, address: string): boolean {
  return /:(80|443)$/.test(address) && new URL(address).origin === origin;
}
