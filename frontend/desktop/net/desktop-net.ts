import type { DesktopStatus } from '../../../src/contracts/desktop.js';

/** What asking for the state came to. */
export type Asked =
  | { kind: 'status'; status: DesktopStatus }
  /** The server has a page for that: to be loaded anew. */
  | { kind: 'signed-out' }
  | { kind: 'gone' }
  | { kind: 'away' };

const ASK_LIMIT_MS = 10_000;

/** Asks for the state of the desktop. Never rejects. */
export async function askStatus(): Promise<Asked> {
  try {
    const answer = await fetch('/.aikore/status', {
      cache: 'no-store',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(ASK_LIMIT_MS),
    });
    if (answer.status === 401) return { kind: 'signed-out' };
    if (answer.status === 404) return { kind: 'gone' };
    if (!answer.ok) return { kind: 'away' };
    return { kind: 'status', status: (await answer.json()) as DesktopStatus };
  } catch {
    return { kind: 'away' };
  }
}

/** Opens the way to the display. */
export function openBridge(): WebSocket {
  return new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/websockify`);
}

/** How a bridge that is closed tells why. */
export const CLOSE_CODES = { signedOut: 4401, noDesktop: 4404, tooManyViewers: 4429 } as const;

/** KasmVNC's own page, which has a protocol of its own; its folder lies at the root of this address. */
export const KASM_PAGE = '/vnc.html?autoconnect=1&resize=remote&path=websockify';
