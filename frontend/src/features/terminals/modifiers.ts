export interface Modifiers {
  ctrl: boolean;
  alt: boolean;
}

/**
 * What a key sends when Ctrl or Alt was tapped before it in the key row. More than one character is no key (a paste, a word of
 * an on-screen keyboard's suggestions) and goes as it is.
 */
export function withModifiers(data: string, { ctrl, alt }: Modifiers): string {
  if (Array.from(data).length !== 1) return data;
  const key = ctrl ? controlCharacter(data) : data;
  return alt ? `\x1b${key}` : key;
}

/** Ctrl with a key, as terminals have it since the VT100: the code without its upper bits. */
function controlCharacter(key: string): string {
  if (key === ' ') return '\0';
  if (key === '?') return '\x7f';
  const code = key.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code & 0x1f) : key;
}

export type RowKey =
  'Esc' | 'Tab' | '←' | '↑' | '↓' | '→' | 'Home' | 'End' | 'PgUp' | 'PgDn' | '|' | '~' | '/' | '-';

const CURSOR_LETTERS: Partial<Record<RowKey, string>> = {
  '↑': 'A',
  '↓': 'B',
  '→': 'C',
  '←': 'D',
  Home: 'H',
  End: 'F',
};

const OTHERS: Partial<Record<RowKey, string>> = {
  Esc: '\x1b',
  Tab: '\t',
  PgUp: '\x1b[5~',
  PgDn: '\x1b[6~',
};

/** @param isApplication whether the program asked for application cursor keys (DECCKM) */
export function rowKeySequence(key: RowKey, modifiers: Modifiers, isApplication: boolean): string {
  const letter = CURSOR_LETTERS[key];
  if (letter !== undefined) return cursorSequence(letter, modifiers, isApplication);
  const other = OTHERS[key];
  if (key === 'Tab' || other === undefined) return withModifiers(other ?? key, modifiers);
  return modifiers.alt ? `\x1b${other}` : other;
}

function cursorSequence(letter: string, { ctrl, alt }: Modifiers, isApplication: boolean): string {
  const modifier = 1 + (alt ? 2 : 0) + (ctrl ? 4 : 0);
  if (modifier > 1) return `\x1b[1;${String(modifier)}${letter}`;
  return isApplication ? `\x1bO${letter}` : `\x1b[${letter}`;
}
