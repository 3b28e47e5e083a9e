import { h, setAttribute } from '../../base/dom.js';

const COLUMNS = [
  'Name',
  'Blueprint',
  'Status',
  'Address',
  'GPU',
  'CPU',
  'RAM',
  'VRAM',
  'Port',
  'Actions',
] as const;
/** With the handle's and the box's. */
export const COLUMN_COUNT = COLUMNS.length + 2;

/** The titles of the columns, and the box that selects all that is shown. */
export class TableHead {
  private readonly all = h('input', {
    type: 'checkbox',
    'aria-label': 'Select all that are shown',
    'data-testid': 'select-all',
    onclick: () => this.onAll(this.all.checked),
  });
  readonly element: HTMLElement;

  constructor(private readonly onAll: (isOn: boolean) => void) {
    this.element = h(
      'div',
      { class: 'table-head', role: 'rowgroup' },
      h(
        'div',
        { class: 'row-line', role: 'row', 'aria-rowindex': 1 },
        h('div', { class: 'cell cell-grip', role: 'columnheader' }, hiddenText('Place')),
        h('div', { class: 'cell cell-check', role: 'columnheader' }, this.all),
        ...COLUMNS.map((title) =>
          h('div', { class: `cell cell-${title.toLowerCase()}`, role: 'columnheader' }, title),
        ),
      ),
    );
  }

  show(coverage: 'all' | 'some' | 'none'): void {
    this.all.checked = coverage === 'all';
    this.all.indeterminate = coverage === 'some';
    setAttribute(this.all, 'data-coverage', coverage);
  }
}

function hiddenText(text: string): HTMLElement {
  return h('span', { class: 'is-off-screen' }, text);
}
