import { withoutUnwanted } from '../../../core/text/domain/unwanted.js';

/** `text` without unwanted characters and without blanks at its ends. */
export function cleanText(text: string): string {
  return withoutUnwanted(text.replace(/\t/g, ' ')).trim();
}

/** At most `maxLength` characters of `text`, never half of one; a cut shows as an ellipsis. */
export function shorten(text: string, maxLength: number): string {
  const characters = Array.from(text);
  if (characters.length <= maxLength) return text;
  return `${characters.slice(0, maxLength - 1).join('')}…`;
}
