import type { Instance } from '../../../../src/contracts/instance.js';
import type { BulkVerb, Share } from '../../domain/bulk.js';
import { listNames } from '../../domain/bulk.js';
import { h, setText } from '../../base/dom.js';
import { button, setDisabledReason } from '../../ui/button.js';
import type { IconName } from '../../ui/icon.js';

export interface SelectionBarHost {
  share(verb: BulkVerb, instances: readonly Instance[]): Share;
  run(verb: BulkVerb, instances: readonly Instance[]): void;
  clear(): void;
}

const VERBS: readonly (readonly [BulkVerb, string, IconName])[] = [
  ['start', 'Start', 'play'],
  ['stop', 'Stop', 'stop'],
  ['restart', 'Restart', 'restart'],
  ['trash', 'Move to trash…', 'trash'],
];

/** What can be done with the selected rows, and with how many of them. */
export class SelectionBar {
  private readonly count = h('strong', { 'data-testid': 'selected-count', role: 'status' });
  private readonly buttons = new Map<BulkVerb, HTMLButtonElement>();
  private instances: readonly Instance[] = [];
  readonly element: HTMLElement;

  constructor(private readonly host: SelectionBarHost) {
    for (const [verb, label, icon] of VERBS)
      this.buttons.set(
        verb,
        button({
          label,
          icon,
          kind: 'quiet',
          testId: `bulk-${verb}`,
          onClick: () => host.run(verb, this.instances),
        }),
      );
    this.element = h(
      'div',
      {
        class: 'selection-bar',
        role: 'toolbar',
        'aria-label': 'Selected instances',
        hidden: true,
        'data-testid': 'selection-bar',
      },
      this.count,
      ...this.buttons.values(),
      button({
        label: 'Clear selection (Esc)',
        icon: 'close',
        isIconOnly: true,
        kind: 'quiet',
        testId: 'bulk-clear',
        onClick: () => host.clear(),
      }),
    );
  }

  /** @param hiddenCount how many of them the filter hides */
  show(instances: readonly Instance[], hiddenCount: number): void {
    this.instances = instances;
    this.element.hidden = instances.length === 0;
    if (instances.length === 0) return;
    const hidden = hiddenCount > 0 ? ` (${String(hiddenCount)} not shown)` : '';
    setText(this.count, `${String(instances.length)} selected${hidden}`);
    for (const [verb, label] of VERBS) this.showVerb(verb, label);
  }

  private showVerb(verb: BulkVerb, label: string): void {
    const element = this.buttons.get(verb);
    if (!element) return;
    const { able, others } = this.host.share(verb, this.instances);
    const isForAll = others.length === 0;
    const word = label.replace('…', '');
    const text =
      isForAll || able.length === 0 ? label : label.replace(word, `${word} ${String(able.length)}`);
    if (element.lastElementChild) setText(element.lastElementChild, text);
    const tip = isForAll
      ? null
      : `Applies to ${String(able.length)} of ${String(this.instances.length)}: ${listNames(able)}`;
    setDisabledReason(
      element,
      able.length === 0 ? 'It applies to none of the selected ones now.' : null,
      tip,
    );
  }
}
