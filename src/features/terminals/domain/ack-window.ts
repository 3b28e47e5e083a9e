/** How much output a viewer may have unread, in bytes. */
export const FIRST_WINDOW_BYTES = 256 * 1024;
export const SMALLEST_WINDOW_BYTES = 64 * 1024;
export const LARGEST_WINDOW_BYTES = 1024 * 1024;

/**
 * What a viewer needs this long for keeps it busy. More would only lie in queues, those that a page's other terminals wait in too: with
 * 30 ms a key's echo beside four floods took two to three times as long (row P4 of the benchmarks), and nothing was faster.
 */
const WORK_MS = 8;
/** A measurement of less is noise. */
const SAMPLE_MS = 5;
const SAMPLE_BYTES = 16 * 1024;
/** Weight of the newest measurement. */
const FRESHNESS = 0.3;

/**
 * The flow of output to one viewer, who acknowledges what it has worked up. As much may be on the way as it works up in
 * 8 ms, besides what the way itself holds, so that the window neither starves a quick viewer nor makes a slow one lag.
 * Counts are cumulative, so that a lost or doubled acknowledgement does no harm.
 */
export class AckWindow {
  private windowBytes = FIRST_WINDOW_BYTES;
  private sentBytes = 0;
  private ackedBytes = 0;
  private rateBytesPerMs = 0;
  /** Under load every way seems long: only the shortest that was ever seen is the way itself. */
  private shortestDelayMs = Number.POSITIVE_INFINITY;
  /** Output whose acknowledgement tells how long the way is. */
  private probe: { untilBytes: number; sentMs: number } | null = null;
  private sample: { fromBytes: number; fromMs: number; isFull: boolean } | null = null;

  /** Bytes that may be sent altogether. */
  get limitBytes(): number {
    return this.ackedBytes + this.windowBytes;
  }

  get sizeBytes(): number {
    return this.windowBytes;
  }

  /** Sent and not acknowledged. */
  get pendingBytes(): number {
    return this.sentBytes - this.ackedBytes;
  }

  sent(bytes: number, nowMs: number): void {
    this.sample ??= { fromBytes: this.ackedBytes, fromMs: nowMs, isFull: false };
    this.sentBytes += bytes;
    if (this.isFilled) this.sample.isFull = true;
    this.probe ??= { untilBytes: this.sentBytes, sentMs: nowMs };
  }

  /**
   * @param totalBytes everything that the viewer has worked up so far; more than was sent counts as all of it
   * @param waitingBytes of what was sent that have not left this machine: nobody can have worked them up
   * @returns false for a count that goes back, which is ignored
   */
  acknowledged(totalBytes: number, nowMs: number, waitingBytes = 0): boolean {
    const left = Math.max(this.ackedBytes, this.sentBytes - waitingBytes);
    const acked = Math.min(totalBytes, left);
    if (!(acked > this.ackedBytes)) return acked === this.ackedBytes;
    this.ackedBytes = acked;
    this.measureDelay(nowMs);
    this.measureRate(nowMs);
    return true;
  }

  private measureDelay(nowMs: number): void {
    if (this.probe === null || this.ackedBytes < this.probe.untilBytes) return;
    const delayMs = nowMs - this.probe.sentMs;
    this.shortestDelayMs = Math.min(delayMs, this.shortestDelayMs);
    this.probe = null;
  }

  private measureRate(nowMs: number): void {
    if (this.sample === null) return;
    const { fromBytes, fromMs, isFull } = this.sample;
    const bytes = this.ackedBytes - fromBytes;
    const elapsedMs = nowMs - fromMs;
    // Where the way is long, acknowledgements come in bursts of a window: the first of one alone would tell of a slow viewer.
    const isRound = bytes >= this.windowBytes || this.pendingBytes === 0;
    const isWhole = isRound && elapsedMs >= SAMPLE_MS && bytes >= SAMPLE_BYTES;
    // A viewer that was never kept waiting says nothing about how much it could take.
    if (isWhole && isFull) this.adapt(bytes / elapsedMs);
    if (this.pendingBytes === 0) this.sample = null;
    else if (isWhole) this.sample = { fromBytes: this.ackedBytes, fromMs: nowMs, isFull: this.isFilled };
  }

  /** So much is on the way that the window, not the program, sets the pace. */
  private get isFilled(): boolean {
    return this.pendingBytes >= this.windowBytes / 2;
  }

  private adapt(rateBytesPerMs: number): void {
    this.rateBytesPerMs =
      this.rateBytesPerMs === 0
        ? rateBytesPerMs
        : this.rateBytesPerMs * (1 - FRESHNESS) + rateBytesPerMs * FRESHNESS;
    const delayMs = Number.isFinite(this.shortestDelayMs) ? this.shortestDelayMs : 0;
    const wantedBytes = this.rateBytesPerMs * (WORK_MS + delayMs);
    this.windowBytes = Math.round(
      Math.min(Math.max(wantedBytes, SMALLEST_WINDOW_BYTES), LARGEST_WINDOW_BYTES),
    );
  }
}
