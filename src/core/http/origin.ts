import { parseHostHeader } from './host-header.js';

/** What a request says about where it comes from. */
export interface RequestOrigin {
  /** The header `Origin`. */
  origin: string | undefined;
  /** The header `Sec-Fetch-Site`; browsers send it on HTTPS and to `localhost` only. */
  secFetchSite: string | undefined;
  /** The header `Host`, already accepted. */
  host: string | undefined;
  /** The request came over TLS. */
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
  return origin === `${isSecure ? 'https' : 'http'}://${host}`;
}
