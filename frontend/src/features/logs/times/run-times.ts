import type { LogTime, LogTimes } from '../../../../../src/contracts/logs.js';

/** Times of one answer are many; a stretch that needs more answers than this is not on a screen. */
const MOST_ANSWERS = 4;

export type FetchTimes = (run: number, offset: number, limit: number) => Promise<LogTimes>;

/** When one stretch of a run's log was printed. */
export class RunTimes {
  private entries: LogTime[] = [];
  private from = 0;
  private to = 0;

  constructor(
    private readonly run: number,
    private readonly fetch: FetchTimes,
  ) {}

  /** Milliseconds since 1970, or null where it is not known. */
  at(offset: number): number | null {
    if (offset < this.from || offset >= this.to) return null;
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle]?.offset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.entries[low - 1]?.at_ms ?? null;
  }

  /** Fetches what is not known of a stretch; what it already knows of its beginning stays. @throws ApiError */
  async cover(from: number, to: number): Promise<void> {
    if (from >= this.from && to <= this.to) return;
    const goesOn = from >= this.from && from <= this.to && this.entries.length > 0;
    // The last time may be of a line that was printed before its own time was noted.
    const known = goesOn ? this.entries.slice(0, -1).filter(({ offset }) => offset >= from) : [];
    const start = goesOn ? Math.max(from, this.entries.at(-1)?.offset ?? from) : from;
    const before = goesOn ? this.entries.findLast(({ offset }) => offset < from) : undefined;
    const fresh = await this.fetchAll(start, to);
    this.entries = [...(before ? [before] : []), ...known, ...fresh];
    this.from = from;
    this.to = to;
  }

  private async fetchAll(from: number, to: number): Promise<LogTime[]> {
    const entries: LogTime[] = [];
    let offset: number | null = from;
    for (let count = 0; offset !== null && count < MOST_ANSWERS; count += 1) {
      const answer: LogTimes = await this.fetch(this.run, offset, Math.max(1, to - offset));
      const last = entries.at(-1)?.offset ?? -1;
      entries.push(...answer.entries.filter((entry) => entry.offset > last));
      offset = answer.next_offset;
    }
    return entries;
  }
}
