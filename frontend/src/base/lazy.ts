/** Something that is fetched when it is first asked for, such as a chunk of code. What failed is tried again at the next asking. */
export class Lazy<T> {
  private present: Promise<T> | null = null;

  constructor(private readonly load: () => Promise<T>) {}

  /** @throws whatever the loading does */
  get(): Promise<T> {
    this.present ??= this.load().catch((error: unknown) => {
      this.present = null;
      throw error;
    });
    return this.present;
  }

  /** Fetches it while nothing else is to do; a failure shows when it is asked for. */
  prefetch(): void {
    whenIdle(() => void this.attempt());
  }

  private async attempt(): Promise<void> {
    try {
      await this.get();
    } catch {
      return;
    }
  }
}

const IDLE_WITHIN_MS = 2000;

/** Runs something when the page has nothing else to do. Safari has no requestIdleCallback. */
export function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: IDLE_WITHIN_MS });
  else setTimeout(run, IDLE_WITHIN_MS);
}
