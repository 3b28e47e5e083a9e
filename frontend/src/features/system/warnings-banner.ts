import { h } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { SystemStore } from '../../state/system.js';
import { icon } from '../../ui/icon.js';

/** Across the page while something of AiKore's own is wrong, such as a full disk: each line goes by itself when it ends. */
export class WarningsBanner implements Disposable {
  readonly element = h('div', {
    class: 'banner is-attention',
    role: 'status',
    hidden: true,
    'data-testid': 'system-warnings',
  });
  private readonly subscription: Disposable;

  constructor(system: SystemStore) {
    this.subscription = system.warnings.watch((warnings) => this.show(warnings));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private show(warnings: readonly string[]): void {
    this.element.hidden = warnings.length === 0;
    this.element.replaceChildren(
      icon('warning'),
      h('div', null, ...warnings.map((text) => h('p', null, text))),
    );
  }
}
