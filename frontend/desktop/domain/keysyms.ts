/** Keys by their names in X11 (keysymdef.h), with the physical key as KeyboardEvent.code names it. */
export interface Key {
  keysym: number;
  code: string;
}

export const KEYS = {
  backspace: { keysym: 0xff08, code: 'Backspace' },
  tab: { keysym: 0xff09, code: 'Tab' },
  enter: { keysym: 0xff0d, code: 'Enter' },
  escape: { keysym: 0xff1b, code: 'Escape' },
  delete: { keysym: 0xffff, code: 'Delete' },
  home: { keysym: 0xff50, code: 'Home' },
  left: { keysym: 0xff51, code: 'ArrowLeft' },
  up: { keysym: 0xff52, code: 'ArrowUp' },
  right: { keysym: 0xff53, code: 'ArrowRight' },
  down: { keysym: 0xff54, code: 'ArrowDown' },
  pageUp: { keysym: 0xff55, code: 'PageUp' },
  pageDown: { keysym: 0xff56, code: 'PageDown' },
  end: { keysym: 0xff57, code: 'End' },
  f5: { keysym: 0xffc2, code: 'F5' },
  f6: { keysym: 0xffc3, code: 'F6' },
  f11: { keysym: 0xffc8, code: 'F11' },
  shift: { keysym: 0xffe1, code: 'ShiftLeft' },
  control: { keysym: 0xffe3, code: 'ControlLeft' },
  alt: { keysym: 0xffe9, code: 'AltLeft' },
  super: { keysym: 0xffeb, code: 'MetaLeft' },
  insert: { keysym: 0xff63, code: 'Insert' },
} as const satisfies Record<string, Key>;

/**
 * The keysym of a character: Latin 1 as it is, line ends and tabs as their keys, everything else by Unicode (X11 protocol,
 * appendix A).
 */
export function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point === 0x0a || point === 0x0d) return KEYS.enter.keysym;
  if (point === 0x09) return KEYS.tab.keysym;
  const isLatin = (point >= 0x20 && point <= 0x7e) || (point >= 0xa0 && point <= 0xff);
  return isLatin ? point : 0x01000000 + point;
}
