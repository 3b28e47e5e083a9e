import type { TerminalSession } from '../../../../src/contracts/terminal.js';
import { h, uniqueId } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Observable } from '../../base/observable.js';
import { readPreference, writePreference } from '../../base/preferences.js';
import { ApiError } from '../../net/http.js';
import { reportFailure } from '../../state/report-error.js';
import { DeckBar } from './deck-bar.js';
import { openDeckMenu } from './deck-menu.js';
import type { DeckOptions } from './deck-options.js';
import { emptyDeck } from './empty-deck.js';
import type { DeckCommand } from './key-handler.js';
import { stayAboveKeyboard } from './keyboard-inset.js';
import { SessionCard } from './session-card.js';
import { freeNumber } from './tab-labels.js';

/** When output has rested for so long, the program in front is looked up. */
const LOOK_AFTER_MS = 600;
/** Where it never rests it is looked up this often. */
const LOOK_AT_LEAST_MS = 5_000;

/** All terminals of one instance, or of the machine, under tabs. The server's list is the truth; a page only looks at it. */
export class TerminalDeck implements Disposable {
  readonly element: HTMLElement;
  /** How many terminals there are. */
  readonly count = new Observable(0);
  private readonly resources = new DisposableStore();
  private readonly cards: SessionCard[] = [];
  private readonly panelId = uniqueId('terminal-panel');
  private readonly bar: DeckBar;
  private readonly empty: ReturnType<typeof emptyDeck>;
  private readonly stack: HTMLElement;
  private chosen: SessionCard | null = null;
  private isShown = false;
  private hasList = false;
  /** The focus was to come here before it was known what is here. */
  private wantsFocus = false;
  private lookTimer: number | null = null;
  /** Since when a look is due. */
  private dueSinceMs = 0;

  constructor(private readonly options: DeckOptions) {
    this.bar = new DeckBar({
      openNew: () => this.openNew(),
      find: () => this.focusSearch(),
      menu: (anchor) => this.openMenu(anchor),
    });
    this.empty = emptyDeck(options.owner, () => this.openNew());
    this.stack = h(
      'div',
      { class: 'terminal-stack', role: 'tabpanel', id: this.panelId },
      this.empty.element,
    );
    this.element = h(
      'div',
      { class: 'terminal-deck', 'data-testid': 'terminal-deck' },
      this.bar.element,
      this.stack,
    );
    this.resources.add(stayAboveKeyboard(this.element));
    this.resources.add(
      listen(this.stack, 'contextmenu', (event) => this.contextMenu(event), { capture: true }),
    );
    this.resources.add(listen(window, 'focus', () => this.isShown && void this.refresh()));
    this.resources.defer(() => this.lookTimer !== null && window.clearTimeout(this.lookTimer));
    this.showEmpty();
  }

  /** The deck is on the page and visible. */
  show(): void {
    if (this.isShown) return;
    this.isShown = true;
    this.chosen?.view?.setShown(true);
    void this.refresh();
  }

  hide(): void {
    this.isShown = false;
    this.wantsFocus = false;
    this.chosen?.view?.setShown(false);
  }

  focus(): void {
    this.wantsFocus = !this.hasList && !this.chosen;
    if (this.chosen?.view) this.chosen.view.focus();
    else this.empty.focus();
  }

  focusSearch(): void {
    this.chosen?.view?.openSearch();
  }

  /** Whether keys go to a program now. */
  get isTyping(): boolean {
    return this.chosen?.view?.hasFocus === true && !this.chosen.view.isEnded;
  }

  /** The dashboard is connected again after a loss at `lostAtMs`. */
  reconnected(lostAtMs: number): void {
    for (const { view } of this.cards) view?.renew(lostAtMs);
    if (this.isShown) void this.refresh();
  }

  dispose(): void {
    for (const card of this.cards) card.dispose();
    this.resources.dispose();
    this.element.remove();
  }

  openNew(): void {
    const card = this.addCard(null);
    this.choose(card);
    card.view?.focus();
  }

  /** Brings the tabs in line with the sessions there are. */
  private async refresh(): Promise<void> {
    try {
      this.take(await this.options.api.terminals(this.options.place));
    } catch (error) {
      // While the server is away the line below each terminal says so.
      if (!(error instanceof ApiError && error.status === 0)) reportFailure(this.options.notices, error);
    }
  }

