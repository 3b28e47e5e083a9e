import type { LogScreen } from './screen/log-screen.js';
import type { Piece } from './screen/piece.js';
import type { Place } from './screen/place.js';

/** `begin`: what was shown makes room for text from elsewhere. `wait`: text that has to come first is on its way. */
type Item =
  | { kind: 'text'; piece: Piece }
  | { kind: 'mark'; text: string }
  | { kind: 'begin' }
  | { kind: 'wait'; isOver: boolean };

const FEED_STEP = 65_536;

/** Text on its way to the screen, in order; drawn in portions, so that a flood leaves the page usable. */
export class PieceQueue {
  private items: Item[] = [];
  private length = 0;

  /** In UTF-16 units. */
  get textLength(): number {
    return this.length;
  }

  /** Nothing is left that could be drawn now. */
  get isIdle(): boolean {
    const [first] = this.items;
    return first === undefined || (first.kind === 'wait' && !first.isOver);
  }

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  addText(piece: Piece): void {
    if (piece.text === '') return;
    this.items.push({ kind: 'text', piece });
    this.length += piece.text.length;
  }

  addMark(text: string): void {
    this.items.push({ kind: 'mark', text });
  }

  /** Forgets what waits, and lets the next text begin a new screen. */
  begin(): void {
    this.clear();
    this.items.push({ kind: 'begin' });
  }

  /** Holds back what is added later. @returns lets it go on, behind these pieces */
  hold(): (pieces: readonly Piece[]) => void {
    const gate: Item = { kind: 'wait', isOver: false };
    this.items.push(gate);
    return (pieces) => {
      const at = this.items.indexOf(gate);
      if (at < 0) return;
      gate.isOver = true;
      this.items.splice(at, 1, ...pieces.map((piece) => ({ kind: 'text', piece }) as const));
      for (const { text } of pieces) this.length += text.length;
    };
  }

  /** Forgets what waits. @returns where it began, and whether it was to begin a new screen; null when no text waited */
  clear(): { place: Place; isBeginning: boolean } | null {
    const isBeginning = this.items.some(({ kind }) => kind === 'begin');
    const first = this.items.find((item) => item.kind === 'text');
    this.items = [];
    this.length = 0;
    return first ? { place: { run: first.piece.run, offset: first.piece.offset }, isBeginning } : null;
  }

  /** Keeps about so much of the newest text, from the beginning of a line on, which then begins a new screen. */
  keepNewest(wanted: number): void {
    const kept: Item[] = [];
    let length = 0;
    for (let index = this.items.length - 1; index >= 0 && length < wanted; index -= 1) {
      const item = this.items[index];
      if (item === undefined || item.kind === 'begin') break;
      kept.unshift(item.kind === 'text' ? { kind: 'text', piece: cut(item.piece, wanted - length) } : item);
      length += item.kind === 'text' ? item.piece.text.length : 0;
    }
    this.items = [{ kind: 'begin' }, ...kept];
    this.length = kept.reduce((sum, item) => sum + (item.kind === 'text' ? item.piece.text.length : 0), 0);
  }

  /** Draws until a moment (of `performance.now()`) or until `isFull` says so; at least something. */
  draw(screen: LogScreen, endMs: number, isFull: () => boolean): void {
    do {
      const item = this.items[0];
      if (item === undefined || (item.kind === 'wait' && !item.isOver)) return;
      this.items.shift();
      if (item.kind === 'begin') screen.reset();
      else if (item.kind === 'mark') screen.mark(item.text);
      else if (item.kind === 'text') this.feed(screen, item.piece);
    } while (performance.now() < endMs && !isFull());
  }

  private feed(screen: LogScreen, piece: Piece): void {
    const step = piece.text.slice(0, FEED_STEP);
    screen.feed(step, piece);
    this.length -= piece.text.length;
    const rest = piece.from(step.length);
    if (rest.text === '') return;
    this.items.unshift({ kind: 'text', piece: rest });
    this.length += rest.text.length;
  }
}

function cut(piece: Piece, length: number): Piece {
  return piece.text.length <= length ? piece : piece.from(piece.text.length - length).fromNextLine();
}
