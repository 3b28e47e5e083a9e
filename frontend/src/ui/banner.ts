import { h } from '../base/dom.js';
import type { Child } from '../base/dom.js';
import { icon } from './icon.js';
import type { IconName } from './icon.js';

export interface BannerOptions {
  testId: string;
  kind: 'info' | 'attention' | 'failed';
  icon: IconName;
  text: readonly Child[];
  actions?: readonly HTMLElement[];
}

/** A line across the top of a part that says something and offers what to do about it. */
export function banner(options: BannerOptions): HTMLElement {
  return h(
    'div',
    { class: `banner is-${options.kind}`, role: 'status', 'data-testid': options.testId },
    icon(options.icon),
    h('p', null, ...options.text),
    ...(options.actions ? [h('div', { class: 'banner-actions' }, ...options.actions)] : []),
  );
}
