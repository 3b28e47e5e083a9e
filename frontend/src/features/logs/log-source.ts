import type { LogAppended } from '../../../../src/contracts/events.js';
import { OneAtATime } from './one-at-a-time.js';
import { PieceQueue } from './piece-queue.js';
import type { LogScreen } from './screen/log-screen.js';
import { Piece } from './screen/piece.js';
import type { Place } from './screen/place.js';
import { StoredLog } from './stored-log.js';
import type { FetchLog } from './stored-log.js';
import { Stretch, startOf } from './stretch.js';

/** How much of the end of a log is shown at first, and how much of it is fetched per step. */
export const PIECE_BYTES = 65_536;

/** Beyond so much that was not drawn yet, nobody can have read it. */
const MOST_QUEUED = 2_000_000;
const KEPT_OF_QUEUE = 768_000;
/** Kept while the end is followed. */
const LINES_FOLLOWED = 5_000;
/** So near to the end the server sends the rest by itself. */
const NEAR_END_BYTES = PIECE_BYTES;
/** Pieces fetched in one step that bring no line, such as those of a long progress bar. */
const MOST_PIECES = 16;

export interface SourceHost {
  fetchLog: FetchLog;
  /** Asks for the live log from `resumeOffset` on. */
  subscribe(): void;
  /** Text that was awaited can be drawn. */
  onReady(): void;
}

/**
 * Keeps a screen filled with one stretch of a log, without a gap and each byte once. Attached, it grows with the log: pieces may
 * overlap after a reconnect or belong to a new run; where some are missing the stretch begins anew behind them, or, for whoever
 * reads, ends before them. Detached, it is moved along the log by fetching more at either end, and forgets at the other one.
 */
export class LogSource {
  private readonly queue = new PieceQueue();
  private readonly stretch: Stretch;
  /** The log as the server keeps it. */
  readonly stored: StoredLog;
  /** The end of the latest run as far as it is known. */
  private liveEnd: Place | null = null;
  private attached = true;
  /** Pieces of an earlier subscription may still arrive before those that were asked for. */
  private isAwaiting = false;
  private isReading = false;
  private readonly loading = new OneAtATime();
  private missedCount = 0;

  /** @param pinnedRun an earlier run, which is shown alone */
  constructor(
    private readonly screen: LogScreen,
    private readonly host: SourceHost,
    readonly pinnedRun: number | null = null,
  ) {
    this.stretch = new Stretch(screen);
    this.stored = new StoredLog(host.fetchLog);
    this.attached = pinnedRun === null;
    this.setReading(pinnedRun !== null);
  }

  /** Run of the newest text that is shown; null before the first piece. */
  get run(): number | null {
    return this.stretch.head?.run ?? null;
  }

  /** Newer text flows in by itself. */
  get isAttached(): boolean {
    return this.attached;
  }

  /** All that was printed is on the screen. */
  get isAtLiveEnd(): boolean {
    return this.attached && !this.isAwaiting && this.queue.isEmpty;
  }

  get hasOlder(): boolean {
    const { top } = this.stretch;
    return top !== null && top.offset > this.stored.firstKeptOf(top.run);
  }

  /** Whether there may be newer text that does not come by itself. */
  get hasNewer(): boolean {
    const { head } = this.stretch;
    if (this.attached || head === null) return false;
    return this.pinnedRun === null || head.offset < this.stored.sizeOf(head.run);
  }

  /** Lines that were printed since the text that is shown came to an end. */
  get missedLines(): number {
    return this.missedCount;
  }

  /** How much of the run is known to lie behind the text that is shown. */
  get bytesBehind(): number {
    const { head } = this.stretch;
    return head === null ? 0 : Math.max(0, this.stored.sizeOf(head.run) - head.offset);
  }

  /** Whether a place is on the screen, or on its way to it. */
  holds(place: Place): boolean {
    const { head } = this.stretch;
    return this.screen.idAt(place) !== null && !(head?.run === place.run && place.offset >= head.offset);
  }

  /** Who reads keeps what is on the screen; who follows wants what is new. */
  setReading(isReading: boolean): void {
    this.isReading = isReading;
    this.screen.setLineLimit(isReading ? Number.MAX_SAFE_INTEGER : LINES_FOLLOWED);
  }

  /** What was shown up to now was cleared away; the way back begins at the present end. */
  forgetOlder(): void {
    this.stretch.beginAt(this.stretch.head);
  }

  /** Where a new connection has to go on. Each run writes a log of its own: an offset means nothing in the next one. */
  resumeOffset(latestRun: number): number {
    // Detached, only what is printed from now on counts.
    const from = this.attached ? this.stretch.head : this.liveEnd;
    return from?.run === latestRun ? from.offset : -PIECE_BYTES;
  }

  /** Takes a piece of the live log; it is drawn by `drain`. */
  accept({ run, offset, next_offset, content }: LogAppended): void {
    if (run < (this.liveEnd?.run ?? 0)) return;
    const piece = new Piece(run, content, offset, next_offset);
    this.liveEnd = {
      run,
      offset: Math.max(next_offset, this.liveEnd?.run === run ? this.liveEnd.offset : 0),
    };
    this.stored.noteSize(this.liveEnd);
    const { head } = this.stretch;
    if (!this.attached) {
      this.missedCount += piece.lineBreaks;
      return;
    }
    if (this.isAwaiting && head?.run === run && offset > head.offset) return;
    this.isAwaiting = false;
    if (head === null) this.beginWith(piece);
    else if (run !== head.run) this.takeRun(piece, head);
    else if (offset > head.offset) this.takeBehindGap(piece);
    else this.take(piece.fromByte(head.offset));
    this.shed();
  }

