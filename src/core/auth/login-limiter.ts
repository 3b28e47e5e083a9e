import { AppError } from '../errors.js';
import { addressKey } from './address-key.js';
import type { Clock } from './clock.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './clock.js';

const WINDOW_MS = MINUTE_MS;
const MAX_FAILURES_IN_WINDOW = 5;
const FIRST_BLOCK_MS = MINUTE_MS;
const MAX_BLOCK_MS = 15 * MINUTE_MS;
const FORGET_AFTER_MS = HOUR_MS;
const MAX_FAILURES_OF_ALL_IN_AN_HOUR = 30;
const DELAY_UNDER_ATTACK_MS = SECOND_MS;
const MAX_ADDRESSES = 10_000;

interface AddressRecord {
  /** Times of the failures of the last window. */
  failuresMs: number[];
  lastFailureMs: number;
  /** Attempts that are being checked: they count, else fifty at once would pass before the first has failed. */
  pending: number;
  /** How often it has been blocked; each time takes twice as long. */
  blocks: number;
  blockedUntilMs: number;
}

/** One attempt that may be made. Exactly one of the functions must be called when it is over. */
export interface LoginAttempt {
  /** To be waited before the password is checked. */
  delayMs: number;
  succeeded(): void;
  failed(): void;
  /** It was not checked at all. */
  abandoned(): void;
}

/**
 * Slows down guessing. An address has five failures a minute, then waits one minute, two, four… up to fifteen for each
 * further attempt. More than thirty failures an hour of all addresses together cost everybody one second an attempt and
 * no more: whoever attacks from many addresses must not be able to lock the operator out.
 */
export class LoginLimiter {
  readonly #records = new Map<string, AddressRecord>();
  #failuresOfAllMs: number[] = [];

  constructor(private readonly clock: Clock = Date.now) {}

  /**
   * @param address of the client, or any other name under which to count.
   * @throws AppError `rate_limited`, code TOO_MANY_ATTEMPTS, with `retry_after_seconds`.
   */
  begin(address: string): LoginAttempt {
    const key = addressKey(address);
    const record = this.#recordOf(key);
    const nowMs = this.clock();
    if (nowMs < record.blockedUntilMs) throw tooMany(record.blockedUntilMs - nowMs);
    const allowance = record.blocks > 0 ? 1 : MAX_FAILURES_IN_WINDOW - record.failuresMs.length;
    if (record.pending >= allowance) throw tooMany(SECOND_MS);
    this.#records.set(key, record);
    record.pending += 1;
    return this.#attempt(key, record);
  }

  #attempt(key: string, record: AddressRecord): LoginAttempt {
    return {
      delayMs: this.#isUnderAttack() ? DELAY_UNDER_ATTACK_MS : 0,
      succeeded: () => {
        record.pending -= 1;
        Object.assign(record, { failuresMs: [], blocks: 0, blockedUntilMs: 0 });
        this.#dropIfEmpty(key, record);
      },
      failed: () => {
        record.pending -= 1;
        this.#noteFailure(record);
      },
      abandoned: () => {
        record.pending -= 1;
        this.#dropIfEmpty(key, record);
      },
    };
  }

  #recordOf(key: string): AddressRecord {
    const nowMs = this.clock();
    const known = this.#records.get(key);
    if (known === undefined) {
      this.#makeRoom();
      return { failuresMs: [], lastFailureMs: 0, pending: 0, blocks: 0, blockedUntilMs: 0 };
    }
    if (nowMs - known.lastFailureMs > FORGET_AFTER_MS) known.blocks = 0;
    known.failuresMs = known.failuresMs.filter((timeMs) => nowMs - timeMs < WINDOW_MS);
    return known;
  }

  #noteFailure(record: AddressRecord): void {
    const nowMs = this.clock();
    record.failuresMs.push(nowMs);
    record.lastFailureMs = nowMs;
    // One more than the bound tells all there is to know, and keeps a flood from growing the list.
    this.#failuresOfAllMs = [...this.#failuresOfAllMs, nowMs].slice(-MAX_FAILURES_OF_ALL_IN_AN_HOUR - 1);
    if (record.blocks === 0 && record.failuresMs.length < MAX_FAILURES_IN_WINDOW) return;
    record.blockedUntilMs = nowMs + Math.min(FIRST_BLOCK_MS * 2 ** record.blocks, MAX_BLOCK_MS);
    record.blocks += 1;
  }

  #isUnderAttack(): boolean {
    const sinceMs = this.clock() - HOUR_MS;
    return this.#failuresOfAllMs.filter((timeMs) => timeMs > sinceMs).length > MAX_FAILURES_OF_ALL_IN_AN_HOUR;
  }

  #dropIfEmpty(key: string, record: AddressRecord): void {
    if (record.pending === 0 && record.failuresMs.length === 0 && record.blocks === 0)
      this.#records.delete(key);
  }

  /** Memory stays bounded: the address known longest is forgotten, unless one of its attempts is being checked. */
  #makeRoom(): void {
    if (this.#records.size < MAX_ADDRESSES) return;
    for (const [key, record] of this.#records) {
      if (record.pending > 0) continue;
      this.#records.delete(key);
      return;
    }
  }
}

function tooMany(waitMs: number): AppError {
  const seconds = Math.max(1, Math.ceil(waitMs / SECOND_MS));
  return new AppError(
    'rate_limited',
    'TOO_MANY_ATTEMPTS',
    `Too many failed attempts. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    { retry_after_seconds: seconds },
  );
}
