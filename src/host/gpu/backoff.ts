/** Pauses that double with every failure in a row. */
export class Backoff {
  private pauseMs = 0;
  private restUntilMs = -Infinity;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  get isResting(): boolean {
    return this.monotonicMs() < this.restUntilMs;
  }

  failed(): void {
    this.pauseMs = this.pauseMs === 0 ? this.firstMs : Math.min(this.longestMs, this.pauseMs * 2);
    this.restUntilMs = this.monotonicMs() + this.pauseMs;
  }

  succeeded(): void {
    this.pauseMs = 0;
    this.restUntilMs = -Infinity;
  }
}
