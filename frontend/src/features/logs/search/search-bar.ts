import { h, setAttribute, setText } from '../../../base/dom.js';
import { button } from '../../../ui/button.js';
import type { Place } from '../screen/place.js';
import { isBefore } from '../screen/place.js';
import type { LogScreen } from '../screen/log-screen.js';
import type { LogView } from '../view/log-view.js';
import { Finder } from './finder.js';
import type { SearchLogs } from './finder.js';
import { clearHits, paintHits } from './hit-painter.js';
import { findHits } from './log-search.js';

/** While somebody types, the server waits. */
const TYPING_MS = 250;
const LONGEST_QUERY = 200;
const PAINT_MS = 100;

export interface SearchHost {
  search: SearchLogs;
  screen(): LogScreen;
  /** Number of the run that is shown. */
  run(): number;
  /** Brings a place into view, wherever in the logs it is. */
  reveal(place: Place): void;
  onFailure(error: unknown): void;
}

/** Finds text in whole logs. Enter goes on, Shift+Enter goes back, Esc ends it. */
export class SearchBar {
  private readonly input = h('input', {
    type: 'search',
    class: 'input',
    placeholder: 'Find in log',
    'aria-label': 'Find in log',
    maxlength: LONGEST_QUERY,
    spellcheck: 'false',
    'data-testid': 'log-search',
    oninput: () => this.typed(),
    onkeydown: (event) => this.key(event),
  });
  private readonly count = h('span', {
    class: 'search-count',
    role: 'status',
    'data-testid': 'log-search-count',
  });
  private readonly caseToggle = button({
    label: 'Match upper and lower case',
    icon: 'case',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'log-search-case',
    attributes: { 'aria-pressed': 'false' },
    onClick: () => this.toggle(this.caseToggle),
  });
  private readonly runsToggle = button({
    label: 'Search all runs that are kept',
    icon: 'history',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'log-search-runs',
    attributes: { 'aria-pressed': 'false' },
    onClick: () => this.toggle(this.runsToggle),
  });
  private readonly previous = button({
    label: 'Previous (Shift+Enter)',
    icon: 'chevron-up',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'log-search-previous',
    onClick: () => this.go(-1),
  });
  private readonly next = button({
    label: 'Next (Enter)',
    icon: 'chevron-down',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'log-search-next',
    onClick: () => this.go(1),
  });
  readonly element = h(
    'div',
    { class: 'log-search', role: 'search' },
    this.input,
    this.caseToggle,
    this.runsToggle,
    this.count,
    this.previous,
    this.next,
  );
  private readonly finder: Finder;
  private present: Place | null = null;
  private isLeading = true;
  private typing: number | null = null;
  private painting: number | null = null;

  constructor(
    private readonly view: LogView,
    private readonly host: SearchHost,
  ) {
    this.finder = new Finder(host.search, (error) => host.onFailure(error));
    this.finder.changed.on(() => this.onFound());
    this.show();
  }

  get isActive(): boolean {
    return this.input.value !== '';
  }

  focus(): void {
    this.input.focus();
    this.input.select();
  }

  /** Other lines are in the page. */
  refreshSoon(): void {
    if (!this.isActive) return;
    this.painting ??= window.setTimeout(() => this.paint(), PAINT_MS);
  }

  /** Something was printed. */
  noteGrowth(): void {
    if (this.isActive) this.finder.noteGrowth();
  }

  /** Another run, or another instance, is shown: what it holds is counted, but nobody is led away from its end. */
  restart(): void {
    if (this.runsToggle.getAttribute('aria-pressed') === 'true' && this.finder.hits.length > 0) return;
    this.present = null;
    void this.search(false);
  }

  dispose(): void {
    if (this.typing !== null) window.clearTimeout(this.typing);
    if (this.painting !== null) window.clearTimeout(this.painting);
    this.finder.stop();
    clearHits();
  }

