import type { LogHit, LogSearchResult } from '../../../../../src/contracts/instance.js';
import { Emitter } from '../../../base/observable.js';
import type { LogSearchWish } from '../../../net/api.js';
import { isBefore } from '../screen/place.js';
import type { Place } from '../screen/place.js';

/** A line that holds the text: where it begins and where the match is. */
export interface Found extends Place {
  readonly lineOffset: number;
}

/** Nobody walks through more, and all have to be kept. */
export const MOST_FOUND = 10_000;
/** While output flows it is searched at this pace. */
const GROWTH_PERIOD_MS = 2000;

export type SearchLogs = (wish: LogSearchWish) => Promise<LogSearchResult>;
export type Wish = Omit<LogSearchWish, 'from'>;

/** Has the server search whole logs, piece by piece, and goes on with what is printed later. Keeps the places in order. */
export class Finder {
  /** What is known changed. */
  readonly changed = new Emitter<void>();
  private found: Found[] = [];
  private wish: Wish | null = null;
  /** Where to look for what is printed later. */
  private resume: string | null = null;
  private isBusy = false;
  private generation = 0;
  private timer: number | null = null;

  constructor(
    private readonly search: SearchLogs,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  get hits(): readonly Found[] {
    return this.found;
  }

  /** More may come. */
  get isSearching(): boolean {
    return this.isBusy;
  }

  /** There are more than are kept. */
  get isCapped(): boolean {
    return this.found.length >= MOST_FOUND;
  }

  /** Begins anew; null ends the search. */
  async start(wish: Wish | null): Promise<void> {
    this.stop();
    this.wish = wish;
    if (wish === null) this.changed.fire();
    else await this.searchOn(wish, null);
  }

  /** Something was printed; it is searched a little later. */
  noteGrowth(): void {
    if (this.timer !== null || this.resume === null || this.isCapped) return;
    this.timer = window.setTimeout(() => {
      this.timer = null;
      if (this.wish && this.resume !== null && !this.isBusy) void this.searchOn(this.wish, this.resume);
    }, GROWTH_PERIOD_MS);
  }

  stop(): void {
    this.generation += 1;
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.timer = null;
    this.found = [];
    this.resume = null;
    this.wish = null;
    this.isBusy = false;
  }

  /** Index of the first hit at or behind a place; their number when there is none. */
  indexFrom(place: Place): number {
    let low = 0;
    let high = this.found.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const hit = this.found[middle];
      if (hit && isBefore(hit, place)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private async searchOn(wish: Wish, start: string | null): Promise<void> {
    const { generation } = this;
    this.isBusy = true;
    // Only the newest run grows; a line that was open has been counted perhaps.
    const run = start === null ? wish.run : runOf(start);
    if (start !== null) this.forgetFrom(start);
    try {
      let from = start;
      do {
        const answer = await this.search({ ...wish, run, from });
        if (generation !== this.generation) return;
        this.resume = answer.resume ?? this.resume;
        this.add(answer.hits);
        from = answer.next;
        this.isBusy = from !== null && !this.isCapped;
        this.changed.fire();
      } while (this.isBusy);
    } catch (error) {
      if (generation !== this.generation) return;
      this.isBusy = false;
      this.onFailure(error);
      this.changed.fire();
    }
  }

  private add(hits: readonly LogHit[]): void {
    const room = MOST_FOUND - this.found.length;
    const fresh = hits.slice(0, room).map(({ run, offset, line_offset }) => {
      return { run, offset, lineOffset: line_offset };
    });
    // Newest run first, each from its beginning: what comes is mostly behind or before all the others.
    this.found.push(...fresh);
    this.found.sort((a, b) => a.run - b.run || a.offset - b.offset);
  }

  private forgetFrom(start: string): void {
    const [run = 0, offset = 0] = start.split(':').map(Number);
    this.found = this.found.filter((hit) => hit.run !== run || hit.lineOffset < offset);
  }
}

function runOf(start: string): number {
  return Number(start.split(':')[0]);
}
