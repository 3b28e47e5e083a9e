import type { Line } from '../screen/line.js';

export interface Hit {
  lineId: number;
  start: number;
  end: number;
}

/** Lines by their ids. */
export interface Lines {
  readonly firstId: number;
  readonly endId: number;
  line(id: number): Line | null;
}

const MOST_HITS = 10_000;

/** All places of a text in lines, oldest first. */
export function findHits(lines: Lines, query: string, isCaseSensitive: boolean): Hit[] {
  const hits: Hit[] = [];
  if (query === '') return hits;
  const pattern = new RegExp(query.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), isCaseSensitive ? 'gu' : 'giu');
  for (let id = lines.firstId; id < lines.endId && hits.length < MOST_HITS; id += 1) {
    const line = lines.line(id);
    if (line?.kind !== 'text') continue;
    for (const match of line.text.matchAll(pattern)) {
      hits.push({ lineId: id, start: match.index, end: match.index + match[0].length });
    }
  }
  return hits;
}
