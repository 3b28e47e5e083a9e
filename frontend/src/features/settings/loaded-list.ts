import { h, replaceChildren } from '../../base/dom.js';
import type { NoticeStore } from '../../state/notices.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';

const SKELETON_AFTER_MS = 150;

/** What a section shows of the server's: awaited, there, or not to be had, with a way to try again. */
export class LoadedPart<T> {
  readonly element = h('div', { class: 'loaded', 'aria-busy': 'false' });
  private generation = 0;

  constructor(
    private readonly notices: NoticeStore,
    private readonly fetch: () => Promise<T>,
    private readonly draw: (data: T) => Node[],
  ) {}

  /** Fetches and draws; what was there stays until then. Never fails: what went wrong is told. */
  async load(): Promise<void> {
    this.generation += 1;
    const generation = this.generation;
    const waiting = window.setTimeout(() => this.await(), SKELETON_AFTER_MS);
    try {
      const data = await this.fetch();
      if (generation === this.generation) this.fill(this.draw(data));
    } catch (error) {
      if (generation === this.generation) this.fill([this.failure(error)]);
      reportFailure(this.notices, error);
    } finally {
      window.clearTimeout(waiting);
      this.element.setAttribute('aria-busy', 'false');
    }
  }

  private await(): void {
    this.element.setAttribute('aria-busy', 'true');
    if (this.element.childElementCount === 0)
      this.element.append(...Array.from({ length: 4 }, () => h('div', { class: 'skeleton-line' })));
  }

  /** The line that had the focus is written anew: the one in its place gets it, else the part itself. */
  private fill(content: readonly Node[]): void {
    const focused = document.activeElement;
    const place =
      focused && this.element.contains(focused) ? this.focusable().indexOf(focused as HTMLElement) : -1;
    replaceChildren(this.element, ...content);
    if (place < 0) return;
    const left = this.focusable();
    const next = left[Math.min(place, left.length - 1)];
    if (next) next.focus();
    else {
      this.element.tabIndex = -1;
      this.element.focus();
    }
  }

  private focusable(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>('button, a[href], input, select')];
  }

  private failure(error: unknown): HTMLElement {
    return h(
      'div',
      { class: 'form-error', role: 'alert' },
      h('p', null, error instanceof Error ? error.message : String(error)),
      button({ label: 'Try again', onClick: () => void this.load() }),
    );
  }
}
