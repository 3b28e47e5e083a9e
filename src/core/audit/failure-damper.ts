import type { Clock } from '../auth/clock.js';
import { MINUTE_MS } from '../auth/clock.js';

/** Far more addresses than sign in by mistake. */
const MOST_ADDRESSES = 1000;

/** So many failures of one address and one kind are told of in a minute; the rest is counted. */
const TOLD_A_MINUTE = 5;

interface Window {
  startedAtMs: number;
  told: number;
  untold: number;
}

/** Keeps somebody who tries passwords from filling the audit log: of one kind only some a minute are told of. */
export class FailureDamper {
  readonly #windows = new Map<string, Window>();

  constructor(private readonly clock: Clock) {}

  /** @returns null when this one is not told of, else how many were left out before it */
  admit(key: string): number | null {
    const nowMs = this.clock();
    const window = this.#windows.get(key);
    if (window === undefined || nowMs - window.startedAtMs >= MINUTE_MS) {
      this.#windows.delete(key);
      this.#makeRoom();
      this.#windows.set(key, { startedAtMs: nowMs, told: 1, untold: 0 });
      return window?.untold ?? 0;
    }
    if (window.told < TOLD_A_MINUTE) {
      window.told += 1;
      return 0;
    }
    window.untold += 1;
    return null;
  }

  /** The one whose minute began first goes. */
  #makeRoom(): void {
    const oldest = this.#windows.keys().next();
    if (this.#windows.size >= MOST_ADDRESSES && oldest.done !== true) this.#windows.delete(oldest.value);
  }
}
