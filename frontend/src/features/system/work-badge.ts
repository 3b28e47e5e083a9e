import type { Deletion } from '../../../../src/contracts/trash.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { plural } from '../../base/format.js';
import { deletionsFraction } from '../../domain/deletion.js';
import type { TrashStore } from '../../state/trash.js';
import { icon } from '../../ui/icon.js';

/** Says in the top bar that something is being deleted, and how far it is; leads to where one sees more. */
export class WorkBadge implements Disposable {
  private readonly words = h('span', null);
  readonly element: HTMLButtonElement;
  private readonly subscription: Disposable;

  constructor(trash: TrashStore, open: () => void) {
    this.element = h(
      'button',
      { type: 'button', class: 'work-badge', hidden: true, 'data-testid': 'work-badge', onclick: open },
      icon('trash'),
      this.words,
    );
    this.subscription = trash.state.watch(({ deletions }) => this.show(deletions));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private show(deletions: readonly Deletion[]): void {
    const present = deletions.filter(({ phase }) => phase !== 'failed');
    const fraction = deletionsFraction(present);
    const percent = fraction === null ? '' : ` ${String(Math.round(fraction * 100))} %`;
    const hadFocus = document.activeElement === this.element;
    this.element.hidden = present.length === 0;
    if (hadFocus && this.element.hidden) this.element.nextElementSibling?.querySelector('button')?.focus();
    setText(this.words, `Deleting${percent}`);
    const names = present.map(({ name }) => name).join(', ');
    setAttribute(this.element, 'aria-label', `Deleting ${names}${percent}. Open trash`);
    setAttribute(this.element, 'data-tip', `${plural(present.length, 'deletion')}: ${names}`);
  }
}
