import type { LogScreen } from './screen/log-screen.js';
import type { Piece } from './screen/piece.js';
import type { Place } from './screen/place.js';

/** Kept while somebody reads. */
const LINES_READ = 20_000;
const BYTES_READ = 12_000_000;
/** Room for what flows in, before a reader's text is ended. */
const LINES_SLACK = 10_000;

/** The part of a log that a screen shows: without a gap, and each byte once. */
export class Stretch {
  /** Behind the last byte that was taken; it may not be drawn yet. Null before the first piece. */
  head: Place | null = null;
  /** Where older text ends while the screen has none. */
  private emptyTop: Place | null = null;

  constructor(readonly screen: LogScreen) {}

  /** Where the oldest text begins. */
  get top(): Place | null {
    return this.screen.firstPlace ?? this.emptyTop;
  }

  get isEmpty(): boolean {
    return this.screen.endId === this.screen.firstId;
  }

  /** The next text begins here. */
  beginAt(place: Place | null): void {
    this.emptyTop = place;
  }

  append(piece: Piece): void {
    this.screen.feed(piece.text, piece);
    this.head = { run: piece.run, offset: piece.nextOffset };
  }

  markRun(run: number): void {
    this.screen.mark(startOf(run));
  }

  /** How many lines may stay of too many; null when all may. */
  linesThatFit(isGrowing: boolean): number | null {
    const lines = this.screen.endId - this.screen.firstId;
    if (lines > LINES_READ + (isGrowing ? LINES_SLACK : 0)) return LINES_READ;
    const { top, head } = this;
    const bytes = top?.run === head?.run ? (head?.offset ?? 0) - (top?.offset ?? 0) : 0;
    return bytes > BYTES_READ && lines > 1 ? Math.ceil(lines / 2) : null;
  }

  forgetOldest(): void {
    const fitting = this.linesThatFit(false);
    if (fitting !== null) this.screen.keepNewest(fitting);
  }

  /** Ends before what is forgotten. */
  forgetNewest(fitting: number): void {
    this.head = this.screen.keepOldest(fitting) ?? this.head;
  }
}

export function startOf(run: number): string {
  return `Run ${String(run)} started`;
}
