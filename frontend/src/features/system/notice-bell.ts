import { h, setAttribute, setText } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { plural } from '../../base/format.js';
import type { NoticeStore } from '../../state/notices.js';
import { button } from '../../ui/button.js';

const MOST_COUNTED = 99;

/** The bell: how many messages came since somebody looked, and the way to them. */
export class NoticeBell implements Disposable {
  private readonly count = h('span', { class: 'bell-count', 'aria-hidden': 'true', hidden: true });
  readonly element: HTMLButtonElement;
  private readonly subscription: Disposable;

  constructor(notices: NoticeStore, open: () => void) {
    this.element = button({
      label: 'Messages',
      icon: 'bell',
      isIconOnly: true,
      kind: 'quiet',
      testId: 'notice-bell',
      onClick: open,
    });
    this.element.append(this.count);
    this.subscription = notices.unread.watch((unread) => this.show(unread));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private show(unread: number): void {
    const label = unread === 0 ? 'Messages' : `Messages, ${plural(unread, 'new one')}`;
    setAttribute(this.element, 'aria-label', label);
    setAttribute(this.element, 'data-tip', label);
    setAttribute(this.element, 'data-unread', unread);
    setText(this.count, unread > MOST_COUNTED ? `${String(MOST_COUNTED)}+` : String(unread));
    this.count.hidden = unread === 0;
  }
}
