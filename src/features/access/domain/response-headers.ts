import { rewriteLocation } from './location.js';
import type { RawHeaders } from './raw-headers.js';
import { headerPairs, headerValues, hopByHopNames } from './raw-headers.js';
import type { Mount, Route } from './route.js';
import { rewriteSetCookie } from './set-cookie.js';

export interface ResponseHeaderContext {
  route: Route;
  mount: Mount;
  /** The browser's Host. */
  host: string;
  isOwnCookie: (name: string) => boolean;
  /** The shim is put into the body, which changes its length. */
  isInjected: boolean;
}

/** What one application may not say for an origin that it shares with the others, or that forbids the dashboard's frame. */
const NEVER = [
  'service-worker-allowed',
  'clear-site-data',
  'strict-transport-security',
  'alt-svc',
  'x-frame-options',
];

/** Names of a body that is no longer the application's byte for byte. */
const OF_THE_BODY = ['content-length', 'content-md5', 'accept-ranges'];

/** The raw headers for the browser. */
export function toBrowser(raw: RawHeaders, context: ResponseHeaderContext): string[] {
  const dropped = hopByHopNames(raw);
  for (const name of NEVER) dropped.add(name);
  if (context.isInjected) for (const name of OF_THE_BODY) dropped.add(name);
  // With both, the length is a lie (RFC 9112, section 6.3).
  if (headerValues(raw, 'transfer-encoding').length > 0) dropped.add('content-length');

  const headers: string[] = [];
  for (const [name, value] of headerPairs(raw)) {
    const key = name.toLowerCase();
    const rewritten = dropped.has(key) ? null : rewriteValue(key, value, context);
    if (rewritten !== null) headers.push(name, rewritten);
  }
  return headers;
}

function rewriteValue(key: string, value: string, context: ResponseHeaderContext): string | null {
  switch (key) {
    case 'location':
      return rewriteLocation(value, context.route, context.host, context.mount);
    case 'set-cookie':
      return rewriteSetCookie(value, context.mount, context.isOwnCookie);
    case 'content-security-policy':
      return withoutFrameAncestors(value);
    case 'referrer-policy':
      return usableReferrerPolicy(value);
    default:
      return value;
  }
}

function withoutFrameAncestors(value: string): string | null {
  const policies = value.split(',').map((policy) =>
    policy
      .split(';')
      .filter((directive) => !/^\s*frame-ancestors(\s|$)/i.test(directive))
      .join(';'),
  );
  const kept = policies.filter((policy) => policy.trim() !== '');
  return kept.length === 0 ? null : kept.join(',');
}

/** Policies under which the Referer of a request to the same origin lacks the path, which the redirect rule reads. */
const PATHLESS = new Set(['no-referrer', 'origin', 'strict-origin']);

function usableReferrerPolicy(value: string): string {
  // Of a list the last policy that the browser knows counts; the others are for older ones.
  const last = value.split(',').at(-1)?.trim().toLowerCase() ?? '';
  return PATHLESS.has(last) ? 'same-origin' : value;
}
