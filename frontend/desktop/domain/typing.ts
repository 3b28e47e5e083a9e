/** What was typed between two states of a text field. */
export interface Typing {
  /** Characters deleted at the end, before anything is added. */
  deletedCount: number;
  added: string[];
}

/**
 * What happened to a text whose end is typed at. Keyboards on screens correct, complete and compose whole words, and tell no
 * keys: only what the field holds afterwards.
 */
export function typingBetween(before: string, after: string): Typing {
  const old = Array.from(before);
  const now = Array.from(after);
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same += 1;
  return { deletedCount: old.length - same, added: now.slice(same) };
}
