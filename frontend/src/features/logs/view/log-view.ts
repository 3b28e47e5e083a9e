import { h } from '../../../base/dom.js';
import { DisposableStore, listen } from '../../../base/lifecycle.js';
import type { Disposable } from '../../../base/lifecycle.js';
import { Emitter, Observable } from '../../../base/observable.js';
import type { Line } from '../screen/line.js';
import type { LogScreen } from '../screen/log-screen.js';
import { copyLines, selectAll } from './copy-lines.js';
import { LineList } from './line-list.js';

/** Lines in the page while the end is followed, and at most while somebody reads. */
const FOLLOWED_LINES = 300;
const MOST_LINES = 1200;
const STEP_LINES = 300;
const AT_END_PX = 6;
/** So far from an edge more lines are put there, before anybody sees that they were missing. */
const NEAR_EDGE_PX = 1500;
/** Chromium scrolls by keys for about 200 ms. */
const GLIDE_MS = 300;

/** Shows a window of a screen's lines and keeps it at the end until somebody scrolls up. */
export class LogView implements Disposable {
  readonly isFollowing = new Observable(true);
  /** The first or the last line there is comes into view. */
  readonly reachedTop = new Emitter<void>();
  readonly reachedBottom = new Emitter<void>();
  /** Other lines are in view. */
  readonly moved = new Emitter<void>();
  /** The elements in the page changed. */
  readonly changed = new Emitter<void>();
  /** Home and End: to the ends of the log, not of what is loaded. */
  readonly wantedEnd = new Emitter<'first' | 'last'>();
  readonly list: LineList;
  readonly element: HTMLElement;

  private readonly resources = new DisposableStore();
  private lastTop = 0;
  /** The size of the window onto the lines at the last scroll. */
  private lastSize = '';
  /** Until when the browser may still glide to where an earlier key sent it. */
  private glideEndsMs = 0;

  /** @param isAtLiveEnd whether what is printed next comes behind the last line of the screen */
  constructor(
    private screen: LogScreen,
    private readonly isAtLiveEnd: () => boolean,
  ) {
    this.list = new LineList(screen);
    this.element = h(
      'div',
      // Output is read at leisure, not read out as it flows.
      { class: 'log-scroller', tabindex: 0, role: 'log', 'aria-live': 'off', 'data-testid': 'log-scroller' },
      this.list.element,
    );
    this.resources.add(listen(this.element, 'scroll', () => this.onScroll(), { passive: true }));
    this.resources.add(
      listen(this.element, 'wheel', (event) => event.deltaY < 0 && this.letGo(), { passive: true }),
    );
    this.resources.add(listen(this.element, 'keydown', (event) => this.key(event)));
    this.resources.add(listen(this.element, 'copy', (event) => copyLines(event, this.list, this.screen)));
    this.resources.add(listen(document, 'selectionchange', () => this.onSelection()));
    const observer = new ResizeObserver(() => this.keepAtEnd());
    observer.observe(this.element);
    this.resources.defer(() => observer.disconnect());
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** The line at the upper edge; null when there is none. */
  get topLine(): Line | null {
    if (this.list.count === 0) return null;
    return this.screen.line(this.list.idAtHeight(this.element.scrollTop));
  }

  /** How many lines of the screen lie below the lower edge. */
  get linesBelow(): number {
    if (this.isFollowing.value || this.list.count === 0) return 0;
    const { scrollTop, clientHeight } = this.element;
    return Math.max(0, this.screen.endId - 1 - this.list.idAtHeight(scrollTop + clientHeight - 2));
  }

  /** Lines do not fill the window. */
  get hasRoom(): boolean {
    return this.list.element.offsetHeight < this.element.clientHeight * 2;
  }

  /** Shows another screen from its end. */
  setScreen(screen: LogScreen): void {
    this.screen = screen;
    this.list.setScreen(screen);
    this.jumpToEnd();
  }

  /** Brings the page up to the screen; to be called once per frame. */
  update(): void {
    const dirty = this.screen.takeDirty();
    if (dirty === null) return;
    this.list.redraw(dirty);
    if (this.isFollowing.value) this.showEnd();
    else this.list.extendDownTo(Math.min(this.screen.endId, this.list.from + MOST_LINES));
    this.changed.fire();
  }

  jumpToEnd(): void {
    this.isFollowing.set(true);
    this.glideEndsMs = performance.now() + GLIDE_MS;
    this.showEnd();
    this.changed.fire();
  }

  /** Brings a line into view, letting go of the end. */
  reveal(id: number, block: ScrollLogicalPosition = 'center'): void {
    this.letGo(true);
    if (id < this.list.from || id >= this.list.to) this.rebuild(id - STEP_LINES);
    this.list.elementOf(id)?.scrollIntoView({ block, inline: 'nearest' });
    this.lastTop = this.element.scrollTop;
    this.changed.fire();
  }

  /** Lines came in front of the first one. */
  showOlder(): void {
    const { list } = this;
    this.keepingPlace(() => list.extendUpTo(Math.max(this.screen.firstId, list.from - STEP_LINES)));
    list.dropFrom(list.from + MOST_LINES);
    this.changed.fire();
  }

  /** Lines came behind the last one, and perhaps others went in front. */
  showNewer(): void {
    const { list, screen } = this;
    screen.takeDirty();
    list.redraw(list.to - 1);
    list.extendDownTo(Math.min(screen.endId, list.to + STEP_LINES));
    this.keepingPlace(() => list.dropBefore(Math.max(screen.firstId, list.to - MOST_LINES)));
    this.changed.fire();
  }

  letGo(isSure = false): void {
    this.glideEndsMs = 0;
    if (isSure || this.element.scrollHeight > this.element.clientHeight) this.isFollowing.set(false);
  }

  /** The browser glides to the end that was there when the key went down; output that flows is faster. */
  private key(event: KeyboardEvent): void {
    const hasModifier = event.shiftKey || event.altKey;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      event.preventDefault();
      selectAll(this.list);
    } else if ((event.key === 'Home' || event.key === 'End') && !hasModifier) {
      event.preventDefault();
      this.wantedEnd.fire(event.key === 'Home' ? 'first' : 'last');
    } else if (event.key === 'PageUp' || event.key === 'ArrowUp') this.letGo();
  }

