import { EscapeParser } from './escape-parser.js';
import type { EscapeSink } from './escape-parser.js';
import { linkOf } from './hyperlink.js';
import { Line } from './line.js';
import { isBefore } from './place.js';
import type { Origin, Place } from './place.js';
import { PLAIN, applySgr, linked } from './sgr.js';
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
  private link: string | null = null;
  /** What the next character looks like. */
  private pen: Style = PLAIN;
  private origin: Origin | null = null;
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

  /** Place of the oldest line kept, or null when none has one. */
  get firstPlace(): Place | null {
    return this.lines.find(({ place }) => place !== null)?.place ?? null;
  }

  /** Id of the line in which a byte of a log stands, or null when it is not here. */
  idAt(place: Place): number | null {
    let low = 0;
    let high = this.lines.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = this.placeFrom(middle);
      if (start === null || isBefore(place, start)) high = middle;
      else low = middle + 1;
    }
    return this.lines[low - 1]?.place?.run === place.run ? this.first + low - 1 : null;
  }

  /** @param origin tells where the characters of the chunk stand in the log */
  feed(chunk: string, origin: Origin | null = null): void {
    this.origin = origin;
    const line = this.current();
    if (line.length === 0 && chunk !== '') line.place ??= this.placeAt(0);
    this.parser.feed(chunk);
    this.forgetOldest();
  }

  /** A line of AiKore's own; what the application left open before it is closed. */
  mark(text: string): void {
    this.endSequences();
    const isOpenEmpty = this.lines.at(-1)?.length === 0;
    if (isOpenEmpty) this.lines.pop();
    this.touch(this.lines.length);
    const line = new Line('mark');
    line.write(0, text, PLAIN);
    this.lines.push(line);
    this.openLine();
  }

  /** Puts whole earlier lines in front; returns how many. Does not count towards the limit until new output comes. */
  prepend(text: string, origin: Origin | null = null): number {
    const earlier = new LogScreen({ ...this.limits, lines: Number.MAX_SAFE_INTEGER });
    earlier.feed(text, origin);
    const count = earlier.endId;
    this.lines = [...earlier.lines.slice(0, count), ...this.lines];
    this.first -= count;
    this.row += count;
    return count;
  }

  /** Forgets all but the newest lines. */
  keepNewest(count: number): void {
    this.forget(this.lines.length - count);
  }

  /** Forgets all but the oldest lines; what is fed next begins a new one. @returns where the forgotten text begins, or null */
  keepOldest(count: number): Place | null {
    if (this.lines.length <= count) return null;
    const forgotten = this.lines.splice(count);
    this.endSequences();
    this.openLine();
    return forgotten.find(({ place }) => place !== null)?.place ?? null;
  }

  clear(): void {
    this.first += this.lines.length;
    this.lines = [];
    this.openLine();
    this.dirty = this.first;
  }

  /** Clears, and begins anew with text from elsewhere. */
  reset(): void {
    this.endSequences();
    this.clear();
  }

  /** The lowest id that changed since the last call, or null. */
  takeDirty(): number | null {
    const id = this.dirty;
    this.dirty = Number.POSITIVE_INFINITY;
    return Number.isFinite(id) ? Math.max(id, this.first) : null;
  }

  print(text: string): void {
    let done = 0;
    while (done < text.length) {
      if (this.column >= this.limits.lineLength || this.current().spans.length >= MOST_SPANS) {
        this.newline(this.parser.position + done);
      }
      const piece = text.slice(done, done + this.limits.lineLength - this.column);
      this.current().write(this.column, piece, this.pen);
      this.touch(this.row);
      this.column += piece.length;
      done += piece.length;
    }
  }

  command(text: string): void {
    if (text.startsWith('8;')) this.setPen(this.style, linkOf(text));
  }

  control(code: number): void {
    if (code === 0x0a || code === 0x0b || code === 0x0c) this.newline(this.parser.position);
    else if (code === 0x0d) this.column = 0;
    else if (code === 0x08) this.column = Math.max(0, this.column - 1);
    else if (code === 0x09) this.tab();
  }

  sequence(final: string, parameters: string): void {
    if (final === 'm') {
      if (!/^[<=>?]/.test(parameters)) this.setPen(applySgr(this.style, parameters), this.link);
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

  /** @param index in the chunk of what comes behind the line's end */
  private newline(index: number): void {
    this.column = 0;
    this.row += 1;
    // A link that a program forgot to end must not make links of all that follows.
    if (this.link !== null) this.setPen(this.style, null);
    if (this.row < this.lines.length) return;
    const line = new Line();
    line.place = this.placeAt(index);
    this.lines.push(line);
    this.touch(this.row - 1);
    // Forgetting in big steps: cutting the front off for every line would copy the rest each time.
    if (this.lines.length > this.limits.lines * 2) this.forgetOldest();
  }

  private forgetOldest(): void {
    this.forget(this.lines.length - this.limits.lines);
  }

  private forget(wanted: number): void {
    const surplus = Math.min(wanted, this.row);
    if (surplus <= 0) return;
    this.lines.splice(0, surplus);
    this.first += surplus;
    this.row -= surplus;
  }

  private setPen(style: Style, link: string | null): void {
    this.style = style;
    this.link = link;
    this.pen = linked(style, link);
  }

  private endSequences(): void {
    this.parser.reset();
    this.setPen(PLAIN, null);
  }

  private openLine(): void {
    this.lines.push(new Line());
    this.row = this.lines.length - 1;
    this.column = 0;
  }

  private placeAt(index: number): Place | null {
    const { origin } = this;
    return origin && { run: origin.run, offset: origin.byteAt(index) };
  }

  /** Of a line, or of the first one behind it that has one. */
  private placeFrom(index: number): Place | null {
    for (let at = index; at < this.lines.length; at += 1) {
      const place = this.lines[at]?.place;
      if (place) return place;
    }
    return null;
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
