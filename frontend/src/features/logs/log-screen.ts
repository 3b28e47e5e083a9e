import { EscapeParser } from './escape-parser.js';
import type { EscapeSink } from './escape-parser.js';
import { Line } from './line.js';
import { PLAIN, applySgr } from './sgr.js';
import type { Style } from './sgr.js';

export interface ScreenLimits {
  /** Lines kept; the oldest are forgotten. */
  lines: number;
  /** Longest line in UTF-16 units; the rest goes on in the next one. */
  lineLength: number;
}

const USUAL_LIMITS: Readonly<ScreenLimits> = { lines: 5000, lineLength: 8000 };
/** A line of more pieces than this is broken, so that a colour for each letter cannot fill the memory. */
const MOST_SPANS = 400;
/** How far up a program may move the cursor: enough for stacks of progress bars. */
const REACH = 100;
const TAB = 8;

/**
 * The lines that a log's bytes draw, as a terminal without a lower edge would show them. Lines have consecutive ids that stay
 * when older ones are forgotten or earlier ones are put in front.
 */
export class LogScreen implements EscapeSink {
  private lines: Line[] = [new Line()];
  private first = 0;
  private row = 0;
  private column = 0;
  private style: Style = PLAIN;
  private dirty = 0;
  private readonly parser = new EscapeParser(this);

  constructor(private readonly limits: ScreenLimits = { ...USUAL_LIMITS }) {}

  /** More lines are kept while somebody reads the older ones. */
  setLineLimit(lines: number): void {
    this.limits.lines = lines;
  }

  /** Id of the oldest line kept. */
  get firstId(): number {
    return this.first;
  }

  /** Id behind the newest line. The empty line behind a final newline does not count. */
  get endId(): number {
    const last = this.lines.at(-1);
    const hasOpenLine = last !== undefined && last.length === 0 && last.kind === 'text';
    return this.first + this.lines.length - (hasOpenLine ? 1 : 0);
  }

  line(id: number): Line | null {
    return this.lines[id - this.first] ?? null;
  }

  feed(chunk: string): void {
    this.parser.feed(chunk);
    this.forgetOldest();
  }

  /** A line of AiKore's own; what the application left open before it is closed. */
  mark(text: string): void {
    this.parser.reset();
    this.style = PLAIN;
    const isOpenEmpty = this.lines.at(-1)?.length === 0;
    if (isOpenEmpty) this.lines.pop();
    this.touch(this.lines.length);
    const line = new Line('mark');
    line.write(0, text, PLAIN);
    this.lines.push(line, new Line());
    this.row = this.lines.length - 1;
    this.column = 0;
  }

  /** Puts whole earlier lines in front; returns how many. Does not count towards the limit until new output comes. */
  prepend(text: string): number {
    const earlier = new LogScreen({ ...this.limits, lines: Number.MAX_SAFE_INTEGER });
    earlier.feed(text);
    const count = earlier.endId;
    this.lines = [...earlier.lines.slice(0, count), ...this.lines];
    this.first -= count;
    this.row += count;
    return count;
  }

  clear(): void {
    this.first += this.lines.length;
    this.lines = [new Line()];
    this.row = 0;
    this.column = 0;
    this.dirty = this.first;
  }

  /** The lowest id that changed since the last call, or null. */
  takeDirty(): number | null {
    const id = this.dirty;
    this.dirty = Number.POSITIVE_INFINITY;
    return Number.isFinite(id) ? Math.max(id, this.first) : null;
  }

  print(text: string): void {
    let rest = text;
    while (rest !== '') {
      if (this.column >= this.limits.lineLength || this.current().spans.length >= MOST_SPANS) this.newline();
      const piece = rest.slice(0, this.limits.lineLength - this.column);
      this.current().write(this.column, piece, this.style);
      this.touch(this.row);
      this.column += piece.length;
      rest = rest.slice(piece.length);
    }
  }

  control(code: number): void {
    if (code === 0x0a || code === 0x0b || code === 0x0c) this.newline();
    else if (code === 0x0d) this.column = 0;
    else if (code === 0x08) this.column = Math.max(0, this.column - 1);
    else if (code === 0x09) this.tab();
  }

  sequence(final: string, parameters: string): void {
    if (final === 'm') {
      if (!/^[<=>?]/.test(parameters)) this.style = applySgr(this.style, parameters);
      return;
    }
    const given = Number.parseInt(parameters, 10);
    const count = Math.min(given > 0 ? given : 1, this.limits.lineLength);
    if (final === 'K') this.eraseInLine(given || 0);
    else if (final === 'J') this.eraseBelow(given || 0);
    else this.moveCursor(final, count);
  }

  private moveCursor(final: string, count: number): void {
    if (final === 'G') this.column = count - 1;
    else if (final === 'C') this.column = Math.min(this.limits.lineLength, this.column + count);
    else if (final === 'D') this.column = Math.max(0, this.column - count);
    else if (final === 'A' || final === 'F') this.moveUp(count);
    else if (final === 'B' || final === 'E') this.row = Math.min(this.lines.length - 1, this.row + count);
    if (final === 'E' || final === 'F') this.column = 0;
  }

  /** Never above a mark: what an earlier run printed stays. */
  private moveUp(count: number): void {
    const top = Math.max(0, this.lines.length - REACH);
    for (let step = 0; step < count && this.row > top; step += 1) {
      if (this.lines[this.row - 1]?.kind === 'mark') return;
      this.row -= 1;
    }
  }

  private eraseInLine(how: number): void {
    if (how === 0) this.current().truncate(this.column);
    else if (how === 1)
      this.current().write(0, ' '.repeat(Math.min(this.column, this.current().length)), PLAIN);
    else if (how === 2) this.current().truncate(0);
    this.touch(this.row);
  }

  /** Clearing the whole screen is not obeyed: a log forgets nothing because a program asks. */
  private eraseBelow(how: number): void {
    if (how !== 0) return;
    this.current().truncate(this.column);
    for (const line of this.lines.slice(this.row + 1)) line.truncate(0);
    this.touch(this.row);
  }

  private tab(): void {
    this.column = Math.min(this.limits.lineLength, (Math.floor(this.column / TAB) + 1) * TAB);
  }

  private newline(): void {
    this.column = 0;
    this.row += 1;
    if (this.row < this.lines.length) return;
    this.lines.push(new Line());
    this.touch(this.row - 1);
    // Forgetting in big steps: cutting the front off for every line would copy the rest each time.
    if (this.lines.length > this.limits.lines * 2) this.forgetOldest();
  }

  private forgetOldest(): void {
    const surplus = Math.min(this.lines.length - this.limits.lines, this.row);
    if (surplus <= 0) return;
    this.lines.splice(0, surplus);
    this.first += surplus;
    this.row -= surplus;
  }

  private current(): Line {
    const line = this.lines[this.row];
    if (line) return line;
    const fresh = new Line();
    this.lines[this.row] = fresh;
    return fresh;
  }

  private touch(row: number): void {
    this.dirty = Math.min(this.dirty, this.first + row);
  }
}
