/**
 * Where the rows of a long list lie, one below the other. Heights are those that were measured, and for the others the one
 * that is usual.
 */
export class RowOffsets {
  private keys: readonly number[] = [];
  private readonly measured = new Map<number, number>();
  private usual: number;
  private tops: Float64Array = new Float64Array(1);
  private isStale = true;
  private readonly indexes = new Map<number, number>();

  constructor(usualPx: number) {
    this.usual = usualPx;
  }

  get count(): number {
    return this.keys.length;
  }

  get totalPx(): number {
    return this.table()[this.keys.length] ?? 0;
  }

  setKeys(keys: readonly number[]): void {
    this.keys = keys;
    this.indexes.clear();
    for (const [index, key] of keys.entries()) this.indexes.set(key, index);
    this.isStale = true;
  }

  keyAt(index: number): number | undefined {
    return this.keys[index];
  }

  /** -1 for one that is not in the list. */
  indexOf(key: number): number {
    return this.indexes.get(key) ?? -1;
  }

  /** @returns whether anything moved by it */
  measure(key: number, heightPx: number): boolean {
    if ((this.measured.get(key) ?? this.usual) === heightPx) return false;
    this.measured.set(key, heightPx);
    this.isStale = true;
    return true;
  }

  setUsual(heightPx: number): boolean {
    if (heightPx === this.usual) return false;
    this.usual = heightPx;
    this.isStale = true;
    return true;
  }

  /** The width or the kind of the rows changed: nothing that was measured holds any more. */
  forget(): void {
    this.measured.clear();
    this.isStale = true;
  }

  topOf(index: number): number {
    return this.table()[index] ?? 0;
  }

  heightOf(index: number): number {
    const key = this.keys[index];
    return key === undefined ? 0 : (this.measured.get(key) ?? this.usual);
  }

  /** The row that covers a place; the first or last one beyond the ends. */
  indexAt(px: number): number {
    const tops = this.table();
    let low = 0;
    let high = this.keys.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((tops[middle] ?? 0) <= px) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  private table(): Float64Array {
    if (!this.isStale) return this.tops;
    const tops = new Float64Array(this.keys.length + 1);
    for (let index = 0; index < this.keys.length; index += 1)
      tops[index + 1] = (tops[index] ?? 0) + this.heightOf(index);
    this.tops = tops;
    this.isStale = false;
    return tops;
  }
}
