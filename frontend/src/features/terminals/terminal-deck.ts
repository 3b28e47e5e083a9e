import type { TerminalSession } from '../../../../src/contracts/terminal.js';
import { h, setAttribute, uniqueId } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { readPreference, writePreference } from '../../base/preferences.js';
import type { Api, TerminalPlace } from '../../net/api.js';
import { ApiError } from '../../net/http.js';
import type { NoticeStore } from '../../state/notices.js';
import { reportFailure } from '../../state/report-error.js';
import { confirmDialog } from '../../ui/dialog.js';
import { DeckBar } from './deck-bar.js';
import { deckMenu } from './deck-menu.js';
import { emptyDeck } from './empty-deck.js';
import { stayAboveKeyboard } from './keyboard-inset.js';
import { SessionTab } from './session-tab.js';
import { SessionView } from './session-view.js';
import type { SessionViewOptions } from './session-view.js';
import { freeNumber } from './tab-labels.js';
import type { TerminalSettings } from './terminal-settings.js';

export interface DeckOptions {
  place: TerminalPlace;
  /** Whose terminals they are, for sentences. */
  owner: string;
  api: Api;
  notices: NoticeStore;
  settings: TerminalSettings;
}

interface Card {
  tab: SessionTab;
  /** Made when its tab is first chosen. */
  view: SessionView | null;
}

/** So long after output the program in front is looked up. */
const LOOK_AFTER_MS = 800;

/** All terminals of one instance, or of the machine, under tabs. The server's list is the truth; a page only looks at it. */
export class TerminalDeck implements Disposable {
  readonly element: HTMLElement;
  private readonly resources = new DisposableStore();
  private readonly cards: Card[] = [];
  private readonly panelId = uniqueId('terminal-panel');
  private readonly bar: DeckBar;
  private readonly empty: ReturnType<typeof emptyDeck>;
  private readonly stack: HTMLElement;
  private chosen: Card | null = null;
  private isShown = false;
  private hasList = false;
  /** The focus was to come here before it was known what is here. */
  private wantsFocus = false;
  private lookTimer: number | null = null;

