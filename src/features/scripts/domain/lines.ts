/** The lines of a script, for turning the places that programs name into places of an editor. */
export class Lines {
  private readonly lines: string[];

  constructor(text: string) {
    this.lines = text.split('\n');
  }

  get count(): number {
    return this.lines.length;
  }

  /** A line that exists, counted from 1. */
  clamp(line: number): number {
    return Math.min(Math.max(Math.trunc(line) || 1, 1), this.count);
  }

  /** The column behind the last character of a line, in UTF-16 units from 1. */
  endOf(line: number): number {
    return this.text(line).length + 1;
  }

  /** Where the text of a line begins behind its indentation. */
  startOf(line: number): number {
    const text = this.text(line);
    return text.trim() === '' ? 1 : text.length - text.trimStart().length + 1;
  }

  /** @param column in whole characters, from 1 @returns in UTF-16 units, from 1 and within the line */
  toUtf16(line: number, column: number): number {
    const before = Array.from(this.text(line)).slice(0, Math.max(Math.trunc(column) - 1, 0));
    return before.join('').length + 1;
  }

  private text(line: number): string {
    return this.lines[this.clamp(line) - 1] ?? '';
  }
}
