import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import xtermStyles from '@xterm/xterm/css/xterm.css?text';
import { h } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Emitter } from '../../base/observable.js';
import { isTerminalSize } from '../../net/terminal-frames.js';
import type { TerminalSize } from '../../net/terminal-frames.js';
import type { LinkOpener } from './link-opener.js';
import { GraphicsPainter } from './painter.js';
import { adoptSheet, defineSheetElement, sheetOf } from './sheet-element.js';
import type { TerminalSettings } from './terminal-settings.js';
import { onThemeChange, readTheme } from './terminal-theme.js';

const SCROLLBACK_LINES = 10_000;
/** A drag of the divider is one change of size, not fifty. */
const SETTLE_MS = 70;
/** OSC 52 would read and write the clipboard of whoever looks at the terminal. */
const CLIPBOARD_SEQUENCE = 52;

let sheet: CSSStyleSheet | null = null;

/** The screen of a terminal: xterm.js in our colours, as large as its pane. */
export class TerminalScreen implements Disposable {
  readonly element = h('div', { class: 'terminal-screen' });
  readonly terminal: Terminal;
  readonly search = new SearchAddon();
  /** The pane has another size than before. */
  readonly fitted = new Emitter<TerminalSize>();
  private readonly resources = new DisposableStore();
  private readonly fit = new FitAddon();
  private painter: GraphicsPainter | null = null;
  private settleTimer: number | null = null;
  /** The size that another viewer of the session gave it, in force until this one acts. */
  private held: TerminalSize | null = null;

  constructor(
    private readonly settings: TerminalSettings,
    links: LinkOpener,
  ) {
    prepareDocument();
    this.terminal = this.resources.add(new Terminal(this.options(links)));
    this.terminal.parser.registerOscHandler(CLIPBOARD_SEQUENCE, () => true);
    this.terminal.loadAddon(this.fit);
    this.terminal.loadAddon(this.search);
    this.terminal.loadAddon(new UnicodeGraphemesAddon());
    this.terminal.loadAddon(
      new WebLinksAddon((event, address) => links.activate(event, address), links.hovering),
    );
  }

  /** Puts the terminal on the page. Its element has to be there, for letters are measured. */
  open(): void {
    this.terminal.open(this.element);
    this.terminal.textarea?.setAttribute('aria-label', 'Terminal. Ctrl+Shift+Esc or Ctrl+F6 leaves it.');
    this.watchSettings();
    const observer = new ResizeObserver(() => this.settle());
    observer.observe(this.element);
    this.resources.defer(() => observer.disconnect());
    this.fitNow();
  }

  /** The size that the pane has room for, or null while it is hidden. */
  measure(): TerminalSize | null {
    const size = this.fit.proposeDimensions();
    return size && isTerminalSize(size) ? { cols: size.cols, rows: size.rows } : null;
  }

  /** Shows what was made for another size, which need not be that of the pane. */
  hold(size: TerminalSize): void {
    this.held = size;
    this.terminal.resize(size.cols, size.rows);
  }

  /** Takes the size of the pane again. */
  release(): void {
    if (!this.held) return;
    this.held = null;
    this.fitNow();
  }

  /** Takes the size of the pane, unless another viewer's is in force. */
  fitNow(): void {
    const size = this.measure();
    if (!size || this.held) return;
    this.terminal.resize(size.cols, size.rows);
    this.fitted.fire(size);
  }

  setShown(isShown: boolean): void {
    this.painter?.dispose();
    this.painter = isShown ? new GraphicsPainter(this.terminal, () => this.fitNow()) : null;
  }

  dispose(): void {
    if (this.settleTimer !== null) window.clearTimeout(this.settleTimer);
    this.painter?.dispose();
    this.resources.dispose();
    this.element.remove();
  }

  private options(links: LinkOpener): ConstructorParameters<typeof Terminal>[0] {
    return {
      allowProposedApi: true,
      cursorBlink: false,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono').trim(),
      fontSize: this.settings.fontPixels.value,
      lineHeight: 1.15,
      linkHandler: links.handler,
      minimumContrastRatio: 4.5,
      rightClickSelectsWord: false,
      screenReaderMode: this.settings.isForScreenReader.value,
      scrollback: SCROLLBACK_LINES,
      theme: readTheme(document.body),
    };
  }

  private watchSettings(): void {
    const { terminal, settings } = this;
    this.resources.add(onThemeChange(() => (terminal.options.theme = readTheme(document.body))));
    this.resources.add(
      settings.fontPixels.on((pixels) => {
        terminal.options.fontSize = pixels;
        this.painter?.adapt();
        this.fitNow();
      }),
    );
    this.resources.add(
      settings.isForScreenReader.on((is) => {
        terminal.options.screenReaderMode = is;
      }),
    );
  }

  private settle(): void {
    if (this.settleTimer !== null) window.clearTimeout(this.settleTimer);
    this.settleTimer = window.setTimeout(() => this.fitNow(), SETTLE_MS);
  }
}

function prepareDocument(): void {
  defineSheetElement();
  sheet ??= sheetOf(xtermStyles);
  adoptSheet(sheet);
}
