import type { ServerEvent } from '../../../src/contracts/events.js';

/** `gap`: events were lost, the client must connect anew. */
export type Verdict = 'apply' | 'gap';

/** Watches the numbers of one connection's events. */
export class SequenceGate {
  private last: number | null = null;

  accept(event: Pick<ServerEvent, 'type' | 'seq'>): Verdict {
    if (event.type === 'snapshot') {
      this.last = event.seq;
      return 'apply';
    }
    if (this.last === null) return 'gap';
    // Pieces of logs go to their subscribers only and repeat the number of the event before them.
    if (event.type === 'log.appended') return event.seq > this.last ? 'gap' : 'apply';
    if (event.seq !== this.last + 1) return 'gap';
    this.last = event.seq;
    return 'apply';
  }
}

const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 10_000;

/**
 * How long to wait before the attempt after `failures` failed ones, in milliseconds. `random` (0–1) spreads the browsers of a
 * restarted server over time.
 */
export function reconnectDelayMs(failures: number, random: number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(full * (0.6 + 0.4 * random));
}

const SHORTEST_SILENCE_MS = 20_000;
/** Figures come every few seconds, however busy the machine is. */
const SILENCE_OF_UNKNOWN_RHYTHM_MS = 60_000;

/**
 * How long a connection may be silent before it counts as dead, from the longest pause seen between figures; null is an
 * unknown rhythm. A laptop that slept keeps a socket that never says it is closed.
 */
export function silenceLimitMs(longestPauseMs: number | null): number {
  if (longestPauseMs === null) return SILENCE_OF_UNKNOWN_RHYTHM_MS;
  return Math.max(SHORTEST_SILENCE_MS, longestPauseMs * 6);
}
