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

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= this.width) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return await task();
    } finally {
      // Whoever is next takes over this one's place.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
