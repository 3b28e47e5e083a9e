import { h, setText } from '../../base/dom.js';
import { plural } from '../../base/format.js';
import { describeCounts } from '../../domain/status.js';
import type { StatusCounts } from '../../domain/status.js';
import { button } from '../../ui/button.js';

export interface InstancesHeadHost {
  changes: HTMLElement;
  filterChanged(): void;
  /** To the rows, which the filter may have changed. */
  leaveFilter(): void;
  create(): void;
}

/** The line above the table: how many, the changes that wait, the filter, and a new one. */
export class InstancesHead {
  private readonly count = h('p', { class: 'instances-count', role: 'status', 'data-testid': 'count' });
  private readonly filter: HTMLInputElement;
  readonly element: HTMLElement;

  constructor(private readonly host: InstancesHeadHost) {
    this.filter = h('input', {
      type: 'search',
      class: 'input instances-filter',
      placeholder: 'Filter',
      'aria-label': 'Filter instances by name, blueprint, status or port',
      'aria-keyshortcuts': '/',
      'data-testid': 'filter',
      oninput: () => host.filterChanged(),
      onkeydown: (event) => this.key(event),
    });
    this.element = h(
      'header',
      { class: 'instances-head' },
      h('h1', null, 'Instances'),
      this.count,
      host.changes,
      h('div', { class: 'instances-search' }, this.filter, h('kbd', { 'aria-hidden': 'true' }, '/')),
      button({
        label: 'New instance',
        icon: 'plus',
        kind: 'primary',
        testId: 'new-instance',
        onClick: () => host.create(),
      }),
    );
  }

  get query(): string {
    return this.filter.value;
  }

  focusFilter(): void {
    this.filter.focus();
    this.filter.select();
  }

  clearFilter(): void {
    this.filter.value = '';
    this.host.filterChanged();
  }

  /** `12 of 1,000 · 4 running`; null before the first snapshot. */
  showCounts(counts: StatusCounts | null, shownCount: number): void {
    if (counts === null) {
      setText(this.count, '');
      return;
    }
    const words = describeCounts(counts);
    const total = plural(counts.total, '', '').trim();
    setText(this.count, this.query.trim() === '' ? words : `${String(shownCount)} of ${total} · ${words}`);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.clearFilter();
    else if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    event.preventDefault();
    this.host.leaveFilter();
  }
}
