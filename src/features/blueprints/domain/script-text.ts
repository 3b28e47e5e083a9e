const BYTE_ORDER_MARK = '\uFEFF';

/** A script as bash wants it, and what was done to get there, in sentences. */
export interface TidyScript {
  text: string;
  notes: string[];
}

/**
 * Line ends become those of Unix: bash would take a carriage return for part of each command. A byte order mark goes: bash
 * would take it for part of the first one.
 */
export function tidyScript(content: string): TidyScript {
  const notes: string[] = [];
  const marked = content.startsWith(BYTE_ORDER_MARK);
  if (marked) notes.push('The invisible byte order mark at its beginning was removed.');
  const body = marked ? content.slice(BYTE_ORDER_MARK.length) : content;
  const text = body.replace(/\r\n?/g, '\n');
  if (text !== body) notes.push('Its Windows line ends were turned into those of Unix.');
  return { text, notes };
}

/** @returns why a text cannot be a script, or null */
export function scriptProblem(content: string): string | null {
  if (content.includes('\0')) return 'A script cannot hold NUL characters.';
  // Half of a surrogate pair has no UTF-8.
  if (/\p{Cs}/u.test(content)) return 'It holds halves of characters; a script is UTF-8 text.';
  return null;
}
