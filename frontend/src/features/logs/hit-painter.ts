import type { Hit } from './log-search.js';
import type { LogView } from './log-view.js';

const MOST_PAINTED = 2000;

/**
 * Marks hits in the page by the CSS custom highlight API, which leaves the elements alone. A browser without it still counts
 * hits and goes to them.
 */
export function paintHits(view: LogView, hits: readonly Hit[], present: Hit | null): void {
  if (!('highlights' in CSS)) return;
  const [from, to] = view.range;
  const others = new Highlight();
  for (const hit of hits) {
    if (hit.lineId < from || hit.lineId >= to || hit === present || others.size > MOST_PAINTED) continue;
    const range = rangeOf(view, hit);
    if (range) others.add(range);
  }
  CSS.highlights.set('log-hit', others);
  const range = present ? rangeOf(view, present) : null;
  CSS.highlights.set('log-current', range ? new Highlight(range) : new Highlight());
}

export function clearHits(): void {
  if (!('highlights' in CSS)) return;
  CSS.highlights.delete('log-hit');
  CSS.highlights.delete('log-current');
}

function rangeOf(view: LogView, hit: Hit): Range | null {
  const element = view.elementOf(hit.lineId);
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
