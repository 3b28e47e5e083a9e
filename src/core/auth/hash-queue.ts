import { AppError } from '../errors.js';

const RETRY_AFTER_SECONDS = 1;

/**
 * Runs few jobs at once and lets few wait. A password hash takes 19 MiB and a core for some 50 ms, and anybody may ask
 * for one: without a bound, a flood of sign-ins would take the machine.
 */
export class HashQueue {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly maxRunning = 2,
    private readonly maxWaiting = 20,
  ) {}

  /** @throws AppError `rate_limited`, code TOO_MANY_ATTEMPTS, when too many wait already. */
  async run<T>(job: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await job();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.maxRunning) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.maxWaiting) {
      throw new AppError(
        'rate_limited',
        'TOO_MANY_ATTEMPTS',
        'Too many sign-ins are being checked right now. Try again in a second.',
        { retry_after_seconds: RETRY_AFTER_SECONDS },
      );
    }
    // The place is handed over by #leave, so #running stays as it is.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
