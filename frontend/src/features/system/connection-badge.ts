import { h, setAttribute, setText } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { ConnectionState, EventStream } from '../../net/events.js';
import { icon, setIcon } from '../../ui/icon.js';
import type { IconName } from '../../ui/icon.js';

const WORDS: Record<ConnectionState, { text: string; meaning: string; symbol: IconName; tip: string }> = {
  connecting: {
    text: 'connecting',
    meaning: 'working',
    symbol: 'status-starting',
    tip: 'Connecting to AiKore.',
  },
  live: {
    text: 'live',
    meaning: 'fine',
    symbol: 'status-started',
    tip: 'Connected: changes appear at once.',
  },
  lost: {
    text: 'offline',
    meaning: 'failed',
    symbol: 'status-error',
    tip: 'The connection to AiKore is lost. It is tried again by itself.',
  },
};

/** Whether what the page shows is live, in a word; the banner beside it says the rest. */
export class ConnectionBadge implements Disposable {
  private readonly symbol = icon('status-starting');
  private readonly text = h('span', null);
  readonly element = h(
    'span',
    { class: 'connection', 'data-testid': 'connection', role: 'img', tabindex: 0 },
    this.symbol,
    this.text,
  );
  private readonly subscription: Disposable;

  constructor(events: EventStream) {
    this.subscription = events.state.watch((state) => this.show(state));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private show(state: ConnectionState): void {
    const words = WORDS[state];
    setIcon(this.symbol, words.symbol);
    setText(this.text, words.text);
    setAttribute(this.element, 'aria-label', `Connection: ${words.text}`);
    setAttribute(this.element, 'data-meaning', words.meaning);
    setAttribute(this.element, 'data-state', state);
    setAttribute(this.element, 'data-tip', words.tip);
  }
}
