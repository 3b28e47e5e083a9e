/** Positions are this far apart where there was no room, so that the next moves find some. */
const STEP = 1024;

export interface Placed {
  id: number;
  position: number;
}

/**
 * New positions for a new order, of as few rows as can be: what is moved goes between those that stay, and only where no
 * room is left between them does everybody get a new one. Each changed row is an event for every viewer.
 * @param ordered the rows in the wished order, with the positions that they have now
 * @returns the new positions by id; rows that are not in it keep theirs
 */
export function positionsFor(ordered: readonly Placed[]): Map<number, number> {
  const staying = longestRise(ordered);
  const moved = new Map<number, number>();
  let run: Placed[] = [];
  let left: number | null = null;
  for (const [index, row] of ordered.entries()) {
    if (!staying.has(index)) {
      run.push(row);
      continue;
    }
    if (!spread(run, left, row.position, moved)) return renumbered(ordered);
    run = [];
    left = row.position;
  }
  return spread(run, left, null, moved) ? moved : renumbered(ordered);
}

/** Puts a run of moved rows between two positions; null is an open end. False: there is no room. */
function spread(
  run: readonly Placed[],
  left: number | null,
  right: number | null,
  moved: Map<number, number>,
): boolean {
  const low = left ?? Math.max(0, (right ?? 0) - STEP * (run.length + 1));
  const high = right ?? low + STEP * (run.length + 1);
  if (high - low <= run.length && run.length > 0) return false;
  const gap = (high - low) / (run.length + 1);
  for (const [index, { id }] of run.entries()) moved.set(id, low + Math.floor(gap * (index + 1)));
  return true;
}

function renumbered(ordered: readonly Placed[]): Map<number, number> {
  const wanted = ordered.map(({ id }, index): [number, number] => [id, (index + 1) * STEP]);
  return new Map(wanted.filter(([, position], index) => ordered[index]?.position !== position));
}

/** Indexes of a longest part whose positions rise strictly (patience sorting, n log n). */
function longestRise(ordered: readonly Placed[]): Set<number> {
  /** For each length the index at which the lowest rise of that length ends. */
  const ends: number[] = [];
  const before: number[] = [];
  const positionAt = (index: number | undefined) => ordered[index ?? -1]?.position ?? -Infinity;
  for (const [index, { position }] of ordered.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (positionAt(ends[middle]) < position) low = middle + 1;
      else high = middle;
    }
    before[index] = ends[low - 1] ?? -1;
    ends[low] = index;
  }
  const rise = new Set<number>();
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) rise.add(index);
  return rise;
}