  constructor(private readonly options: DeckOptions) {
    this.bar = new DeckBar({
      openNew: () => this.openNew(),
      find: () => this.chosen?.view?.openSearch(),
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
    this.resources.add(listen(this.stack, 'contextmenu', (event) => this.contextMenu(event), { capture: true }));
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
    for (const { view } of this.cards) view?.dispose();
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
    for (const session of sessions) {
      const card = this.cards.find(({ tab }) => tab.id === session.id);
      if (card) card.tab.showProgram(session.title);
      else if (!this.isAwaitingName()) this.addCard(session.id).tab.showProgram(session.title);
    }
    const ids = new Set(sessions.map(({ id }) => id));
    // What this page shows stays until it is closed here, so that its last words can be read.
    for (const card of [...this.cards]) {
      if (!card.view && card.tab.id !== null && !ids.has(card.tab.id)) this.remove(card);
    }
    if (!this.chosen && this.cards.length > 0) this.choose(this.remembered());
    if (isFirst) this.showEmpty();
    if (this.wantsFocus) this.focus();
  }

  /** A session that has just begun here may be in the list before its name came by the other way. */
  private isAwaitingName(): boolean {
    return this.cards.some(({ tab }) => tab.id === null);
  }

  private remembered(): Card {
    const id = readPreference(this.preferenceKey);
    const card = this.cards.find(({ tab }) => tab.id === id) ?? this.cards[0];
    if (!card) throw new Error('there is no card to choose');
    return card;
  }

  private get preferenceKey(): string {
    return `terminal.chosen.${String(this.options.place)}`;
  }

  private addCard(id: string | null): Card {
    const number = freeNumber(this.cards.map(({ tab }) => tab.number));
    const tab = new SessionTab(
      {
        choose: () => {
          this.choose(card);
          card.view?.focus();
        },
        close: () => void this.close(card),
        key: (_tab, event) => this.tabKey(card, event),
      },
      id,
      number,
      this.panelId,
    );
    const card: Card = { tab, view: null };
    this.cards.push(card);
    this.bar.tabs.append(tab.element);
    this.showEmpty();
    return card;
  }

  private choose(card: Card): void {
    if (this.chosen !== card) {
      this.chosen?.tab.setChosen(false);
      this.chosen?.view?.setShown(false);
      this.chosen?.view?.element.classList.add('is-away');
    }
    this.chosen = card;
    for (const each of this.cards) each.tab.setChosen(each === card);
    card.tab.element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    setAttribute(this.stack, 'aria-label', card.tab.name);
    this.remember(card);
    if (!card.view) this.openView(card);
    card.view?.element.classList.remove('is-away');
    if (this.isShown) card.view?.setShown(true);
  }

  private remember({ tab }: Card): void {
    if (tab.id !== null) writePreference(this.preferenceKey, tab.id);
  }

  private openView(card: Card): void {
    const { api, place, settings, notices } = this.options;
    const view = new SessionView({
      path: api.terminalPath(place),
      session: card.tab.id,
      settings,
      onCommand: (command) => this.command(command),
      onCopied: (isCopied) => this.tellCopied(isCopied),
    });
    card.view = view;
    this.stack.append(view.element);
    view.named.on((id) => {
      card.tab.id = id;
      if (card === this.chosen) this.remember(card);
      this.lookSoon();
    });
    view.moved.on(() => this.lookSoon());
    view.titled.on((title) => card.tab.showTitle(title));
    view.rang.on(() => card !== this.chosen && card.tab.setRung(true));
    view.ended.on(() => card.tab.setEnded());
    view.refused.on(() => void this.explainRefusal(card));
    view.denied.on((message) => notices.add({ level: 'error', message }));
    view.open();
  }

  private command(command: Parameters<SessionViewOptions['onCommand']>[0]): void {
    if (command === 'new') this.openNew();
    else if (command === 'leave') this.chosen?.tab.button.focus();
    else this.step(command === 'next' ? 1 : -1)?.view?.focus();
  }

  private step(step: 1 | -1): Card | null {
    const at = this.chosen ? this.cards.indexOf(this.chosen) : 0;
    const card = this.cards[(at + step + this.cards.length) % this.cards.length] ?? null;
    if (card) this.choose(card);
    return card;
  }

  private tabKey(card: Card, event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (event.key === 'Delete') void this.close(card);
    else if (step !== 0) this.step(step)?.tab.button.focus();
    else return;
    event.preventDefault();
  }

  private async close(card: Card): Promise<void> {
    const { api, place, notices } = this.options;
    const { id } = card.tab;
    try {
      if (id !== null && card.view?.isEnded !== true) {
        if (!(await this.mayClose(card))) return;
        await api.closeTerminal(place, id);
      }
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) {
        reportFailure(notices, error);
        return;
      }
    }
    this.remove(card);
  }

  private async mayClose(card: Card): Promise<boolean> {
    const sessions = await this.options.api.terminals(this.options.place);
    const session = sessions.find(({ id }) => id === card.tab.id);
    if (session?.is_busy !== true || !session.running) return true;
    card.tab.showProgram(session.title);
    return confirmDialog({
      title: `Close the terminal with ${card.tab.name}?`,
      testId: 'confirm-terminal-close',
      paragraphs: [`${card.tab.name} still runs in it and ends with it. What it has not saved is lost.`],
      confirmLabel: 'Close terminal',
    });
  }

  private remove(card: Card): void {
    const at = this.cards.indexOf(card);
    if (at < 0) return;
    const hadFocus = card.view?.hasFocus === true || card.tab.element.contains(document.activeElement);
    this.cards.splice(at, 1);
    card.view?.dispose();
    card.tab.element.remove();
    if (card === this.chosen) {
      this.chosen = null;
      const next = this.cards[Math.min(at, this.cards.length - 1)];
      if (next) this.choose(next);
    }
    this.showEmpty();
    if (hadFocus || document.activeElement === document.body) this.focus();
  }

  private lookSoon(): void {
    this.lookTimer ??= window.setTimeout(() => {
      this.lookTimer = null;
      if (this.isShown && !document.hidden) void this.refresh();
    }, LOOK_AFTER_MS);
  }

  /** A page cannot see why a handshake was refused; the server tells whoever asks in another way. */
  private async explainRefusal(card: Card): Promise<void> {
    const { api, place } = this.options;
    try {
      await api.terminals(place);
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0 && error.status !== 401) {
        card.view?.giveUp(error.message);
        reportFailure(this.options.notices, error);
      }
    }
  }

  private tellCopied(isCopied: boolean): void {
    if (isCopied) this.options.notices.success('Copied.');
    else this.options.notices.add({ level: 'warning', message: 'The browser did not allow copying.' });
  }

  private showEmpty(): void {
    const isEmpty = this.cards.length === 0;
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
    deckMenu(at, this.element, {
      view: chosen?.view ?? null,
      settings: this.options.settings,
      openNew: () => this.openNew(),
      close: () => chosen && void this.close(chosen),
    });
  }
}
