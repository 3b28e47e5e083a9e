import { RowOffsets } from '../base/offsets.js';
import { DisposableStore, listen } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';

export interface VirtualListHost {
  /** An element for a row, new or used before, with everything in it. */
  mount(key: number, index: number): HTMLElement;
  /** The row is out of sight; its element may serve another one. */
  unmount(key: number): void;
  /** The row has another place among the others. */
  place(key: number, index: number): void;
  /** Rows that keep their elements however far away they are: the one with the focus. */
  isPinned(key: number): boolean;
}

/** As far beyond the visible part rows are kept ready, in pixels. */
const MARGIN_PX = 400;
/** Lists up to this length are there as a whole, for the browser's own search and for who reads on with a screen reader. */
const WHOLE_UP_TO = 150;
const IDLE_BATCH = 8;
const USUAL_PX = 37;

/**
 * The rows of a list of any length, of which only those in sight have elements. Rows are placed absolutely, in the order
 * of the document too; their heights are measured, and what is in sight stays where it is when one above changes.
 */
export class VirtualList implements Disposable {
  readonly offsets = new RowOffsets(USUAL_PX);
  private readonly mounted = new Map<number, HTMLElement>();
  private readonly keyOf = new WeakMap<Element, number>();
  private readonly resources = new DisposableStore();
  private readonly sizes = new ResizeObserver((entries) => this.measure(entries));
  private idle: number | null = null;
  private widthPx = 0;
  private hasMeasured = false;

  constructor(
    private readonly scroller: HTMLElement,
    private readonly body: HTMLElement,
    private readonly host: VirtualListHost,
  ) {
    this.resources.add(listen(scroller, 'scroll', () => this.fill(), { passive: true }));
    const frame = new ResizeObserver(() => this.resized());
    frame.observe(scroller);
    this.resources.defer(() => {
      frame.disconnect();
      this.sizes.disconnect();
      this.stopIdle();
    });
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** Shows exactly these, in this order. Rows that stay keep their elements and the focus. */
  show(keys: readonly number[]): void {
    const focused = document.activeElement;
    this.offsets.setKeys(keys);
    for (const key of this.mounted.keys()) if (this.offsets.indexOf(key) < 0) this.unmount(key);
    this.sortMounted();
    this.fill();
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.body.contains(focused))
      focused.focus({ preventScroll: true });
  }

  /** Makes sure that a row has an element. */
  ensure(key: number): void {
    const index = this.offsets.indexOf(key);
    if (index >= 0 && !this.mounted.has(key)) this.mount(key, index);
  }

