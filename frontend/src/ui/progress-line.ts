import { h, setAttribute } from '../base/dom.js';

/** Only the bar, for a place that says the phase itself: a line at its edge, gone while nobody knows how far the work is. */
export class ProgressLine {
  private readonly fill = h('div', { class: 'progress-fill' });
  readonly element = h(
    'div',
    {
      class: 'progress-line',
      role: 'progressbar',
      'aria-valuemin': 0,
      'aria-valuemax': 100,
      hidden: true,
      'data-testid': 'progress-line',
    },
    this.fill,
  );

  /** @param fraction 0 to 1, or null to show nothing */
  update(phase: string, fraction: number | null): void {
    const percent = percentOf(fraction);
    this.element.hidden = percent === null;
    setAttribute(this.element, 'aria-label', phase);
    setAttribute(this.element, 'aria-valuenow', percent);
    this.fill.style.width = percent === null ? '' : `${String(percent)}%`;
  }
}

/** Whole percents of a fraction, within 0 and 100; null while nobody knows. */
export function percentOf(fraction: number | null): number | null {
  return fraction === null ? null : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
}
