/** Ranges that a chart can show. */
export const RANGES = [
  { label: '5 min', spanMs: 300_000 },
  { label: '15 min', spanMs: 900_000 },
  { label: '1 h', spanMs: 3_600_000 },
] as const;

/** How often what is shown changes; 0: not at all. */
export const REFRESH_SECONDS = [2, 5, 10, 30, 0] as const;

/** Points are at most thirty seconds apart while AiKore runs; over a longer pause nothing was known. */
export const GAP_MS = 75_000;

export type Column = readonly (number | null)[];

/** A column that a chart shows, with what its values are multiplied by. */
export interface Wish {
  values: Column;
  factor: number;
}

/**
 * Points of a span, for charts: seconds since 1970, and the columns beside them. Where nothing was known for long, a row
 * without values keeps the line from being drawn across. Runs over thousands of points while somebody watches, so it
 * makes nothing but its result.
 */
export function windowOf(
  timesMs: readonly number[],
  wishes: readonly Wish[],
  fromMs: number,
): { seconds: number[]; columns: (number | null)[][] } {
  const first = firstIndexFrom(timesMs, fromMs);
  const seconds: number[] = [];
  /** Indexes of the result that stand for a gap. */
  const gaps: number[] = [];
  for (let row = first; row < timesMs.length; row += 1) {
    const atMs = timesMs[row] ?? 0;
    const beforeMs = row > first ? (timesMs[row - 1] ?? atMs) : atMs;
    if (atMs - beforeMs > GAP_MS) {
      gaps.push(seconds.length);
      seconds.push((beforeMs + 1) / 1000);
    }
    seconds.push(atMs / 1000);
  }
  return { seconds, columns: wishes.map((wish) => cutOf(wish, first, seconds.length, gaps)) };
}

function cutOf({ values, factor }: Wish, first: number, length: number, gaps: readonly number[]) {
  const cut = new Array<number | null>(length);
  let row = first;
  let gap = 0;
  for (let index = 0; index < length; index += 1) {
    if (gaps[gap] === index) {
      cut[index] = null;
      gap += 1;
      continue;
    }
    const value = values[row] ?? null;
    cut[index] = value === null ? null : value * factor;
    row += 1;
  }
  return cut;
}

/** The point before the span belongs to it: the line comes from there. */
function firstIndexFrom(timesMs: readonly number[], fromMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Least, most and latest of what is known, or null. */
export function extent(values: Column): { least: number; most: number; latest: number } | null {
  let least = Infinity;
  let most = -Infinity;
  let latest: number | null = null;
  for (const value of values) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    latest = value;
  }
  return latest === null ? null : { least, most, latest };
}
