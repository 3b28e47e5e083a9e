import { h, setAttribute } from '../../../base/dom.js';
import type { Line, Span } from '../screen/line.js';
import { PLAIN, inkOn, paletteHex } from '../screen/sgr.js';
import type { Colour, Style } from '../screen/sgr.js';

/** The element of a line. Whatever the application printed ends up in text nodes only. */
export function lineElement(line: Line): HTMLElement {
  const element = h('div', { class: line.kind === 'mark' ? 'log-line is-mark' : 'log-line' });
  fillLine(element, line);
  return element;
}

/** Draws a line into its element anew. */
export function fillLine(element: HTMLElement, line: Line): void {
  element.replaceChildren(...line.spans.map(spanNode));
}

function spanNode(span: Span): Node {
  if (span.style === PLAIN) return document.createTextNode(span.text);
  const { style } = span;
  const element = style.link === null ? h('span', null, span.text) : linkElement(style.link, span.text);
  setAttribute(element, 'class', styleClasses(style));
  const [foreground, background] = style.isInverse
    ? [style.background, style.foreground]
    : [style.foreground, style.background];
  if (foreground !== null) element.style.setProperty('color', cssOf(foreground));
  if (background !== null) paintBackground(element, background, style.isInverse);
  if (background !== null && foreground === null) keepReadable(element, background);
  return element;
}

/** Where it leads stands in its tip: the text is the application's and may claim anything. */
function linkElement(address: string, text: string): HTMLElement {
  const attributes = { href: address, target: '_blank', rel: 'noopener noreferrer', 'data-tip': address };
  return h('a', attributes, text);
}

const FLAG_CLASSES = [
  ['isBold', 'a-bold'],
  ['isDim', 'a-dim'],
  ['isItalic', 'a-italic'],
  ['isUnderlined', 'a-underline'],
  ['isInverse', 'a-inverse'],
  ['isStruck', 'a-strike'],
] as const;

function styleClasses(style: Style): string | null {
  const names = FLAG_CLASSES.filter(([flag]) => style[flag]).map(([, name]) => name);
  return names.length === 0 ? null : names.join(' ');
}

/** The sixteen named colours follow the theme. */
function cssOf(colour: Colour): string {
  if (typeof colour === 'string') return colour;
  return colour < 16 ? `var(--ansi-${String(colour)})` : paletteHex(colour);
}

/**
 * The named colours are chosen to be read as text on the log's ground; under text they are toned down, so that any other of them
 * can be read on them. In an inverse look the text has the colour of the ground, and they stay.
 */
function paintBackground(element: HTMLElement, colour: Colour, isInverse: boolean): void {
  const css = cssOf(colour);
  const isNamed = typeof colour === 'number' && colour < 16;
  const toned = isNamed && !isInverse ? `color-mix(in srgb, ${css} 30%, var(--sunken))` : css;
  element.style.setProperty('background-color', toned);
}

/** The usual text colour fits the theme's ground, not one that a program mixed itself. */
function keepReadable(element: HTMLElement, background: Colour): void {
  if (typeof background === 'number' && background < 16) return;
  const hex = typeof background === 'string' ? background : paletteHex(background);
  element.style.setProperty('color', inkOn(hex));
}
