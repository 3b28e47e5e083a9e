/** Points of an hour, two seconds apart. */
export const MAX_POINTS = 1800;
/** Room beyond that, so that the oldest are moved out many at a time. */
const SLACK = 248;
const FIRST_CAPACITY = 64;

/**
 * Columns of numbers that share an index, the oldest dropped beyond a number of rows. A column begins when its first
 * value comes and goes when its last value has been dropped; NaN stands where there is none. 32-bit floats: seven digits
 * are more than a chart shows, and a thousand instances take half the memory.
 */
export class TimeColumns {
  private readonly columns = new Map<string, { values: Float32Array; lastRow: number }>();
  private times = new Float64Array(FIRST_CAPACITY);
  private rows = 0;

  get length(): number {
    return this.rows;
  }

  get names(): string[] {
    return [...this.columns.keys()];
  }

  /** @param timeMs later than the row before */
  append(timeMs: number, values: Iterable<readonly [string, number | null]>): void {
    this.makeRoom();
    const row = this.rows;
    this.times[row] = timeMs;
    this.rows += 1;
    for (const [name, value] of values) {
      if (value === null) continue;
      const column = this.columns.get(name) ?? this.add(name);
      column.values[row] = value;
      column.lastRow = row;
    }
  }

  /** Drops the rows before a time. */
  dropBefore(timeMs: number): void {
    let count = 0;
    while (count < this.rows && (this.times[count] ?? 0) < timeMs) count += 1;
    if (count > 0) this.dropFirst(count);
  }

  timesMs(): number[] {
    return Array.from(this.times.subarray(0, this.rows));
  }

  /** @returns null where there is no value */
  column(name: string, round: (value: number) => number): (number | null)[] {
    const values = this.columns.get(name)?.values;
    return Array.from({ length: this.rows }, (_, row) => {
      const value = values?.[row] ?? NaN;
      return Number.isNaN(value) ? null : round(value);
    });
  }

  private add(name: string): { values: Float32Array; lastRow: number } {
    const column = { values: new Float32Array(this.times.length).fill(NaN), lastRow: this.rows };
    this.columns.set(name, column);
    return column;
  }

  private makeRoom(): void {
    if (this.rows < this.times.length) return;
    if (this.rows >= MAX_POINTS + SLACK) this.dropFirst(SLACK);
    else this.grow(Math.min(this.rows * 2, MAX_POINTS + SLACK));
  }

  private grow(capacity: number): void {
    const times = new Float64Array(capacity);
    times.set(this.times);
    this.times = times;
    for (const column of this.columns.values()) {
      const values = new Float32Array(capacity).fill(NaN);
      values.set(column.values);
      column.values = values;
    }
  }

  private dropFirst(count: number): void {
    this.times.copyWithin(0, count, this.rows);
    for (const [name, column] of this.columns) {
      column.lastRow -= count;
      if (column.lastRow < 0) {
        this.columns.delete(name);
        continue;
      }
      column.values.copyWithin(0, count, this.rows);
      column.values.fill(NaN, this.rows - count, this.rows);
    }
    this.rows -= count;
  }
}
