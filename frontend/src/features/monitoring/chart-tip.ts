import type uPlot from 'uplot';
import { h, replaceChildren, setText } from '../../base/dom.js';
import { GAP_MS } from '../../domain/time-window.js';
import type { ChartLine } from './chart-line.js';

const GAP = 10;

/** The point at a time, or null where nothing was known for too long around it. */
export function nearIndex(
  seconds: ArrayLike<number> | undefined,
  closest: number,
  at: number,
): number | null {
  const found = seconds?.[closest];
  return found === undefined || Math.abs(found - at) * 1000 > GAP_MS ? null : closest;
}

/** The exact values at the cursor, on the chart that is pointed at; the others only show where the time is. */
export class ChartTip {
  private readonly time = h('div', { class: 'chart-tip-time' });
  private readonly values: HTMLElement[];
  private readonly element: HTMLElement;
  private plot: uPlot | null = null;
  /** The pointer or the keyboard is on this chart, and not on one that shares its cursor. */
  isPointed = false;

  constructor(
    private readonly lines: readonly ChartLine[],
    private readonly owner: HTMLElement,
  ) {
    this.values = lines.map(() => h('span', { class: 'chart-tip-value' }));
    this.element = h(
      'div',
      { class: 'chart-tip', hidden: true, role: 'status', 'data-testid': 'chart-tip' },
      this.time,
    );
    for (const [index, { label, colour }] of lines.entries()) {
      const swatch = h('i', { class: `chart-swatch is-${String(colour)}` });
      this.element.append(h('div', { class: 'chart-tip-line' }, swatch, label, this.values[index]));
    }
    owner.addEventListener('pointerenter', () => (this.isPointed = true));
    owner.addEventListener('pointerleave', () => this.leave());
  }

  attach(plot: uPlot): void {
    this.plot = plot;
    plot.over.append(this.element);
  }

  move(plot: uPlot): void {
    const { idx, left = -1 } = plot.cursor;
    const isShown = this.isPointed && left >= 0 && idx !== null && idx !== undefined;
    this.element.hidden = !isShown;
    if (!isShown) return;
    this.write(plot, idx, plot.posToVal(left, 'x'));
    const width = this.element.offsetWidth;
    const { clientWidth } = plot.over;
    const isRight = left + GAP + width <= clientWidth;
    const x = isRight ? left + GAP : Math.max(GAP - width, left - GAP - width);
    this.element.style.transform = `translate(${String(Math.round(x))}px, 2px)`;
  }

  /** New points came under a cursor that rests. */
  refresh(): void {
    if (this.plot && !this.element.hidden) this.move(this.plot);
  }

  private write(plot: uPlot, closest: number, atSeconds: number): void {
    const index = nearIndex(plot.data[0], closest, atSeconds);
    const seconds = index === null ? atSeconds : (plot.data[0][index] ?? atSeconds);
    setText(this.time, new Date(seconds * 1000).toLocaleTimeString([], { hourCycle: 'h23' }));
    for (const [at, { format }] of this.lines.entries()) {
      const value = index === null ? null : plot.data[at + 1]?.[index];
      const element = this.values[at];
      if (element) setText(element, value === null || value === undefined ? '–' : format(value));
    }
  }

  private leave(): void {
    this.isPointed = this.owner.matches(':focus-visible');
    if (!this.isPointed) this.element.hidden = true;
  }
}

/** What the lines are, for a chart of more than one. */
export function legend(lines: readonly ChartLine[]): HTMLElement {
  const element = h('div', { class: 'chart-legend', 'aria-hidden': 'true' });
  replaceChildren(
    element,
    ...lines.map(({ label, colour }) =>
      h(
        'span',
        { class: 'chart-legend-entry' },
        h('i', { class: `chart-swatch is-${String(colour)}` }),
        label,
      ),
    ),
  );
  return element;
}
