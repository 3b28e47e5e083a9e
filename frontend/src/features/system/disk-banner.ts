import { h } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { SystemStore } from '../../state/system.js';
import { icon } from '../../ui/icon.js';

/** Across the page while the disk of the data directory is full: it goes by itself when there is room again. */
export class DiskBanner implements Disposable {
  readonly element = h(
    'div',
    { class: 'banner is-attention', role: 'status', hidden: true, 'data-testid': 'disk-banner' },
    icon('warning'),
    h(
      'p',
      null,
      h('strong', null, 'The disk of the data directory is full.'),
      ' Instances run on, but nothing can be saved and their output is lost. Free some space; deleting permanently and emptying the trash still work.',
    ),
  );
  private readonly subscription: Disposable;

  constructor(system: SystemStore) {
    this.subscription = system.stats.watch((stats) => (this.element.hidden = stats?.disk_state !== 'full'));
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
