import { isOriginOfHost } from '../../../core/http/domain/origins.js';

/** What of a request tells which page made it. */
export interface PageTrace {
  host: string;
  origin: string | undefined;
  secFetchSite: string | undefined;
  secFetchMode: string | undefined;
  isUpgrade: boolean;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a page other than the desktop's own made this request. All ports of a host share the cookie, so applications at
 * other ports of it can send requests with the operator's: only what comes from the very origin may open the bridge or
 * change something. Elsewhere pages may link to a desktop and show it in a frame, but load nothing of it themselves.
 * @param isBrowser the caller is known by what browsers add by themselves, so that a handshake must name its page
 */
export function isForeignPage(method: string, trace: PageTrace, isBrowser: boolean): boolean {
  const { origin, secFetchSite: site } = trace;
  if (!trace.isUpgrade && SAFE_METHODS.has(method)) {
    return site !== undefined && !isOwnSite(site) && trace.secFetchMode !== 'navigate';
  }
  if (site !== undefined && site !== 'same-origin') return true;
  if (origin === undefined) return isBrowser;
  return !isOriginOfHost(origin, trace.host);
}

function isOwnSite(site: string): boolean {
  return site === 'same-origin' || site === 'none';
}
