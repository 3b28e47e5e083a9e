import { h } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Emitter } from '../../base/observable.js';
import { TerminalSocket } from '../../net/terminal-socket.js';
import type { OutputPiece } from '../../net/terminal-socket.js';
import type { TerminalFrame } from '../../net/terminal-frames.js';
import { copyText } from '../../ui/copy.js';
import { exitSentence } from './exit-sentence.js';
import { tamed } from './hostile-text.js';
import { keyHandler } from './key-handler.js';
import type { DeckCommand } from './key-handler.js';
import { KeyRow } from './key-row.js';
import { LinkOpener } from './link-opener.js';
import { Paster } from './paster.js';
import { isScreenAnswer } from './screen-answers.js';
import { TerminalSearchBar } from './search-bar.js';
import { SessionLine } from './session-line.js';
import { TerminalScreen } from './terminal-screen.js';
import type { TerminalSettings } from './terminal-settings.js';
import { scrollByTouch } from './touch-scroll.js';

const LOST = 'Connection lost, trying again. Keys are not sent meanwhile.';

export interface SessionViewOptions {
  path: string;
  /** The session to join; null begins one. */
  session: string | null;
  settings: TerminalSettings;
  onCommand: (command: DeckCommand) => void;
  onCopied(isCopied: boolean): void;
}

/** One session: its screen, the connection between screen and shell, and what is said of both. */
export class SessionView implements Disposable {
  /** A new session has its id. */
  readonly named = new Emitter<string>();
  /** Output came: another program may be in front now. */
  readonly moved = new Emitter<void>();
  readonly rang = new Emitter<void>();
  readonly ended = new Emitter<void>();
  readonly titled = new Emitter<string>();
  /** The connection came to nothing, and the page cannot see why. */
  readonly refused = new Emitter<void>();
  /** The server opens no terminal, for the reason that it gives. */
  readonly denied = new Emitter<string>();
  isEnded = false;
  readonly element: HTMLElement;
  private readonly resources = new DisposableStore();
  private readonly links = new LinkOpener(() => this.screen.terminal.hasSelection());
  private readonly screen: TerminalScreen;
  private readonly line: SessionLine;
  private readonly search: TerminalSearchBar;
  private readonly paster: Paster;
  private readonly keys: KeyRow;
  private socket: TerminalSocket | null = null;
  /** Pieces of the past that the screen has not taken yet. */
  private replays = 0;
  private isRinging = false;

  constructor(private readonly options: SessionViewOptions) {
    this.screen = this.resources.add(new TerminalScreen(options.settings, this.links));
    const { terminal } = this.screen;
    this.line = new SessionLine({
      retry: () => this.socket?.retryNow(),
      openNew: () => options.onCommand('new'),
    });
    this.search = this.resources.add(new TerminalSearchBar(this.screen.search, () => terminal.focus()));
    this.paster = this.resources.add(new Paster(terminal, this.screen.element));
    this.keys = this.resources.add(
      new KeyRow({
        send: (data) => this.type(data),
        isApplicationCursor: () => terminal.modes.applicationCursorKeysMode,
      }),
    );
    this.element = h(
      'div',
      { class: 'terminal-session', 'data-testid': 'terminal-session' },
      h('div', { class: 'terminal-stage' }, this.screen.element, this.search.element, this.links.element),
      this.line.element,
      this.keys.element,
    );
    this.resources.add(scrollByTouch(terminal, this.screen.element));
    this.listen();
  }

  /** Begins, once the element is on the page and has a size. */
  open(): void {
    this.screen.open();
    if (this.screen.measure()) this.connect();
    else this.connectWhenSized();
  }

  setShown(isShown: boolean): void {
    this.screen.setShown(isShown);
    if (isShown) this.screen.fitNow();
  }

  focus(): void {
    this.screen.terminal.focus();
  }

  get hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  get hasSelection(): boolean {
    return this.screen.terminal.hasSelection();
  }

  openSearch(): void {
    this.search.open();
  }

  selectAll(): void {
    this.screen.terminal.selectAll();
  }

  paste(): Promise<void> {
    return this.paster.fromClipboard();
  }

  async copy(): Promise<void> {
    const text = this.screen.terminal.getSelection();
    if (text !== '') this.options.onCopied(await copyText(text));
  }

  /** The dashboard found its own connection dead, so this one may be too. */
  renew(olderThanMs: number): void {
    this.socket?.renew(olderThanMs);
  }

