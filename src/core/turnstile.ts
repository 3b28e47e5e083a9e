/** Lets so many tasks at a time through, in the order of asking. */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(
    private readonly width: number,
    private readonly maxWaiting: number,
  ) {}

  /** So many wait already that another would wait in vain. */
  get isFull(): boolean {
    return this.waiting.length >= this.maxWaiting;
  }

  /**
   * @param signal aborted: whoever waited leaves the queue
   * @returns null for a task that was abandoned before its turn
   */
  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T | null> {
    if (this.running < this.width) this.running += 1;
    else if (!(await this.wait(signal))) return null;
    try {
      return await task();
    } finally {
      // Whoever is next takes over this one's place.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }

  /** @returns false when it was abandoned meanwhile */
  private wait(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const enter = (): void => resolve(true);
      this.waiting.push(enter);
      const leave = (): void => {
        const place = this.waiting.indexOf(enter);
        if (place < 0) return;
        this.waiting.splice(place, 1);
        resolve(false);
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
  }
}
