import { h, setText } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { discardChanges } from '../../state/discard-changes.js';
import type { NoticeStore } from '../../state/notices.js';
import type { PendingChanges } from '../../state/pending-changes.js';
import { button } from '../../ui/button.js';

export interface ChangesButtonHost {
  pending: PendingChanges;
  notices: NoticeStore;
  review(): void;
}

/** *Save changes (n)*, while there are some; leaving the page then asks first. */
export class ChangesButton implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly save: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(private readonly host: ChangesButtonHost) {
    this.save = button({
      label: 'Save changes',
      icon: 'check',
      kind: 'primary',
      testId: 'save-changes',
      attributes: {
        'aria-keyshortcuts': 'Control+S',
        'data-tip': 'What changed, and what restarts for it (Ctrl S)',
      },
      onClick: () => host.review(),
    });
    const discard = button({
      label: 'Discard',
      kind: 'quiet',
      testId: 'discard-changes',
      attributes: { 'data-tip': 'Put every changed field back to what is stored' },
      onClick: () => discardChanges(host.pending, host.notices),
    });
    this.element = h('div', { class: 'changes-buttons', hidden: true }, discard, this.save);
    this.resources.add(host.pending.on(() => this.show()));
    this.resources.add(listen(window, 'beforeunload', (event) => this.leaving(event)));
    this.show();
  }

  dispose(): void {
    this.resources.dispose();
  }

  private show(): void {
    const { count } = this.host.pending;
    this.element.hidden = count === 0;
    if (this.save.lastElementChild) setText(this.save.lastElementChild, `Save changes (${String(count)})`);
  }

  private leaving(event: BeforeUnloadEvent): void {
    if (this.host.pending.count > 0) event.preventDefault();
  }
}
