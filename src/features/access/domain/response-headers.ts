import { frameAncestors, namesFrames } from './frame-policy.js';
import { rewriteLocation } from './location.js';
import type { RawHeaders } from './raw-headers.js';
import { headerPairs, headerValues, hopByHopNames } from './raw-headers.js';
import { policyForBrowser } from './policy.js';
import type { Mount, Route } from './route.js';
import { OWN_FOLDER } from './route.js';
import { rewriteSetCookie } from './set-cookie.js';

export interface ResponseHeaderContext {
  route: Route;
  mount: Mount;
  /** The browser's Host. */
  host: string;
  isOwnCookie: (name: string) => boolean;
  /** The dashboard's origin, which may frame the application. */
  dashboard: () => string;
  /** The shim is put into the body, which changes its length. */
  isInjected: boolean;
}

/** What one application may not say for an origin that it shares with the others. */
export const NEVER = [
  'service-worker-allowed',
  'clear-site-data',
  'strict-transport-security',
  'alt-svc',
] as const;

/** Names of a body that is no longer the application's byte for byte. */
const OF_THE_BODY = ['content-length', 'content-md5', 'accept-ranges'];

/** The raw headers for the browser. */
export function toBrowser(raw: RawHeaders, context: ResponseHeaderContext): string[] {
  const dropped = hopByHopNames(raw);
  for (const name of [...NEVER, FRAME_OPTIONS]) dropped.add(name);
  if (context.isInjected) for (const name of OF_THE_BODY) dropped.add(name);
  // With both, the length is a lie (RFC 9112, section 6.3).
  if (headerValues(raw, 'transfer-encoding').length > 0) dropped.add('content-length');

  const headers: string[] = [];
  for (const [name, value] of headerPairs(raw)) {
    const key = name.toLowerCase();
    const rewritten = dropped.has(key) ? null : rewriteValue(key, value, context);
    if (rewritten !== null) headers.push(name, rewritten);
  }
  return [...headers, ...policyOfFrameOptions(raw, context)];
}

/** An older word that cannot name the dashboard. It counts where no policy says who may frame the page (CSP3, 6.4.2). */
const FRAME_OPTIONS = 'x-frame-options';

function policyOfFrameOptions(raw: RawHeaders, { dashboard }: ResponseHeaderContext): string[] {
  if (headerValues(raw, FRAME_OPTIONS).length === 0) return [];
  if (headerValues(raw, 'content-security-policy').some(namesFrames)) return [];
  return ['Content-Security-Policy', `frame-ancestors ${frameAncestors(dashboard())}`];
}

function rewriteValue(key: string, value: string, context: ResponseHeaderContext): string | null {
  switch (key) {
    case 'location':
      return rewriteLocation(value, context.route, context.host, context.mount);
    case 'set-cookie':
      return rewriteSetCookie(value, context.mount, context.isOwnCookie);
    case 'content-security-policy':
      return policyForBrowser(
        value,
        frameAncestors(context.dashboard()),
        context.isInjected ? shimSource(context) : null,
      );
    case 'referrer-policy':
      return usableReferrerPolicy(value);
    default:
      return value;
  }
}

/** Own files below the prefix, as a policy names them. */
function shimSource({ host, mount }: ResponseHeaderContext): string {
  return `${host}${mount}${OWN_FOLDER}`;
}

/** Policies under which the Referer of a request to the same origin lacks the path, which the redirect rule reads. */
const PATHLESS = new Set(['no-referrer', 'origin', 'strict-origin']);

function usableReferrerPolicy(value: string): string {
  // Of a list the last policy that the browser knows counts; the others are for older ones.
  const last = value.split(',').at(-1)?.trim().toLowerCase() ?? '';
  return PATHLESS.has(last) ? 'same-origin' : value;
}