  /** To the next hit, or the one before. */
  go(step: 1 | -1): void {
    const { hits } = this.finder;
    if (hits.length === 0) return;
    const index = this.present === null ? null : this.finder.indexFrom(this.present);
    const isOn = index !== null && this.isPresent(index);
    const from = index ?? this.finder.indexFrom(this.placeInView);
    const wanted = step > 0 ? from + (isOn ? 1 : 0) : from - 1;
    this.goTo((wanted + hits.length) % hits.length);
  }

  private toggle(element: HTMLButtonElement): void {
    setAttribute(element, 'aria-pressed', String(element.getAttribute('aria-pressed') !== 'true'));
    this.present = null;
    void this.search();
  }

  private get isCaseSensitive(): boolean {
    return this.caseToggle.getAttribute('aria-pressed') === 'true';
  }

  /** Where somebody looks: the end while it is followed. */
  private get placeInView(): Place {
    const end = { run: Number.MAX_SAFE_INTEGER, offset: 0 };
    return this.view.isFollowing.value ? end : (this.view.topLine?.place ?? end);
  }

  private typed(): void {
    this.present = null;
    if (this.typing !== null) window.clearTimeout(this.typing);
    this.typing = window.setTimeout(() => void this.search(), this.isActive ? TYPING_MS : 0);
    this.show();
  }

  /** @param isLeading whether the nearest hit is to be shown */
  private async search(isLeading = true): Promise<void> {
    this.isLeading = isLeading;
    if (this.typing !== null) window.clearTimeout(this.typing);
    this.typing = null;
    const isEverywhere = this.runsToggle.getAttribute('aria-pressed') === 'true';
    const { isCaseSensitive } = this;
    const run = isEverywhere ? null : this.host.run();
    const isPossible = this.isActive && (run === null || run > 0);
    await this.finder.start(isPossible ? { text: this.input.value, isCaseSensitive, run } : null);
  }

  private onFound(): void {
    const { hits } = this.finder;
    // In a log the end is what matters; it is searched last.
    if (this.isLeading && this.present === null && hits.length > 0 && this.isActive && this.canChoose) {
      const index = this.finder.indexFrom(this.placeInView);
      this.goTo(index < hits.length ? index : hits.length - 1);
    } else this.show();
  }

  private get canChoose(): boolean {
    const last = this.finder.hits.at(-1);
    return !this.finder.isSearching || (last !== undefined && isBefore(this.placeInView, last));
  }

  private goTo(index: number): void {
    const hit = this.finder.hits[index];
    if (!hit) return;
    this.present = hit;
    this.host.reveal(hit);
    this.show();
  }

  private isPresent(index: number): boolean {
    const hit = this.finder.hits[index];
    return hit !== undefined && hit.run === this.present?.run && hit.offset === this.present.offset;
  }

  private show(): void {
    const isIdle = !this.isActive || this.finder.hits.length === 0;
    setText(this.count, this.isActive ? this.countText() : '');
    for (const element of [this.previous, this.next])
      setAttribute(element, 'aria-disabled', isIdle ? 'true' : null);
    this.paint();
  }

  private countText(): string {
    const { hits, isSearching, isCapped } = this.finder;
    if (hits.length === 0) return isSearching || this.typing !== null ? 'searching…' : 'no hits';
    const total = hits.length.toLocaleString('en') + (isCapped ? '+' : isSearching ? '…' : '');
    const index = this.present === null ? -1 : this.finder.indexFrom(this.present);
    return this.isPresent(index) ? `${(index + 1).toLocaleString('en')} of ${total}` : total;
  }

  private paint(): void {
    this.painting = null;
    if (!this.isActive) {
      clearHits();
      return;
    }
    const screen = this.host.screen();
    const { from: firstId, to: endId } = this.view.list;
    const lines = { firstId, endId, line: (id: number) => screen.line(id) };
    const presentId = this.present && screen.idAt(this.present);
    paintHits(this.view.list, findHits(lines, this.input.value, this.isCaseSensitive), presentId);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.go(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape' && this.isActive) {
      event.preventDefault();
      this.input.value = '';
      this.typed();
      this.view.element.focus();
    }
  }
}
