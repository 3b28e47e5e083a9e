import type { Place } from './place.js';
import { PLAIN } from './sgr.js';
import type { Style } from './sgr.js';

export interface Span {
  text: string;
  style: Style;
}

/** `mark` is a line of AiKore's own, such as “Run 3 started”; no text of the application can look like it. */
export type LineKind = 'text' | 'mark';

/** One line of a log as cells of a terminal: it can be written over. Columns are UTF-16 units. */
export class Line {
  spans: Span[] = [];
  length = 0;
  /** Where it begins in the log; null for a mark, and until its first byte comes. */
  place: Place | null = null;

  constructor(readonly kind: LineKind = 'text') {}

  get text(): string {
    return this.spans.map((span) => span.text).join('');
  }

  /** Writes over what stands at `column`, filling up with spaces when the line is shorter. */
  write(column: number, text: string, style: Style): void {
    if (column > this.length) this.append(' '.repeat(column - this.length), PLAIN);
    if (column === this.length) {
      this.append(text, style);
      return;
    }
    const tail = this.slice(column + text.length, this.length);
    this.truncate(column);
    this.append(text, style);
    for (const span of tail) this.append(span.text, span.style);
  }

  /** Drops everything from `column` on. */
  truncate(column: number): void {
    if (column >= this.length) return;
    this.spans = this.slice(0, column);
    this.length = column;
  }

  private append(text: string, style: Style): void {
    if (text === '') return;
    const last = this.spans.at(-1);
    if (last?.style === style) last.text += text;
    else this.spans.push({ text, style });
    this.length += text.length;
  }

  private slice(from: number, to: number): Span[] {
    const result: Span[] = [];
    let start = 0;
    for (const span of this.spans) {
      const end = start + span.text.length;
      if (end > from && start < to) {
        result.push({ text: span.text.slice(Math.max(0, from - start), to - start), style: span.style });
      }
      start = end;
    }
    return result;
  }
}