  private onScroll(): void {
    const isGliding = performance.now() < this.glideEndsMs;
    if (this.wasResized() || (isGliding && this.isFollowing.value)) {
      // The browser moved the lines, not the user.
      this.keepAtEnd();
      return;
    }
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    const below = scrollHeight - scrollTop - clientHeight;
    const isUpwards = scrollTop < this.lastTop;
    this.lastTop = scrollTop;
    if (isUpwards && below > AT_END_PX) this.isFollowing.set(false);
    if (!isUpwards && below < NEAR_EDGE_PX) this.goOnDownwards(below <= AT_END_PX);
    if (isUpwards && scrollTop < NEAR_EDGE_PX) this.goOnUpwards();
    this.moved.fire();
  }

  /** Who marks text wants it to stand still. */
  private onSelection(): void {
    const selection = document.getSelection();
    if (!this.isFollowing.value || !selection || selection.isCollapsed) return;
    if (selection.anchorNode && this.list.element.contains(selection.anchorNode)) this.letGo();
  }

  private wasResized(): boolean {
    const size = `${String(this.element.clientWidth)}×${String(this.element.clientHeight)}`;
    const isOther = size !== this.lastSize;
    this.lastSize = size;
    return isOther && this.isFollowing.value;
  }

  private goOnDownwards(isAtEnd: boolean): void {
    if (this.isFollowing.value) return;
    if (this.list.to < this.screen.endId) this.showNewer();
    else if (!this.isAtLiveEnd()) this.reachedBottom.fire();
    else if (isAtEnd) this.isFollowing.set(true);
  }

  private goOnUpwards(): void {
    if (this.list.from > this.screen.firstId) this.showOlder();
    else this.reachedTop.fire();
  }

  private keepingPlace(change: () => void): void {
    const before = this.element.scrollHeight;
    change();
    const difference = this.element.scrollHeight - before;
    if (difference !== 0) this.element.scrollTop += difference;
    this.lastTop = this.element.scrollTop;
  }

  private showEnd(): void {
    const { list } = this;
    const end = this.screen.endId;
    const start = Math.max(this.screen.firstId, end - FOLLOWED_LINES);
    if (start >= list.to || end < list.to || start < list.from) {
      list.show(start, end);
    } else {
      list.dropBefore(start);
      list.extendDownTo(end);
    }
    this.keepAtEnd();
  }

  private rebuild(wanted: number): void {
    const start = Math.max(this.screen.firstId, wanted);
    this.list.show(start, Math.min(this.screen.endId, start + STEP_LINES * 2));
  }

  private keepAtEnd(): void {
    if (!this.isFollowing.value) return;
    this.element.scrollTop = this.element.scrollHeight;
    this.lastTop = this.element.scrollTop;
  }
}
