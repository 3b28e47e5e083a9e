import type { Instance } from '../../../src/contracts/instance.js';

/** How an application can be shown inside the dashboard. */
export type Embedding =
  | { kind: 'here'; url: string }
  /** The sign-in does not go along into the frame of another site; `isAllowed` says whether it may be tried. */
  | { kind: 'other-site'; url: string; isAllowed: boolean }
  | { kind: 'none' };

/**
 * @param pageUrl address of the dashboard
 * @param appsUrl address of the applications' origin, the only other one that the page's policy lets it embed
 */
export function embeddingOf(address: string, pageUrl: string, appsUrl: string | null): Embedding {
  if (!URL.canParse(address)) return { kind: 'none' };
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { kind: 'none' };
  const page = new URL(pageUrl);
  // Browsers show nothing unencrypted inside a page that came encrypted.
  const isMixed = page.protocol === 'https:' && url.protocol === 'http:';
  if (url.hostname === page.hostname && !isMixed) return { kind: 'here', url: url.href };
  const isApps = appsUrl !== null && URL.canParse(appsUrl) && new URL(appsUrl).origin === url.origin;
  return { kind: 'other-site', url: url.href, isAllowed: isApps && !isMixed };
}

/** Whether its address leads to something that can be looked at: the application, or the page that waits for it. */
export function isWorthEmbedding({ status }: Pick<Instance, 'status'>): boolean {
  return status === 'queued' || status === 'starting' || status === 'started' || status === 'stalled';
}
