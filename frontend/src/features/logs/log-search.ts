import type { LogScreen } from './log-screen.js';

export interface Hit {
  lineId: number;
  start: number;
  end: number;
}

const MOST_HITS = 10_000;

/** All places of `query` in the kept text, oldest first. Capital letters in the query make it mind the case. */
export function findHits(screen: Pick<LogScreen, 'firstId' | 'endId' | 'line'>, query: string): Hit[] {
  const hits: Hit[] = [];
  if (query === '') return hits;
  const flags = /\p{Lu}/u.test(query) ? 'gu' : 'giu';
  const pattern = new RegExp(query.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), flags);
  for (let id = screen.firstId; id < screen.endId && hits.length < MOST_HITS; id += 1) {
    const text = screen.line(id)?.text ?? '';
    for (const match of text.matchAll(pattern)) {
      hits.push({ lineId: id, start: match.index, end: match.index + match[0].length });
    }
  }
  return hits;
}

/** The hit that stands for `lineId`: the first one at or behind it, else the last one. */
export function hitNear(hits: readonly Hit[], lineId: number): number {
  const index = hits.findIndex((hit) => hit.lineId >= lineId);
  return index < 0 ? hits.length - 1 : index;
}
