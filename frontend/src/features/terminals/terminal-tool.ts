import terminalStyles from '../../styles/terminal.css?text';
import type { Instance } from '../../../../src/contracts/instance.js';
import { h, replaceChildren } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Observable } from '../../base/observable.js';
import type { Api } from '../../net/api.js';
import type { EventStream } from '../../net/events.js';
import type { NoticeStore } from '../../state/notices.js';
import type { ToolView } from '../../ui/tool-view.js';
import { adoptSheet, sheetOf } from './sheet-element.js';
import { TerminalDeck } from './terminal-deck.js';
import { TerminalSettings } from './terminal-settings.js';
import '../../ui/late-styles.js';

/** Instances whose terminals stay connected, so that going to and fro is instant; each screen may hold some megabytes. */
const MOST_DECKS = 2;

export interface TerminalServices {
  api: Api;
  events: EventStream;
  notices: NoticeStore;
}

/** The terminals of the instance that is chosen. */
export class TerminalTool implements ToolView<Instance> {
  readonly toolbar = null;
  readonly element = h('div', { class: 'terminal-tool', 'data-testid': 'terminal-tool' });
  /** Of the instance that is shown. */
  readonly count = new Observable(0);
  private readonly resources = new DisposableStore();
  private readonly settings = new TerminalSettings();
  /** The one used last is at the end. */
  private readonly decks = new Map<number, TerminalDeck>();
  private current: { id: number; deck: TerminalDeck; counting: Disposable } | null = null;

  constructor(private readonly services: TerminalServices) {
    adoptTerminalStyles();
    this.resources.add(
      onReconnect(services.events, (lostAtMs) => {
        for (const deck of this.decks.values()) deck.reconnected(lostAtMs);
      }),
    );
  }

  get keepsEscape(): boolean {
    return this.current?.deck.isTyping === true;
  }

  show(instance: Instance): void {
    if (this.current?.id !== instance.id) {
      this.current?.deck.hide();
      this.current?.counting.dispose();
      const deck = this.deckOf(instance);
      const counting = deck.count.watch((count) => this.count.set(count));
      this.current = { id: instance.id, deck, counting };
      replaceChildren(this.element, deck.element);
    }
    this.current.deck.show();
  }

  hide(): void {
    this.current?.deck.hide();
  }

  focus(): void {
    this.current?.deck.focus();
  }

  focusSearch(): void {
    this.current?.deck.focusSearch();
  }

  dispose(): void {
    for (const deck of this.decks.values()) deck.dispose();
    this.resources.dispose();
  }

  private deckOf({ id, name }: Instance): TerminalDeck {
    const { api, notices } = this.services;
    const deck =
      this.decks.get(id) ??
      new TerminalDeck({ place: id, owner: name, api, notices, settings: this.settings });
    this.decks.delete(id);
    this.decks.set(id, deck);
    const [oldest] = this.decks;
    if (oldest && this.decks.size > MOST_DECKS) {
      oldest[1].dispose();
      this.decks.delete(oldest[0]);
    }
    return deck;
  }
}

let sheet: CSSStyleSheet | null = null;

/** The looks of terminals come with their code. */
export function adoptTerminalStyles(): void {
  sheet ??= sheetOf(terminalStyles);
  adoptSheet(sheet);
}

/** Hears that the event stream lives again, after a loss or a sign-in, with the moment since when it did not. */
export function onReconnect(
  events: EventStream,
  run: (lostAtMs: number) => void,
): ReturnType<EventStream['state']['on']> {
  let lostAtMs: number | null = null;
  return events.state.on((state) => {
    if (state !== 'live') lostAtMs ??= performance.now();
    if (state !== 'live' || lostAtMs === null) return;
    run(lostAtMs);
    lostAtMs = null;
  });
}
