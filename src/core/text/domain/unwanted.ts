/**
 * What must not reach a page or a terminal: control characters (C0, DEL, C1), line and paragraph separators, halves of
 * surrogate pairs, and the characters that reorder text or hide in it.
 */
const UNWANTED = /[\p{Cc}\p{Cs}\u2028\u2029\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** `text` without unwanted characters. @param kept those of them that have a meaning where the text is shown */
export function withoutUnwanted(text: string, kept = ''): string {
  return text.replace(UNWANTED, (character) => (kept.includes(character) ? character : ''));
}
