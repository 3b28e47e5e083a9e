import { h, setAttribute, setText } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { Level } from '../../domain/levels.js';
import { Chart } from './chart.js';
import type { ChartData, ChartOptions } from './chart.js';
import { legend } from './chart-tip.js';

/** A figure with its name, what it means and its past. */
export class FigureCard implements Disposable {
  private readonly figure = h('span', { class: 'figure' });
  private readonly word = h('span', { class: 'level' });
  private readonly detail = h('p', { class: 'figure-detail' });
  private readonly chart: Chart;
  readonly element: HTMLElement;

  constructor(title: string, testId: string, options: ChartOptions) {
    this.chart = new Chart(options);
    this.element = h(
      'section',
      { class: 'figure-card', 'aria-label': options.label, 'data-testid': testId },
      h('div', { class: 'figure-head' }, h('h3', null, title), this.word, this.figure),
      this.detail,
      this.chart.element,
      options.lines.length > 1 ? legend(options.lines) : null,
    );
  }

  dispose(): void {
    this.chart.dispose();
    this.element.remove();
  }

  show(figure: string, detail: string, level: Level | null, produce: () => ChartData): void {
    setText(this.figure, figure);
    setText(this.detail, detail);
    setAttribute(this.detail, 'data-tip', detail === '' ? null : detail);
    showLevel(this.word, level);
    this.chart.show(produce);
  }

  hurry(): void {
    this.chart.hurry();
  }

  recolour(): void {
    this.chart.recolour();
  }
}

/** The word of a level in its colour; nothing where all is well. */
export function showLevel(element: HTMLElement, level: Level | null): void {
  setText(element, level?.word ?? '');
  setAttribute(element, 'data-meaning', level && level.word !== '' ? level.meaning : null);
}
