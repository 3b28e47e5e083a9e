import type { Extension } from '@codemirror/state';
import { highlightSpecialChars } from '@codemirror/view';

const BIDI_AND_HIDDEN =
  /[\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffc]/g;

/** What is invisible or turns the text around is shown by its number, so that a script says what it does. */
export const specialCharacters: Extension = highlightSpecialChars({
  addSpecialChars: BIDI_AND_HIDDEN,
  render: (code, description) => {
    const mark = document.createElement('span');
    mark.className = 'cm-special';
    mark.textContent = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    mark.title = description ?? '';
    mark.setAttribute('aria-label', description ?? mark.textContent);
    mark.setAttribute('role', 'img');
    return mark;
  },
});
