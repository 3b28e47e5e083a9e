import type { Logger } from '../logging.js';

/**
 * Writes that nobody waits for, such as "last seen": a request must not be slow, or fail, because of them. A failure
 * goes to the log.
 */
export class BackgroundWrites {
  readonly #pending = new Set<Promise<void>>();

  constructor(private readonly logger: Logger) {}

  run(what: string, write: () => Promise<unknown>): void {
    const task = write().then(
      () => undefined,
      (error: unknown) => this.logger.warn(`could not write ${what}`, { error }),
    );
    this.#pending.add(task);
    void task.finally(() => this.#pending.delete(task));
  }

  /** Resolves once nothing is under way: to be awaited before the database closes. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}
