import type { Instance } from '../../../../src/contracts/instance.js';
import { h, safeHref, setAttribute, setText } from '../../base/dom.js';
import { shortAddress } from '../../domain/short-address.js';
import { icon } from '../../ui/icon.js';

/** Where an application is reached: a link, short, and a button that copies it whole. */
export class AddressCell {
  private readonly link = h('a', {
    class: 'row-address',
    target: '_blank',
    rel: 'noopener',
    'data-testid': 'row-address',
    tabindex: -1,
  });
  private readonly copy: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(copy: () => void) {
    this.copy = h(
      'button',
      {
        type: 'button',
        class: 'row-mark',
        'data-testid': 'row-address-copy',
        'data-tip': 'Copy the address (Y)',
        tabindex: -1,
        onclick: copy,
      },
      icon('copy'),
    );
    this.element = h('div', { class: 'cell cell-address', role: 'gridcell' }, this.link, this.copy);
  }

  update({ name, url }: Instance): void {
    setText(this.link, shortAddress(url, location.href));
    setAttribute(this.link, 'href', safeHref(url));
    setAttribute(this.link, 'data-tip', url);
    setAttribute(this.copy, 'aria-label', `Copy the address of ${name}`);
  }

  setReachable(isReachable: boolean): void {
    for (const part of [this.link, this.copy]) setAttribute(part, 'tabindex', isReachable ? 0 : -1);
  }
}