  /** Draws what waits for about `budgetMs`; true when there is more. */
  drain(budgetMs: number): boolean {
    const isFull = (): boolean => this.isReading && this.stretch.linesThatFit(true) !== null;
    this.queue.draw(this.screen, performance.now() + budgetMs, isFull);
    if (isFull()) this.forgetNewest();
    return !this.queue.isIdle;
  }

  /** Fetches the piece before what is shown; answers how many lines came in front. @throws ApiError */
  loadOlder(): Promise<number> {
    return this.loading.run(async (isCurrent) => {
      const { top } = this.stretch;
      if (top === null || !this.hasOlder) return 0;
      const from = Math.max(this.stored.firstKeptOf(top.run), top.offset - PIECE_BYTES);
      const piece = await this.stored.fetchLines(top.run, from, top.offset);
      if (!isCurrent()) return 0;
      const count = this.screen.prepend(piece.text, piece);
      if (this.stretch.linesThatFit(false) !== null) this.forgetNewest();
      return count;
    });
  }

  /** Fetches the piece behind what is shown, or lets the live log flow in again. @throws ApiError */
  async loadNewer(): Promise<void> {
    await this.loading.run(async (isCurrent) => {
      const { endId } = this.screen;
      for (let count = 0; count < MOST_PIECES && this.hasNewer && this.screen.endId === endId; count += 1) {
        if (!(await this.fetchNewer(isCurrent))) break;
      }
      if (isCurrent()) this.stretch.forgetOldest();
      return 0;
    });
  }

  /** Shows the surroundings of a place; behind the end of the log, its end. @throws ApiError, 404 when its run is not kept */
  async openAt(place: Place): Promise<void> {
    const isCurrent = this.loading.giveUp();
    const piece = await this.stored.fetchAround(place, PIECE_BYTES);
    if (!isCurrent()) return;
    this.detach();
    const lines = this.stored.fromLine(piece);
    this.screen.reset();
    this.stretch.beginAt({ run: place.run, offset: lines.offset });
    this.stretch.append(lines);
  }

  /** Lets the live log flow in again, from its end on. */
  openEnd(): void {
    this.loading.giveUp();
    this.stretch.head = null;
    this.attach();
  }

  private attach(): void {
    this.attached = true;
    this.isAwaiting = this.stretch.head !== null;
    this.missedCount = 0;
    this.host.subscribe();
  }

  /** What was not drawn is fetched again when it is wanted. */
  private detach(): void {
    this.attached = false;
    const rest = this.queue.clear();
    if (rest === null) return;
    if (rest.isBeginning) {
      this.screen.reset();
      this.stretch.beginAt(rest.place);
    }
    this.stretch.head = rest.place;
    if (rest.place.offset === 0 && !rest.isBeginning) this.stretch.markRun(rest.place.run);
  }

  /** Ends the stretch before what is too much. */
  private forgetNewest(): void {
    this.detach();
    const fitting = this.stretch.linesThatFit(false);
    if (fitting !== null) this.stretch.forgetNewest(fitting);
  }

  private take(piece: Piece): void {
    this.queue.addText(piece);
    const offset = Math.max(piece.nextOffset, this.stretch.head?.offset ?? 0);
    this.stretch.head = { run: piece.run, offset };
  }

  /** The piece begins somewhere inside a line; that line is left to `loadOlder`. */
  private beginWith(piece: Piece): void {
    const lines = piece.offset === 0 ? piece : piece.fromNextLine();
    this.queue.begin();
    this.stretch.beginAt({ run: piece.run, offset: lines.offset });
    this.stretch.head = null;
    this.take(lines);
  }

  private takeBehindGap(piece: Piece): void {
    if (!this.isReading) this.beginWith(piece);
    else {
      this.detach();
      this.missedCount += piece.lineBreaks;
    }
  }

  private takeRun(piece: Piece, before: Place): void {
    if (piece.offset > 0) {
      this.takeBehindGap(piece);
      return;
    }
    this.awaitTail(before);
    this.queue.addMark(startOf(piece.run));
    this.stretch.head = null;
    this.take(piece);
  }

  /** The server goes over to the new run at once: what the old one said last may not have been sent. */
  private awaitTail(before: Place): void {
    if (before.run === 0) return;
    const goOn = this.queue.hold();
    void this.stored.fetchTail(before).then((pieces) => {
      goOn(pieces);
      this.host.onReady();
    });
  }

  private async fetchNewer(isCurrent: () => boolean): Promise<boolean> {
    const { head } = this.stretch;
    if (head === null) return false;
    const latest = this.liveEnd;
    if (this.pinnedRun === null && latest?.run === head.run && latest.offset - head.offset < NEAR_END_BYTES) {
      this.attach();
      return false;
    }
    const piece = await this.stored.fetch(head, PIECE_BYTES);
    if (!isCurrent()) return false;
    this.stretch.append(piece);
    return piece.nextOffset > head.offset || this.goToNextRun(head.run, latest?.run ?? head.run);
  }

  private goToNextRun(run: number, latestRun: number): boolean {
    if (this.pinnedRun !== null || run >= latestRun) return false;
    this.stretch.head = { run: run + 1, offset: 0 };
    this.stretch.markRun(run + 1);
    return true;
  }

  /** A page in the background draws nothing while output flows, and a flood is faster than any page. */
  private shed(): void {
    if (this.queue.textLength <= MOST_QUEUED) return;
    // Who reads keeps what is there; the rest is fetched when it is wanted.
    if (this.isReading) this.detach();
    else this.queue.keepNewest(KEPT_OF_QUEUE);
  }
}
