import { h, setText } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { EventStream } from '../../net/events.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';

/** A restart of AiKore is over by then; who would be told of it could do nothing. */
const SHOWN_AFTER_MS = 3_000;
const TICK_MS = 500;

/**
 * Across the page when the connection stays lost: what it means, when it is tried again, and a button for who will not wait.
 * It goes by itself.
 */
export class ConnectionBanner implements Disposable {
  private readonly countdown = h('span', { 'data-testid': 'connection-countdown' });
  private readonly retry = button({
    label: 'Try now',
    testId: 'connection-retry',
    onClick: () => this.events.tryNow(),
  });
  private readonly words = h('p', null);
  readonly element = h(
    'div',
    { class: 'banner is-attention', hidden: true, 'data-testid': 'connection-banner' },
    icon('warning'),
    h('div', { class: 'banner-text' }, this.words, this.countdown),
    this.retry,
  );
  private readonly resources = new DisposableStore();
  private timer: number | null = null;
  private ticker: number | null = null;

  constructor(private readonly events: EventStream) {
    this.resources.add(events.state.watch((state) => (state === 'lost' ? this.lost() : this.clear())));
    this.resources.add(events.nextAttemptAtMs.on(() => this.tick()));
    this.resources.defer(() => this.clear());
  }

  dispose(): void {
    this.resources.dispose();
  }

  private lost(): void {
    this.timer ??= window.setTimeout(() => this.show(), SHOWN_AFTER_MS);
  }

  private show(): void {
    this.element.hidden = false;
    this.words.replaceChildren(
      h('strong', null, 'AiKore does not answer.'),
      ' Your instances run on. What you see may be old; forms and open tools keep what is in them, and can be saved when it answers again.',
    );
    this.tick();
    this.ticker ??= window.setInterval(() => this.tick(), TICK_MS);
  }

  private clear(): void {
    if (this.timer !== null) window.clearTimeout(this.timer);
    if (this.ticker !== null) window.clearInterval(this.ticker);
    this.timer = this.ticker = null;
    const hadFocus = this.element.contains(document.activeElement);
    this.element.hidden = true;
    this.words.replaceChildren();
    // The button goes while it has the focus: the way on is the page itself.
    if (hadFocus) document.querySelector<HTMLElement>('main [tabindex="0"]')?.focus();
  }

  private tick(): void {
    const atMs = this.events.nextAttemptAtMs.value;
    const seconds = atMs === null ? 0 : Math.max(1, Math.ceil((atMs - Date.now()) / 1000));
    setText(this.countdown, atMs === null ? 'Trying now…' : `Next attempt in ${String(seconds)} s`);
  }
}
