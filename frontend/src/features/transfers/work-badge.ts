import type { Operation } from '../../../../src/contracts/operation.js';
import type { Deletion } from '../../../../src/contracts/trash.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { badgeOf } from '../../domain/badge.js';
import type { Upload } from '../../state/uploads.js';
import { icon, setIcon } from '../../ui/icon.js';
import type { TransferHost } from './transfer-host.js';
import '../../ui/late-styles.js';

type BadgeHost = Pick<TransferHost, 'transfers' | 'trash' | 'uploads' | 'openTasks' | 'openTrash'>;

/** Says in the top bar what long work is under way, and how far it is; leads to where one sees more. */
export class WorkBadge implements Disposable {
  private readonly words = h('span', { class: 'work-words' });
  private readonly percent = h('span', null);
  private readonly symbol = icon('trash');
  private readonly resources = new DisposableStore();
  readonly element: HTMLButtonElement;

  constructor(private readonly host: BadgeHost) {
    this.element = h(
      'button',
      {
        type: 'button',
        class: 'work-badge',
        hidden: true,
        'data-testid': 'work-badge',
        onclick: () => host.openTasks(),
      },
      this.symbol,
      this.words,
      this.percent,
    );
    for (const source of [host.transfers.operations, host.trash.state, host.uploads.list])
      this.resources.add(source.on(() => this.show()));
    this.show();
  }

  dispose(): void {
    this.resources.dispose();
    this.element.remove();
  }

  private show(): void {
    const { transfers, trash, uploads } = this.host;
    const operations: readonly Operation[] = transfers.operations.value;
    const deletions: readonly Deletion[] = trash.state.value.deletions;
    const sent: readonly Upload[] = uploads.list.value;
    const badge = badgeOf(
      operations,
      deletions,
      sent.filter(({ problem }) => problem === null),
    );
    const hadFocus = document.activeElement === this.element;
    this.element.hidden = badge === null;
    if (badge === null) {
      if (hadFocus)
        this.element.closest('header')?.querySelector<HTMLElement>('[data-testid="menu-button"]')?.focus();
      return;
    }
    setIcon(this.symbol, badge.symbol);
    setText(this.words, badge.words);
    setText(this.percent, badge.percent);
    setAttribute(this.element, 'aria-label', `${badge.all}. Show tasks`);
    setAttribute(this.element, 'data-tip', badge.all);
  }
}
