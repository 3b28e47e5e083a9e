/** Numbers that look like chance and are the same for the same seed (the mulberry32 generator). */
export class SeededRandom {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to, not including, `limit`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  /** Some of the numbers 1…last, each once and in order; all when there are not more. */
  sample(last: number, size: number): number[] {
    const all = Array.from({ length: last }, (_, index) => index + 1);
    if (last <= size) return all;
    const chosen = new Set<number>();
    while (chosen.size < size) chosen.add(1 + this.below(last));
    return [...chosen].sort((a, b) => a - b);
  }
}

/** The seed of this run: `AIKORE_SEED` repeats an earlier one. */
export function chooseSeed(): number {
  const given = Number(process.env['AIKORE_SEED']);
  return Number.isInteger(given) && given > 0 ? given : 1 + Math.floor(Math.random() * 999_999);
}

export const isSoak = process.env['AIKORE_SOAK'] === '1';
