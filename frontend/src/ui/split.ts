import { h, setAttribute } from '../base/dom.js';
import { DisposableStore, listen } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';

export interface SplitOptions {
  label: string;
  /** How the divider lies: `horizontal` has a part above and one below, `vertical` a left and a right one. */
  orientation: 'horizontal' | 'vertical';
  /** Property of the container that says how much the second part (below, or right) takes. */
  property: `--${string}`;
  /** Share of the second part, 0–1. */
  share: number;
  /** Where a double click puts it. */
  usualShare: number;
  /** Neither part becomes smaller than this by dragging, where the window allows. */
  leastPx: number;
  testId: string;
  onChange: (share: number) => void;
}

const LEAST = 0.15;
const MOST = 0.85;
const STEP = 0.05;

/** A divider between two parts; dragged, or moved with the arrow keys. Double click: the usual place. */
export class SplitDivider implements Disposable {
  readonly element: HTMLElement;
  private readonly resources = new DisposableStore();
  private share: number;

  constructor(
    private readonly container: HTMLElement,
    private readonly options: SplitOptions,
  ) {
    this.share = clampShare(options.share, options.usualShare);
    this.element = h('div', {
      class: `divider is-${options.orientation}`,
      role: 'separator',
      tabindex: 0,
      'aria-orientation': options.orientation,
      'aria-label': options.label,
      'aria-valuemin': LEAST * 100,
      'aria-valuemax': MOST * 100,
      'data-testid': options.testId,
    });
    this.resources.add(listen(this.element, 'keydown', (event) => this.key(event)));
    this.resources.add(listen(this.element, 'dblclick', () => this.set(options.usualShare)));
    this.resources.add(listen(this.element, 'pointerdown', (event) => this.press(event)));
    this.resources.add(listen(this.element, 'pointermove', (event) => this.drag(event)));
    this.resources.add(listen(this.element, 'lostpointercapture', () => markDragging(false)));
    this.apply();
  }

  dispose(): void {
    markDragging(false);
    this.resources.dispose();
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    this.element.focus();
    markDragging(true);
  }

  private drag(event: PointerEvent): void {
    if (!this.element.hasPointerCapture(event.pointerId)) return;
    const box = this.container.getBoundingClientRect();
    const isHorizontal = this.options.orientation === 'horizontal';
    this.set(
      isHorizontal ? (box.bottom - event.clientY) / box.height : (box.right - event.clientX) / box.width,
    );
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isHorizontal = this.options.orientation === 'horizontal';
    const targets: Record<string, number> = {
      [isHorizontal ? 'ArrowUp' : 'ArrowLeft']: this.share + STEP,
      [isHorizontal ? 'ArrowDown' : 'ArrowRight']: this.share - STEP,
      Home: MOST,
      End: LEAST,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.set(target);
  }

  private set(share: number): void {
    const { leastPx, usualShare, orientation } = this.options;
    const { clientHeight, clientWidth } = this.container;
    const size = orientation === 'horizontal' ? clientHeight : clientWidth;
    this.share = clampShare(share, usualShare, size > 0 ? leastPx / size : 0);
    this.apply();
    this.options.onChange(this.share);
  }

  private apply(): void {
    const percent = (this.share * 100).toFixed(1);
    this.container.style.setProperty(this.options.property, `${percent}%`);
    setAttribute(this.element, 'aria-valuenow', Math.round(this.share * 100));
  }
}

/**
 * A share that leaves room for both parts.
 * @param least share that either part needs; where both together need more than there is, they get half each
 */
export function clampShare(share: number, usualShare: number, least = 0): number {
  if (!Number.isFinite(share)) return usualShare;
  const from = Math.min(0.5, Math.max(LEAST, least));
  return Math.min(1 - from, MOST, Math.max(from, share));
}

/** An embedded page would take the pointer away while it is dragged across. */
function markDragging(isDragging: boolean): void {
  document.documentElement.classList.toggle('is-dragging', isDragging);
}
