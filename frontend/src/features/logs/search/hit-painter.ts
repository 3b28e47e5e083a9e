import type { LineList } from '../view/line-list.js';
import type { Hit } from './log-search.js';

const MOST_PAINTED = 2000;

/**
 * Marks hits in the page by the CSS custom highlight API, which leaves the elements alone. A browser without it still counts
 * hits and goes to them.
 * @param presentId the line of the present hit
 */
export function paintHits(list: LineList, hits: readonly Hit[], presentId: number | null): void {
  if (!('highlights' in CSS)) return;
  const others = new Highlight();
  const present = new Highlight();
  for (const hit of hits.slice(0, MOST_PAINTED)) {
    const range = rangeOf(list, hit);
    if (range) (hit.lineId === presentId ? present : others).add(range);
  }
  CSS.highlights.set('log-hit', others);
  CSS.highlights.set('log-current', present);
}

export function clearHits(): void {
  if (!('highlights' in CSS)) return;
  CSS.highlights.delete('log-hit');
  CSS.highlights.delete('log-current');
}

function rangeOf(list: LineList, hit: Hit): Range | null {
  const element = list.elementOf(hit.lineId);
  if (!element) return null;
  const start = positionIn(element, hit.start);
  const end = positionIn(element, hit.end);
  if (!start || !end) return null;
  const range = new Range();
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return range;
}

function positionIn(element: Element, offset: number): { node: Node; offset: number } | null {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let rest = offset;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.nodeValue?.length ?? 0;
    if (rest <= length) return { node, offset: rest };
    rest -= length;
  }
  return null;
}
