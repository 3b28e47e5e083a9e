import type { TerminalSession } from '../../../../src/contracts/terminal.js';
import { setAttribute } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { ApiError } from '../../net/http.js';
import { reportFailure } from '../../state/report-error.js';
import { confirmDialog } from '../../ui/dialog.js';
import type { DeckOptions } from './deck-options.js';
import type { DeckCommand } from './key-handler.js';
import { SessionTab } from './session-tab.js';
import { SessionView } from './session-view.js';

export interface SessionCardHost {
  readonly options: DeckOptions;
  readonly panelId: string;
  choose(card: SessionCard): void;
  close(card: SessionCard): void;
  tabKey(card: SessionCard, event: KeyboardEvent): void;
  command: (command: DeckCommand) => void;
  /** Its session has an id now. */
  named(card: SessionCard): void;
  /** Another program may be in front. */
  moved(): void;
}

/** One terminal of a deck: its tab, and its view, which is made when the tab is first chosen. */
export class SessionCard implements Disposable {
  readonly tab: SessionTab;
  view: SessionView | null = null;
  private isChosen = false;

  /** @param id the session's, null for one that is to begin */
  constructor(
    private readonly host: SessionCardHost,
    id: string | null,
    number: number,
  ) {
    this.tab = new SessionTab(
      {
        choose: () => {
          host.choose(this);
          this.view?.focus();
        },
        close: () => host.close(this),
        key: (event) => host.tabKey(this, event),
      },
      id,
      number,
      host.panelId,
    );
  }

  get hasFocus(): boolean {
    return this.view?.hasFocus === true || this.tab.element.contains(document.activeElement);
  }

  /** @param stack where the view goes when there is none yet */
  setChosen(isChosen: boolean, stack: HTMLElement): void {
    this.isChosen = isChosen;
    this.tab.setChosen(isChosen);
    if (isChosen && !this.view) this.open(stack);
    this.view?.element.classList.toggle('is-away', !isChosen);
    if (!isChosen) this.view?.setShown(false);
    else setAttribute(stack, 'aria-label', this.tab.name);
  }

  /** What the server says of the session. */
  update({ title }: TerminalSession): void {
    this.tab.showProgram(title);
  }

  /** Ends the session, after a question where a program would be lost. @returns whether it is gone */
  async end(): Promise<boolean> {
    const { api, place, notices } = this.host.options;
    const { id } = this.tab;
    if (id === null) return true;
    try {
      if (this.view?.isEnded !== true && !(await this.mayEnd(id))) return false;
      await api.closeTerminal(place, id);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return true;
      reportFailure(notices, error);
      return false;
    }
  }

  dispose(): void {
    this.view?.dispose();
    this.tab.element.remove();
  }

  private open(stack: HTMLElement): void {
    const { api, place, settings, notices } = this.host.options;
    const view = new SessionView({
      path: api.terminalPath(place),
      session: this.tab.id,
      settings,
      onCommand: this.host.command,
      onCopied: (isCopied) => {
        if (isCopied) notices.success('Copied.');
        else notices.add({ level: 'warning', message: 'The browser did not allow copying.' });
      },
    });
    this.view = view;
    stack.append(view.element);
    view.named.on((id) => {
      this.tab.id = id;
      this.host.named(this);
    });
    view.moved.on(() => this.host.moved());
    view.titled.on((title) => this.tab.showTitle(title));
    view.rang.on(() => this.isChosen || this.tab.setRung(true));
    view.ended.on(() => this.tab.setEnded());
    view.refused.on(() => void this.explainRefusal(view));
    view.denied.on((message) => notices.add({ level: 'error', message }));
    view.open();
  }

  private async mayEnd(id: string): Promise<boolean> {
    const { api, place } = this.host.options;
    const session = (await api.terminals(place)).find((each) => each.id === id);
    if (session?.is_busy !== true || !session.running) return true;
    this.tab.showProgram(session.title);
    const { name } = this.tab;
    return confirmDialog({
      title: `Close the terminal with ${name}?`,
      testId: 'confirm-terminal-close',
      paragraphs: [`${name} still runs in it and ends with it. What it has not saved is lost.`],
      confirmLabel: 'Close terminal',
    });
  }

  /** A page cannot see why a handshake was refused; the server tells whoever asks in another way. */
  private async explainRefusal(view: SessionView): Promise<void> {
    const { api, place, notices } = this.host.options;
    try {
      await api.terminals(place);
    } catch (error) {
      // Not reached or not signed in passes; anything else will be the same at the next attempt.
      if (!(error instanceof ApiError) || error.status === 0 || error.status === 401) return;
      if (error.status >= 500) return;
      view.giveUp(error.message);
      reportFailure(notices, error);
    }
  }
}
