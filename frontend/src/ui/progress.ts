import { h, setAttribute, setText, uniqueId } from '../base/dom.js';
import { percentOf } from './progress-line.js';

export interface ProgressState {
  /** What is being done: `Installing torch`, `Deleting`. */
  phase: string;
  /** 0 to 1; null while nobody knows how much there is. */
  fraction: number | null;
  /** More about it: `1.9 of 2.8 GB`. */
  note?: string;
}

/** How far long work is: its phase, a bar, and what there is to say of it. The same wherever work is shown. */
export class ProgressBar {
  private readonly phase = h('span', { class: 'progress-phase', id: uniqueId('phase') });
  private readonly note = h('span', { class: 'progress-note' });
  private readonly fill = h('div', { class: 'progress-fill' });
  private readonly track = h(
    'div',
    {
      class: 'progress-track',
      role: 'progressbar',
      'aria-labelledby': this.phase.id,
      'aria-valuemin': 0,
      'aria-valuemax': 100,
    },
    this.fill,
  );
  readonly element: HTMLElement;

  constructor(state: ProgressState, testId = 'progress') {
    this.element = h(
      'div',
      { class: 'progress', 'data-testid': testId },
      h('div', { class: 'progress-words' }, this.phase, this.note),
      this.track,
    );
    this.update(state);
  }

  update({ phase, fraction, note = '' }: ProgressState): void {
    const percent = percentOf(fraction);
    setText(this.phase, phase);
    setText(this.note, [percent === null ? '' : `${String(percent)} %`, note].filter(Boolean).join(' · '));
    setAttribute(this.track, 'aria-valuenow', percent);
    setAttribute(this.track, 'aria-valuetext', percent === null ? note || phase : `${String(percent)} %`);
    this.element.classList.toggle('is-indeterminate', percent === null);
    this.fill.style.width = percent === null ? '' : `${String(percent)}%`;
  }
}
