import { h, setAttribute } from '../../../base/dom.js';
import type { Line } from '../screen/line.js';
import type { LogScreen } from '../screen/log-screen.js';
import { fillLine, lineElement } from './line-view.js';

/** What stands in front of a line, such as its time; null for nothing. */
export type Gutter = (line: Line) => string | null;

/** `14:03:09`; what is longer has its day in front. */
const TIME_LENGTH = 8;

/** The elements of neighbouring lines of a screen. */
export class LineList {
  readonly element = h('div', { class: 'log-lines', 'data-testid': 'log-lines' });
  private start = 0;
  private end = 0;
  private gutter: Gutter | null = null;

  constructor(private screen: LogScreen) {}

  /** Id of the first line in the page. */
  get from(): number {
    return this.start;
  }

  /** Id behind the last one. */
  get to(): number {
    return this.end;
  }

  get count(): number {
    return this.end - this.start;
  }

  setScreen(screen: LogScreen): void {
    this.screen = screen;
    this.element.classList.remove('has-days');
    this.show(screen.firstId, screen.firstId);
  }

  /** Null for none. */
  setGutter(gutter: Gutter | null): void {
    this.gutter = gutter;
    this.element.classList.toggle('has-gutter', gutter !== null);
    this.refreshGutter();
  }

  /** Asks again what stands in front of the lines. */
  refreshGutter(): void {
    for (let id = this.start; id < this.end; id += 1) this.decorate(id, this.elementOf(id));
  }

  elementOf(id: number): HTMLElement | null {
    if (id < this.start) return null;
    const element = this.element.children.item(id - this.start);
    return element instanceof HTMLElement ? element : null;
  }

  /** Id of the line whose element is, or holds, a node. */
  idOf(node: Node): number | null {
    let element: Node | null = node;
    while (element && element.parentNode !== this.element) element = element.parentNode;
    return element instanceof HTMLElement ? Number(element.dataset['line']) : null;
  }

  /** Id of the line at a height below the list's upper edge, by bisection. */
  idAtHeight(y: number): number {
    let low = this.start;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const element = this.elementOf(middle);
      if (element && element.offsetTop + element.offsetHeight > y) high = middle;
      else low = middle + 1;
    }
    return Math.max(this.start, Math.min(low, this.end - 1));
  }

  show(start: number, end: number): void {
    this.element.replaceChildren(this.build(start, end));
    this.start = start;
    this.end = end;
  }

  extendUpTo(start: number): void {
    if (start >= this.start) return;
    this.element.prepend(this.build(start, this.start));
    this.start = start;
  }

  extendDownTo(end: number): void {
    if (end <= this.end) return;
    this.element.append(this.build(this.end, end));
    this.end = end;
  }

  /** Takes the lines before an id out of the page. */
  dropBefore(id: number): void {
    for (; this.start < Math.min(id, this.end); this.start += 1) this.element.firstChild?.remove();
  }

  /** Takes the lines from an id on out of the page. */
  dropFrom(id: number): void {
    for (; this.end > Math.max(id, this.start); this.end -= 1) this.element.lastChild?.remove();
  }

  /** Draws the lines from an id on anew. */
  redraw(dirty: number): void {
    // Lines may have vanished: a mark takes the place of an open empty line.
    for (let id = Math.max(dirty, this.start); id < this.end; id += 1) {
      const line = this.screen.line(id);
      const element = this.elementOf(id);
      if (!element || !line) continue;
      element.classList.toggle('is-mark', line.kind === 'mark');
      fillLine(element, line);
      this.decorate(id, element);
    }
  }

  private build(start: number, end: number): DocumentFragment {
    const fragment = document.createDocumentFragment();
    for (let id = start; id < end; id += 1) {
      const line = this.screen.line(id);
      const element = line ? lineElement(line) : h('div', { class: 'log-line' });
      element.dataset['line'] = String(id);
      this.decorate(id, element);
      fragment.append(element);
    }
    return fragment;
  }

  private decorate(id: number, element: HTMLElement | null): void {
    const line = this.screen.line(id);
    if (!element || !line) return;
    const text = this.gutter?.(line) ?? null;
    setAttribute(element, 'data-gutter', text);
    if (text !== null && text.length > TIME_LENGTH) this.element.classList.add('has-days');
  }
}
