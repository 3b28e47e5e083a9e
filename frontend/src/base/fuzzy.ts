/**
 * How well `query` matches `text`, or null when its letters do not occur in order. Higher is better: letters that follow each
 * other and letters at the beginning of a word count more.
 */
export function fuzzyScore(query: string, text: string): number | null {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  const haystack = text.toLowerCase();
  let score = 0;
  let position = -1;
  for (const letter of wanted) {
    const found = haystack.indexOf(letter, position + 1);
    if (found < 0) return null;
    score += letterScore(haystack, found, position);
    position = found;
  }
  return score - haystack.length / 100;
}

function letterScore(haystack: string, found: number, previous: number): number {
  if (found === previous + 1) return 4;
  const before = haystack[found - 1];
  return before === undefined || !/[\p{L}\p{N}]/u.test(before) ? 3 : 1;
}

/** The items that match, best first; all of them, in their order, for an empty query. */
export function fuzzyFilter<T>(items: readonly T[], query: string, textOf: (item: T) => string): T[] {
  if (query.trim() === '') return [...items];
  const scored: { item: T; score: number }[] = [];
  for (const item of items) {
    const score = fuzzyScore(query, textOf(item));
    if (score !== null) scored.push({ item, score });
  }
  return scored.sort((a, b) => b.score - a.score).map((entry) => entry.item);
}