  private take(sessions: readonly TerminalSession[]): void {
    const isFirst = !this.hasList;
    this.hasList = true;
    // A session that has just begun here may be in the list before its name came by the other way.
    const isNaming = this.cards.some(({ tab, view }) => tab.id === null && view?.isEnded !== true);
    for (const session of sessions) {
      const known = this.cards.find(({ tab }) => tab.id === session.id);
      const card = known ?? (isNaming ? null : this.addCard(session.id));
      card?.update(session);
    }
    const ids = new Set(sessions.map(({ id }) => id));
    // What this page shows stays until it is closed here, so that its last words can be read.
    for (const card of [...this.cards]) {
      if (!card.view && card.tab.id !== null && !ids.has(card.tab.id)) this.remove(card);
    }
    const remembered = this.chosen ?? this.remembered();
    if (remembered && !this.chosen) this.choose(remembered);
    if (isFirst) this.showEmpty();
    if (this.wantsFocus) this.focus();
  }

  private remembered(): SessionCard | null {
    const id = readPreference(this.preferenceKey);
    return this.cards.find(({ tab }) => tab.id === id) ?? this.cards[0] ?? null;
  }

  private get preferenceKey(): string {
    return `terminal.chosen.${String(this.options.place)}`;
  }

  private addCard(id: string | null): SessionCard {
    const number = freeNumber(this.cards.map(({ tab }) => tab.number));
    const card = new SessionCard(
      {
        options: this.options,
        panelId: this.panelId,
        choose: (each) => this.choose(each),
        close: (each) => void this.close(each),
        tabKey: (each, event) => this.tabKey(each, event),
        command: (command) => this.command(command),
        named: (each) => {
          if (each === this.chosen) this.remember(each);
          this.lookSoon();
        },
        moved: () => this.lookSoon(),
      },
      id,
      number,
    );
    this.cards.push(card);
    this.bar.tabs.append(card.tab.element);
    this.showEmpty();
    return card;
  }

  private choose(card: SessionCard): void {
    this.chosen = card;
    for (const each of this.cards) if (each !== card) each.setChosen(false, this.stack);
    card.setChosen(true, this.stack);
    card.tab.element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.remember(card);
    if (this.isShown) card.view?.setShown(true);
  }

  private remember({ tab }: SessionCard): void {
    if (tab.id !== null) writePreference(this.preferenceKey, tab.id);
  }

  private command(command: DeckCommand): void {
    if (command === 'new') this.openNew();
    else if (command === 'leave') this.chosen?.tab.button.focus();
    else this.step(command === 'next' ? 1 : -1)?.view?.focus();
  }

  private step(step: 1 | -1): SessionCard | null {
    const at = this.chosen ? this.cards.indexOf(this.chosen) : 0;
    const card = this.cards[(at + step + this.cards.length) % this.cards.length] ?? null;
    if (card) this.choose(card);
    return card;
  }

  private tabKey(card: SessionCard, event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (event.key === 'Delete') void this.close(card);
    else if (step !== 0) this.step(step)?.tab.button.focus();
    else return;
    event.preventDefault();
  }

  private async close(card: SessionCard): Promise<void> {
    if (await card.end()) this.remove(card);
  }

  private remove(card: SessionCard): void {
    const at = this.cards.indexOf(card);
    if (at < 0) return;
    const { hasFocus } = card;
    this.cards.splice(at, 1);
    card.dispose();
    if (card === this.chosen) {
      this.chosen = null;
      const next = this.cards[Math.min(at, this.cards.length - 1)];
      if (next) this.choose(next);
    }
    this.showEmpty();
    if (hasFocus) this.focus();
  }

  private lookSoon(): void {
    const now = performance.now();
    if (this.lookTimer === null) this.dueSinceMs = now;
    else if (now - this.dueSinceMs > LOOK_AT_LEAST_MS) return;
    else window.clearTimeout(this.lookTimer);
    this.lookTimer = window.setTimeout(() => {
      this.lookTimer = null;
      if (this.isShown && !document.hidden) void this.refresh();
    }, LOOK_AFTER_MS);
  }

  private showEmpty(): void {
    const isEmpty = this.cards.length === 0;
    this.count.set(this.cards.length);
    this.empty.show(isEmpty && this.hasList);
    this.bar.setEmpty(isEmpty);
  }

  private contextMenu(event: MouseEvent): void {
    const isOnScreen = event.target instanceof Element && event.target.closest('.terminal-screen') !== null;
    if (!isOnScreen || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.openMenu({ x: event.clientX, y: event.clientY });
  }

  private openMenu(at: HTMLElement | { x: number; y: number }): void {
    const { chosen } = this;
    openDeckMenu(at, this.element, {
      view: chosen?.view ?? null,
      settings: this.options.settings,
      openNew: () => this.openNew(),
      close: () => chosen && void this.close(chosen),
    });
  }
}
