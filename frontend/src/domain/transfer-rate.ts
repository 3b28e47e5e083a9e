/** How far back a speed looks: long enough to be calm, short enough to notice a disk that became slow. */
const WINDOW_MS = 12_000;
/** Below this a speed would be a guess. */
const SHORTEST_MS = 1_500;

interface Sample {
  bytes: number;
  atMs: number;
}

/** The speed of something that tells now and then how many bytes are done. */
export class TransferRate {
  private samples: Sample[] = [];

  /** A figure below the one before begins anew: it is of other work. */
  add(bytes: number, atMs: number): void {
    const last = this.samples.at(-1);
    if (last && bytes < last.bytes) this.samples = [];
    this.samples = [...this.samples.filter((sample) => atMs - sample.atMs <= WINDOW_MS), { bytes, atMs }];
  }

  /** Bytes in a second; null while nobody can tell. */
  get bytesPerSecond(): number | null {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.atMs - first.atMs < SHORTEST_MS) return null;
    return ((last.bytes - first.bytes) / (last.atMs - first.atMs)) * 1000;
  }
}

/** Milliseconds until all is done at this speed; null while nobody can tell. */
export function timeLeftMs(
  doneBytes: number,
  totalBytes: number | null,
  bytesPerSecond: number | null,
): number | null {
  if (totalBytes === null || bytesPerSecond === null || bytesPerSecond <= 0) return null;
  return (Math.max(0, totalBytes - doneBytes) / bytesPerSecond) * 1000;
}
