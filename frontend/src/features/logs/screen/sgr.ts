/** A number is an index of the 256-colour palette, a string is `#rrggbb`. */
export type Colour = number | string;

export interface Style {
  readonly foreground: Colour | null;
  readonly background: Colour | null;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  readonly isInverse: boolean;
  readonly isStruck: boolean;
  /** Address of a link, http or https only. */
  readonly link: string | null;
}

export const PLAIN: Style = {
  foreground: null,
  background: null,
  isBold: false,
  isDim: false,
  isItalic: false,
  isUnderlined: false,
  isInverse: false,
  isStruck: false,
  link: null,
};

const FLAGS: Readonly<Record<number, Partial<Style>>> = {
  1: { isBold: true },
  2: { isDim: true },
  3: { isItalic: true },
  4: { isUnderlined: true },
  7: { isInverse: true },
  9: { isStruck: true },
  21: { isUnderlined: true },
  22: { isBold: false, isDim: false },
  23: { isItalic: false },
  24: { isUnderlined: false },
  27: { isInverse: false },
  29: { isStruck: false },
  39: { foreground: null },
  49: { background: null },
};

const known = new Map<string, Style>();

/** One object for each look, so that neighbours of the same look are recognised by identity. */
function intern(style: Style): Style {
  const key = Object.values(style).join();
  const present = known.get(key);
  if (present) return present;
  // Truecolour gradients make endless looks; the table is a help, not a store.
  if (known.size > 4096) known.clear();
  known.set(key, style);
  return style;
}
intern(PLAIN);

/**
 * Applies the parameters of `CSI … m` (ECMA-48, 8.3.117; colours as xterm's ctlseqs has them, with `;` and with `:`). Unknown
 * parameters are passed over.
 */
export function applySgr(style: Style, parameters: string): Style {
  const parts = parameters.split(';');
  let next = style;
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? '';
    const code = Number.parseInt(part, 10) || 0;
    if (code === 38 || code === 48) {
      const isPacked = part.includes(':');
      const colour = isPacked ? packedColour(part.split(':').slice(1)) : listedColour(parts, index + 1);
      if (!isPacked) index += colour.used;
      if (colour.value !== null) next = withColour(next, code === 38, colour.value);
    } else {
      next = part === '4:0' ? { ...next, isUnderlined: false } : applyCode(next, code);
    }
  }
  return intern(next);
}

/** The look of text inside a link. */
export function linked(style: Style, link: string | null): Style {
  return link === style.link ? style : intern({ ...style, link });
}

function applyCode(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  const flag = FLAGS[code];
  if (flag) return { ...style, ...flag };
  if (code >= 30 && code <= 37) return withColour(style, true, code - 30);
  if (code >= 40 && code <= 47) return withColour(style, false, code - 40);
  if (code >= 90 && code <= 97) return withColour(style, true, code - 82);
  if (code >= 100 && code <= 107) return withColour(style, false, code - 92);
  return style;
}

function withColour(style: Style, isForeground: boolean, colour: Colour): Style {
  return isForeground ? { ...style, foreground: colour } : { ...style, background: colour };
}

interface ReadColour {
  value: Colour | null;
  /** How many further parameters belong to the colour. */
  used: number;
}

function listedColour(parts: readonly string[], start: number): ReadColour {
  if (parts[start] === '5') return { value: paletteColour(parts[start + 1]), used: 2 };
  if (parts[start] === '2') return { value: rgbColour(parts.slice(start + 1, start + 4)), used: 4 };
  return { value: null, used: 0 };
}

/** `38:5:n`, `38:2:r:g:b` and `38:2:<space>:r:g:b`. */
function packedColour(parts: readonly string[]): ReadColour {
  if (parts[0] === '5') return { value: paletteColour(parts[1]), used: 0 };
  if (parts[0] === '2') return { value: rgbColour(parts.slice(parts.length >= 5 ? 2 : 1)), used: 0 };
  return { value: null, used: 0 };
}

function paletteColour(text: string | undefined): number | null {
  const index = Number.parseInt(text ?? '', 10);
  return index >= 0 && index <= 255 ? index : null;
}

function rgbColour(parts: readonly string[]): string | null {
  const channels = parts.slice(0, 3).map((part) => Number.parseInt(part, 10));
  if (channels.length < 3 || !channels.every((channel) => channel >= 0 && channel <= 255)) return null;
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

const CUBE = [0, 95, 135, 175, 215, 255] as const;

/** The colour of a palette index from 16 on (the 6×6×6 cube and the greys of xterm); the first 16 belong to the theme. */
export function paletteHex(index: number): string {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return toHex(grey, grey, grey);
  }
  const cell = index - 16;
  return toHex(cubeLevel(cell / 36), cubeLevel((cell / 6) % 6), cubeLevel(cell % 6));
}

/** Black or white, whichever is read better on `#rrggbb` (relative luminance of WCAG 2, with its threshold for equal contrast). */
export function inkOn(hex: string): string {
  const linear = (start: number) => (Number.parseInt(hex.slice(start, start + 2), 16) / 255) ** 2.2;
  const luminance = 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
  return luminance > 0.179 ? '#000000' : '#ffffff';
}

function cubeLevel(step: number): number {
  return CUBE[Math.floor(step)] ?? 0;
}

function toHex(red: number, green: number, blue: number): string {
  return `#${[red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
