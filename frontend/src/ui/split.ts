import { h, setAttribute } from '../base/dom.js';
import { DisposableStore, listen } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';

export interface SplitOptions {
  label: string;
  /** Share of the height that the lower part takes, 0–1. */
  share: number;
  onChange: (share: number) => void;
}

const LEAST = 0.15;
const MOST = 0.85;
const STEP = 0.05;
const USUAL = 0.42;

/** A divider between an upper and a lower part; dragged, or moved with the arrow keys. Double click: the usual place. */
export class SplitDivider implements Disposable {
  readonly element: HTMLElement;
  private readonly resources = new DisposableStore();
  private share: number;

  constructor(
    private readonly container: HTMLElement,
    private readonly options: SplitOptions,
  ) {
    this.share = clamp(options.share);
    this.element = h('div', {
      class: 'divider',
      role: 'separator',
      tabindex: 0,
      'aria-orientation': 'horizontal',
      'aria-label': options.label,
      'aria-valuemin': LEAST * 100,
      'aria-valuemax': MOST * 100,
      'data-testid': 'divider',
    });
    this.resources.add(listen(this.element, 'keydown', (event) => this.key(event)));
    this.resources.add(listen(this.element, 'dblclick', () => this.set(USUAL)));
    this.resources.add(listen(this.element, 'pointerdown', (event) => this.press(event)));
    this.resources.add(listen(this.element, 'pointermove', (event) => this.drag(event)));
    this.apply();
  }

  dispose(): void {
    this.resources.dispose();
  }

  private press(event: PointerEvent): void {
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    this.element.focus();
  }

  private drag(event: PointerEvent): void {
    if (!this.element.hasPointerCapture(event.pointerId)) return;
    const box = this.container.getBoundingClientRect();
    this.set((box.bottom - event.clientY) / box.height);
  }

  private key(event: KeyboardEvent): void {
    const targets: Record<string, number> = {
      ArrowUp: this.share + STEP,
      ArrowDown: this.share - STEP,
      Home: MOST,
      End: LEAST,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.set(target);
  }

  private set(share: number): void {
    this.share = clamp(share);
    this.apply();
    this.options.onChange(this.share);
  }

  private apply(): void {
    this.container.style.setProperty('--lower-share', `${(this.share * 100).toFixed(1)}%`);
    setAttribute(this.element, 'aria-valuenow', Math.round(this.share * 100));
  }
}

function clamp(share: number): number {
  return Number.isFinite(share) ? Math.min(MOST, Math.max(LEAST, share)) : USUAL;
}