  /** Says why nothing comes, instead of trying for ever. */
  giveUp(sentence: string): void {
    this.socket?.dispose();
    this.showEnd(sentence);
  }

  dispose(): void {
    this.resources.dispose();
    this.element.remove();
  }

  private listen(): void {
    const { terminal } = this.screen;
    const { resources } = this;
    terminal.attachCustomKeyEventHandler(
      keyHandler({
        settings: this.options.settings,
        copy: () => void this.copy(),
        find: () => this.openSearch(),
        onCommand: this.options.onCommand,
      }),
    );
    resources.add(terminal.onData((data) => this.fromScreen(data)));
    resources.add(terminal.onBinary((data) => this.socket?.sendBinary(data)));
    resources.add(terminal.onBell(() => this.ring()));
    resources.add(terminal.onTitleChange((title) => this.titled.fire(tamed(title))));
    resources.add(this.screen.fitted.on((size) => this.socket?.resize(size)));
    // Whoever looks at it closest decides on the size.
    resources.add(listen(this.screen.element, 'focusin', () => this.screen.release()));
  }

  private connectWhenSized(): void {
    const waiting = this.screen.fitted.on(() => {
      waiting.dispose();
      this.connect();
    });
    this.resources.add(waiting);
  }

  private connect(): void {
    const { cols, rows } = this.screen.terminal;
    const socket = this.resources.add(
      new TerminalSocket(this.options.path, this.options.session, { cols, rows }),
    );
    this.socket = socket;
    socket.output.on((piece) => this.write(piece));
    socket.state.on((state) => this.line.set('lost', state === 'lost' ? LOST : null));
    socket.frame.on((frame) => this.hear(frame));
    socket.refused.on(() => this.refused.fire());
  }

  private write(piece: OutputPiece): void {
    const { isReplay } = piece;
    if (isReplay) this.replays += 1;
    this.screen.terminal.write(piece.data, () => {
      if (isReplay) this.replays -= 1;
      piece.taken();
    });
    if (!isReplay) this.moved.fire();
  }

  /**
   * What the screen sends: keys, and answers to what programs ask. Questions of the past were answered then; of several viewers'
   * answers the server takes one.
   */
  private fromScreen(data: string): void {
    if (isScreenAnswer(data)) {
      if (this.replays === 0) this.socket?.sendText(data);
      return;
    }
    this.type(this.keys.modified(data));
  }

  private type(data: string): void {
    this.screen.release();
    this.socket?.sendText(data);
  }

  private hear(frame: TerminalFrame): void {
    switch (frame.type) {
      case 'session':
        // The replay begins on an empty screen, whatever this one shows; earlier output may still be on its way into it.
        this.screen.terminal.write('\x1bc');
        this.named.fire(frame.id);
        break;
      case 'resized':
        this.takeSize(frame.cols, frame.rows);
        break;
      case 'note':
        this.line.set('note', tamed(frame.message));
        break;
      case 'error':
        this.fail(tamed(frame.message));
        break;
      case 'exit':
        this.showEnd(
          exitSentence({ ...frame, message: frame.message === null ? null : tamed(frame.message) }),
        );
        break;
    }
  }

  /** A session that cannot be joined now is tried again; one that cannot begin is told of and over. */
  private fail(message: string): void {
    if (this.socket && this.socket.sessionId !== null) {
      this.line.set('lost', `${message} Trying again.`);
      return;
    }
    this.showEnd(message);
    this.denied.fire(message);
  }

  private takeSize(cols: number, rows: number): void {
    const own = this.screen.measure();
    if (own?.cols === cols && own.rows === rows) this.screen.release();
    else {
      this.socket?.forgetToldSize();
      this.screen.hold({ cols, rows });
    }
  }

  private showEnd(sentence: string): void {
    this.isEnded = true;
    this.screen.terminal.options.disableStdin = true;
    this.line.set('ended', sentence);
    this.element.classList.add('is-ended');
    this.ended.fire();
  }

  /** A bell that rings all the time must neither cost much nor flash more than people bear (WCAG 2.3.1: 3 times a second). */
  private ring(): void {
    if (this.replays > 0 || this.isRinging) return;
    this.isRinging = true;
    this.rang.fire();
    this.element.classList.add('has-rung');
    window.setTimeout(() => this.element.classList.remove('has-rung'), 180);
    window.setTimeout(() => (this.isRinging = false), 1000);
  }
}
