import { h } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Emitter, Observable } from '../../base/observable.js';
import type { LogScreen } from './log-screen.js';
import { fillLine, lineElement } from './line-view.js';

/** Lines in the page while the end is followed; more are put there on the way up. */
const FOLLOWED_LINES = 300;
const STEP_LINES = 400;
const MOST_LINES = 5000;
const AT_END_PX = 6;
const NEAR_TOP_PX = 120;
/** Chromium scrolls by keys for about 200 ms. */
const GLIDE_MS = 300;

/** Shows a window of a screen's lines and keeps it at the end until somebody scrolls up. */
export class LogView implements Disposable {
  readonly isFollowing = new Observable(true);
  /** The first line there is has come into view. */
  readonly reachedTop = new Emitter<void>();
  /** The elements in the page changed. */
  readonly changed = new Emitter<void>();
  private readonly content = h('div', { class: 'log-lines', 'data-testid': 'log-lines' });
  readonly element = h(
    'div',
    {
      class: 'log-scroller',
      tabindex: 0,
      role: 'region',
      'aria-label': 'Log',
      'data-testid': 'log-scroller',
    },
    this.content,
  );

  private readonly resources = new DisposableStore();
  private from = 0;
  private to = 0;
  private lastTop = 0;
  /** The size of the window onto the lines at the last scroll. */
  private lastSize = '';
  /** Until when the browser may still glide to where an earlier key sent it. */
  private glideEndsMs = 0;

  constructor(private screen: LogScreen) {
    this.resources.add(listen(this.element, 'scroll', () => this.onScroll(), { passive: true }));
    this.resources.add(
      listen(this.element, 'wheel', (event) => event.deltaY < 0 && this.letGo(), { passive: true }),
    );
    this.resources.add(listen(this.element, 'keydown', (event) => this.key(event)));
    const observer = new ResizeObserver(() => this.keepAtEnd());
    observer.observe(this.element);
    this.resources.defer(() => observer.disconnect());
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** Ids of the lines in the page: from, and behind the last. */
  get range(): readonly [number, number] {
    return [this.from, this.to];
  }

  elementOf(id: number): Element | null {
    return id < this.from ? null : (this.content.children.item(id - this.from) ?? null);
  }

  /** Shows another screen from its end. */
  setScreen(screen: LogScreen): void {
    this.screen = screen;
    this.jumpToEnd();
  }

  /** Brings the page up to the screen; to be called once per frame. */
  update(): void {
    const dirty = this.screen.takeDirty();
    if (dirty === null) return;
    this.redraw(dirty);
    if (this.isFollowing.value) this.showEnd();
    else this.appendUpTo(Math.min(this.screen.endId, this.from + MOST_LINES));
    this.changed.fire();
  }

  jumpToEnd(): void {
    this.isFollowing.set(true);
    this.glideEndsMs = performance.now() + GLIDE_MS;
    this.showEnd();
    this.changed.fire();
  }

  /** Brings a line into view, letting go of the end. */
  reveal(id: number): void {
    this.letGo();
    if (id < this.from || id >= this.to) this.rebuild(Math.max(this.screen.firstId, id - STEP_LINES));
    this.elementOf(id)?.scrollIntoView({ block: 'center' });
    this.lastTop = this.element.scrollTop;
  }

  /** Lines came in front of the first one. */
  showOlder(): void {
    this.extendUp();
    this.changed.fire();
  }

  /** How many lines at the end are not in the page. */
  get hiddenBelow(): number {
    return Math.max(0, this.screen.endId - this.to);
  }

  private letGo(): void {
    this.glideEndsMs = 0;
    if (this.element.scrollHeight > this.element.clientHeight) this.isFollowing.set(false);
  }

  /** The browser glides to the end that was there when the key went down; output that flows is faster. */
  private key(event: KeyboardEvent): void {
    if (event.key === 'PageUp' || event.key === 'ArrowUp' || event.key === 'Home') this.letGo();
    if (event.key !== 'End' || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.jumpToEnd();
  }

  private onScroll(): void {
    const isGliding = performance.now() < this.glideEndsMs;
    if (this.wasResized() || (isGliding && this.isFollowing.value)) {
      // The browser moved the lines, not the user.
      this.keepAtEnd();
      return;
    }
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    const isAtEnd = scrollHeight - scrollTop - clientHeight <= AT_END_PX;
    const isUpwards = scrollTop < this.lastTop;
    this.lastTop = scrollTop;
    if (isAtEnd) this.goOnDownwards();
    else if (isUpwards) this.isFollowing.set(false);
    if (scrollTop < NEAR_TOP_PX && isUpwards) this.goOnUpwards();
  }

  private wasResized(): boolean {
    const size = `${String(this.element.clientWidth)}×${String(this.element.clientHeight)}`;
    const isOther = size !== this.lastSize;
    this.lastSize = size;
    return isOther && this.isFollowing.value;
  }

  private goOnDownwards(): void {
    if (this.isFollowing.value) return;
    if (this.hiddenBelow === 0) {
      this.isFollowing.set(true);
    } else if (this.screen.firstId <= this.to) {
      this.appendUpTo(Math.min(this.screen.endId, this.to + STEP_LINES));
      this.changed.fire();
    } else {
      this.jumpToEnd();
    }
  }

  private goOnUpwards(): void {
    if (this.from > this.screen.firstId) this.showOlder();
    else this.reachedTop.fire();
  }

  private extendUp(): void {
    const start = Math.max(this.screen.firstId, this.from - STEP_LINES);
    const before = this.element.scrollHeight;
    this.content.prepend(this.build(start, this.from));
    this.from = start;
    this.element.scrollTop += this.element.scrollHeight - before;
    this.lastTop = this.element.scrollTop;
  }

  private redraw(dirty: number): void {
    // Lines may have vanished: a mark takes the place of an open empty line.
    for (let id = Math.max(dirty, this.from); id < this.to; id += 1) {
      const line = this.screen.line(id);
      const element = this.content.children.item(id - this.from);
      if (!(element instanceof HTMLElement) || !line) continue;
      element.classList.toggle('is-mark', line.kind === 'mark');
      fillLine(element, line);
    }
  }

  private showEnd(): void {
    const end = this.screen.endId;
    const start = Math.max(this.screen.firstId, end - FOLLOWED_LINES);
    if (start >= this.to || end < this.to || start < this.from) {
      this.rebuild(start);
    } else {
      for (; this.from < start; this.from += 1) this.content.firstChild?.remove();
      this.appendUpTo(end);
    }
    this.keepAtEnd();
  }

  private rebuild(start: number): void {
    const end = Math.min(this.screen.endId, start + MOST_LINES);
    this.content.replaceChildren(this.build(start, end));
    this.from = start;
    this.to = end;
  }

  private appendUpTo(end: number): void {
    if (end <= this.to) return;
    this.content.append(this.build(this.to, end));
    this.to = end;
  }

  private build(start: number, end: number): DocumentFragment {
    const fragment = document.createDocumentFragment();
    for (let id = start; id < end; id += 1) {
      const line = this.screen.line(id);
      fragment.append(line ? lineElement(line) : h('div', { class: 'log-line' }));
    }
    return fragment;
  }

  private keepAtEnd(): void {
    if (!this.isFollowing.value) return;
    this.element.scrollTop = this.element.scrollHeight;
    this.lastTop = this.element.scrollTop;
  }
}
