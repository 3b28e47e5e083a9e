import { h } from '../../base/dom.js';
import type { Line, Span } from './line.js';
import { PLAIN, paletteHex } from './sgr.js';
import type { Colour, Style } from './sgr.js';

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
  const element = h('span', { class: styleClasses(style) }, span.text);
  const [foreground, background] = style.isInverse
    ? [style.background, style.foreground]
    : [style.foreground, style.background];
  paint(element, 'color', foreground);
  paint(element, 'background-color', background);
  return element;
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
function paint(element: HTMLElement, property: 'color' | 'background-color', colour: Colour | null): void {
  if (colour === null) return;
  if (typeof colour === 'string') element.style.setProperty(property, colour);
  else
    element.style.setProperty(property, colour < 16 ? `var(--ansi-${String(colour)})` : paletteHex(colour));
}
