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

/**
 * Points of a span, for charts: seconds since 1970, and the columns beside them. Where nothing was known for long, a row
 * without values keeps the line from being drawn across.
 */
export function windowOf(
  timesMs: readonly number[],
  columns: readonly Column[],
  fromMs: number,
): { seconds: number[]; columns: (number | null)[][] } {
  const first = firstIndexFrom(timesMs, fromMs);
  const seconds: number[] = [];
  const cut: (number | null)[][] = columns.map(() => []);
  for (let row = first; row < timesMs.length; row += 1) {
    const atMs = timesMs[row] ?? 0;
    const beforeMs = row > 0 ? (timesMs[row - 1] ?? atMs) : atMs;
    if (row > first && atMs - beforeMs > GAP_MS) {
      seconds.push((beforeMs + 1) / 1000);
      for (const values of cut) values.push(null);
    }
    seconds.push(atMs / 1000);
    for (const [index, values] of cut.entries()) values.push(columns[index]?.[row] ?? null);
  }
  return { seconds, columns: cut };
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
