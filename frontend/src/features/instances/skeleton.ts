import { h } from '../../base/dom.js';

/** Where rows will be, while they are awaited. */
export function skeleton(): HTMLElement {
  const lines = Array.from({ length: 6 }, () => h('div', { class: 'skeleton-line' }));
  return h('div', { class: 'skeleton', hidden: true, 'aria-hidden': 'true' }, ...lines);
}
