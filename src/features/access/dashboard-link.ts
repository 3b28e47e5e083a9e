import { parseHostHeader } from '../../core/http/host-header.js';
import type { Origins, Seen } from '../../core/http/domain/origins.js';
import { dashboardOrigin } from '../../core/http/domain/origins.js';

/** What is known about where the dashboard is. */
export interface DashboardClues {
  origins: Origins;
  /** Where a signed-in browser used it last: this one, or else any. */
  remembered: string | null;
  /** Whether an application has this name (a `Host` value) to itself, so that the dashboard cannot have it. */
  isOwnName: (host: string) => boolean;
}

/**
 * Where the browser that asked for this host finds the dashboard: under the same name, unless that is an application's.
 * Null where nobody can tell.
 */
export function dashboardLink(seen: Seen, clues: DashboardClues): string | null {
  const { origins, isOwnName } = clues;
  if (origins.publicUrl !== null || !isOwnName(seen.host)) return dashboardOrigin(seen, origins);
  const remembered =
    clues.remembered !== null && isUsable(clues.remembered, isOwnName) ? clues.remembered : null;
  // These names mean the machine that the browser runs on, whatever the dashboard is called elsewhere.
  if (!nameOf(seen.host).endsWith('.localhost')) return remembered;
  return remembered !== null && isLoopback(new URL(remembered).hostname)
    ? remembered
    : dashboardOrigin({ host: 'localhost', isSecure: seen.isSecure }, origins);
}

/** A name under which the dashboard was used may have become an application's since. */
function isUsable(origin: string, isOwnName: (host: string) => boolean): boolean {
  return URL.canParse(origin) && !isOwnName(new URL(origin).host);
}

function nameOf(host: string): string {
  return parseHostHeader(host)?.hostname ?? '';
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
