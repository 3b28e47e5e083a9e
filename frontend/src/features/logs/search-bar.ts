import { h, setAttribute, setText } from '../../base/dom.js';
import { button } from '../../ui/button.js';
import { clearHits, paintHits } from './hit-painter.js';
import { findHits, hitNear } from './log-search.js';
import type { Hit } from './log-search.js';
import type { LogScreen } from './log-screen.js';
import type { LogView } from './log-view.js';

const REFRESH_MS = 250;
const PARTLY =
  'Only the text that is loaded is searched. Scroll up to load earlier text, or download the whole log.';

/** Finds text in what is kept of the log. Enter goes on, Shift+Enter goes back, Esc ends it. */
export class SearchBar {
  private readonly input = h('input', {
    type: 'search',
    class: 'input',
    placeholder: 'Find in log',
    'aria-label': 'Find in log',
    'data-testid': 'log-search',
    oninput: () => this.search(),
    onkeydown: (event) => this.key(event),
  });
  private readonly count = h('span', {
    class: 'search-count',
    role: 'status',
    'data-testid': 'log-search-count',
  });
  readonly element = h(
    'div',
    { class: 'log-search' },
    this.input,
    this.count,
    button({
      label: 'Previous (Shift+Enter)',
      icon: 'chevron-up',
      isIconOnly: true,
      kind: 'quiet',
      testId: 'log-search-previous',
      onClick: () => this.go(-1),
    }),
    button({
      label: 'Next (Enter)',
      icon: 'chevron-down',
      isIconOnly: true,
      kind: 'quiet',
      testId: 'log-search-next',
      onClick: () => this.go(1),
    }),
  );
  private hits: Hit[] = [];
  private present = -1;
  private timer: number | null = null;

  constructor(
    private readonly view: LogView,
    private readonly screen: () => LogScreen,
    /** Whether the log has text before what is kept here. */
    private readonly hasOlder: () => boolean,
  ) {}

  focus(): void {
    this.input.focus();
    this.input.select();
  }

  /** The text or the elements changed; hits are looked for again a little later. */
  refreshSoon(): void {
    if (this.input.value === '' || this.timer !== null) return;
    this.timer = window.setTimeout(() => this.refresh(), REFRESH_MS);
  }

  /** Forgets the hits of another log. */
  reset(): void {
    this.present = -1;
    this.refresh();
  }

  dispose(): void {
    if (this.timer !== null) window.clearTimeout(this.timer);
    clearHits();
  }

  private refresh(): void {
    this.timer = null;
    const before = this.hits[this.present];
    this.hits = findHits(this.screen(), this.input.value);
    this.present = before ? hitNear(this.hits, before.lineId) : -1;
    this.show();
  }

  private search(): void {
    this.hits = findHits(this.screen(), this.input.value);
    // The newest hit first: in a log the end is what matters.
    this.present = this.hits.length - 1;
    this.show();
    this.revealPresent();
  }

  private go(step: 1 | -1): void {
    if (this.hits.length === 0) return;
    const start = this.present < 0 ? (step > 0 ? -1 : 0) : this.present;
    this.present = (start + step + this.hits.length) % this.hits.length;
    this.revealPresent();
    this.show();
  }

  private revealPresent(): void {
    const hit = this.hits[this.present];
    if (hit) this.view.reveal(hit.lineId);
  }

  private show(): void {
    const total = this.hits.length;
    const isEmpty = this.input.value === '';
    setText(this.count, isEmpty ? '' : total === 0 ? this.nothingFound() : hitCount(this.present, total));
    setAttribute(this.count, 'data-tip', !isEmpty && this.hasOlder() ? PARTLY : null);
    if (isEmpty) clearHits();
    else paintHits(this.view, this.hits, this.hits[this.present] ?? null);
  }

  private nothingFound(): string {
    return this.hasOlder() ? 'no hits in this part' : 'no hits';
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.go(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape' && this.input.value !== '') {
      event.preventDefault();
      this.input.value = '';
      this.search();
    }
  }
}

function hitCount(present: number, total: number): string {
  return `${(present + 1).toLocaleString('en')} of ${total.toLocaleString('en')}`;
}