  /** Scrolls as little as brings a row into sight. */
  reveal(key: number): void {
    const index = this.offsets.indexOf(key);
    if (index < 0) return;
    this.ensure(key);
    const { scroller } = this;
    const headPx = this.body.offsetTop;
    const top = this.offsets.topOf(index);
    const bottom = top + this.offsets.heightOf(index);
    const visiblePx = scroller.clientHeight - headPx;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + visiblePx) scroller.scrollTop = bottom - visiblePx;
    this.fill();
  }

  /** How many rows a page holds. */
  get pageLength(): number {
    return Math.max(1, Math.floor(this.scroller.clientHeight / USUAL_PX) - 1);
  }

  /** The rows look different now, such as compact: all heights are to be learnt anew. */
  remeasure(): void {
    this.hasMeasured = false;
    this.offsets.forget();
    for (const element of this.mounted.values()) {
      this.sizes.unobserve(element);
      this.sizes.observe(element);
    }
  }

  /** Gives elements to what is in sight and takes them from what is not. */
  private fill(): void {
    const { offsets, scroller } = this;
    const viewTop = scroller.scrollTop;
    const first = offsets.indexAt(viewTop - MARGIN_PX);
    const last = offsets.indexAt(viewTop + scroller.clientHeight + MARGIN_PX);
    const isWhole = offsets.count <= WHOLE_UP_TO;
    if (!isWhole) this.release(first, last);
    if (offsets.count > 0) for (let index = first; index <= last; index += 1) this.mountAt(index);
    this.layOut();
    if (isWhole && this.mounted.size < offsets.count) this.fillLater();
  }

  private release(first: number, last: number): void {
    for (const key of this.mounted.keys()) {
      const index = this.offsets.indexOf(key);
      if ((index < first || index > last) && !this.host.isPinned(key)) this.unmount(key);
    }
  }

  private mountAt(index: number): void {
    const key = this.offsets.keyAt(index);
    if (key !== undefined && !this.mounted.has(key)) this.mount(key, index);
  }

  private mount(key: number, index: number): void {
    const element = this.host.mount(key, index);
    this.mounted.set(key, element);
    this.keyOf.set(element, key);
    this.insert(element, index);
    this.sizes.observe(element);
    setTop(element, this.offsets.topOf(index));
  }

  private insert(element: HTMLElement, index: number): void {
    const previous = this.elementAt(index - 1);
    if (previous) {
      previous.after(element);
      return;
    }
    let next: HTMLElement | null = null;
    for (let at = index + 1; at < this.offsets.count && !next; at += 1) next = this.elementAt(at);
    this.body.insertBefore(element, next);
  }

  private elementAt(index: number): HTMLElement | null {
    const key = this.offsets.keyAt(index);
    return key === undefined ? null : (this.mounted.get(key) ?? null);
  }

  private unmount(key: number): void {
    const element = this.mounted.get(key);
    if (!element) return;
    this.sizes.unobserve(element);
    this.keyOf.delete(element);
    this.mounted.delete(key);
    this.host.unmount(key);
    element.remove();
  }

  private sortMounted(): void {
    const keys = [...this.mounted.keys()].sort((a, b) => this.offsets.indexOf(a) - this.offsets.indexOf(b));
    let place = this.body.firstElementChild;
    for (const key of keys) {
      const element = this.mounted.get(key);
      if (!element) continue;
      this.host.place(key, this.offsets.indexOf(key));
      if (element === place) place = element.nextElementSibling;
      else this.body.insertBefore(element, place);
    }
  }

  private layOut(): void {
    const height = `${String(this.offsets.totalPx)}px`;
    if (this.body.style.height !== height) this.body.style.height = height;
    for (const [key, element] of this.mounted) setTop(element, this.offsets.topOf(this.offsets.indexOf(key)));
  }

  private measure(entries: readonly ResizeObserverEntry[]): void {
    const { scroller, offsets } = this;
    const anchor = offsets.indexAt(scroller.scrollTop);
    const before = offsets.topOf(anchor);
    let hasMoved = false;
    for (const entry of entries) {
      const key = this.keyOf.get(entry.target);
      const heightPx = entry.borderBoxSize[0]?.blockSize ?? 0;
      if (key === undefined || heightPx === 0) continue;
      if (!this.hasMeasured) {
        this.hasMeasured = true;
        hasMoved = offsets.setUsual(heightPx) || hasMoved;
      }
      hasMoved = offsets.measure(key, heightPx) || hasMoved;
    }
    if (!hasMoved) return;
    const shift = offsets.topOf(anchor) - before;
    this.layOut();
    if (shift !== 0) scroller.scrollTop += shift;
    this.fill();
  }

  private resized(): void {
    const { clientWidth } = this.scroller;
    if (clientWidth !== this.widthPx) this.remeasure();
    this.widthPx = clientWidth;
    this.fill();
  }

  /** The rest of a short list comes while nothing else is to do. */
  private fillLater(): void {
    if (this.idle !== null) return;
    const run = () => {
      this.idle = null;
      let left = IDLE_BATCH;
      for (let index = 0; index < this.offsets.count && left > 0; index += 1) {
        const key = this.offsets.keyAt(index);
        if (key === undefined || this.mounted.has(key)) continue;
        this.mount(key, index);
        left -= 1;
      }
      if (this.mounted.size < this.offsets.count && this.offsets.count <= WHOLE_UP_TO) this.fillLater();
    };
    // Safari has no requestIdleCallback.
    this.idle =
      typeof requestIdleCallback === 'function'
        ? requestIdleCallback(run, { timeout: 500 })
        : window.setTimeout(run, 50);
  }

  private stopIdle(): void {
    if (this.idle === null) return;
    if (typeof cancelIdleCallback === 'function') cancelIdleCallback(this.idle);
    else window.clearTimeout(this.idle);
    this.idle = null;
  }
}

function setTop(element: HTMLElement, px: number): void {
  const top = `${String(px)}px`;
  if (element.style.top !== top) element.style.top = top;
}
