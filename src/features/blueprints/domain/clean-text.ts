/**
 * What must not reach a page or a terminal: control characters (C0, DEL, C1), line and paragraph separators, halves of
 * surrogate pairs, and the characters that reorder text or hide in it.
 */
const UNWANTED = /[\p{Cc}\p{Cs}\u2028\u2029\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** `text` without unwanted characters and without blanks at its ends. */
export function cleanText(text: string): string {
  return text.replace(/\t/g, ' ').replace(UNWANTED, '').trim();
}

/** At most `maxLength` characters of `text`, never half of one; a cut shows as an ellipsis. */
export function shorten(text: string, maxLength: number): string {
  const characters = Array.from(text);
  if (characters.length <= maxLength) return text;
  return `${characters.slice(0, maxLength - 1).join('')}…`;
}
