import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';

export interface RowPressHost {
  body: HTMLElement;
  select(id: number): void;
}

const HELD_MS = 450;
/** So far a resting finger may tremble. */
const TREMBLE_PX = 10;
const BUZZ_MS = 12;

/** A row held with a finger is selected, as on every telephone. A mouse and a pen have the box. */
export class RowPress implements Disposable {
  private readonly resources = new DisposableStore();
  private press: { id: number; pointerId: number; x: number; y: number; timer: number } | null = null;
  /** The finger that selected a row is still down: what its lifting brings is no click. */
  private hasSelected = false;

  constructor(private readonly host: RowPressHost) {
    const { body } = host;
    this.resources.add(listen(body, 'pointerdown', (event) => this.down(event)));
    this.resources.add(listen(body, 'pointermove', (event) => this.move(event)));
    for (const kind of ['pointerup', 'pointercancel'] as const)
      this.resources.add(listen(body, kind, () => this.end()));
    this.resources.add(listen(body, 'click', (event) => this.swallow(event), { capture: true }));
    this.resources.add(listen(body, 'contextmenu', (event) => this.noMenu(event)));
    this.resources.defer(() => this.end());
  }

  dispose(): void {
    this.resources.dispose();
  }

  private down(event: PointerEvent): void {
    this.end();
    this.hasSelected = false;
    const { target, pointerId, clientX: x, clientY: y } = event;
    if (event.pointerType !== 'touch' || !event.isPrimary || !(target instanceof Element)) return;
    const row = target.closest<HTMLElement>('.row');
    if (!row || target.closest('button, a, input, .evidence, .row-grip')) return;
    const timer = window.setTimeout(() => this.held(), HELD_MS);
    this.press = { id: Number(row.dataset['id']), pointerId, x, y, timer };
  }

  private move({ pointerId, clientX, clientY }: PointerEvent): void {
    const { press } = this;
    if (press?.pointerId !== pointerId) return;
    if (Math.hypot(clientX - press.x, clientY - press.y) > TREMBLE_PX) this.end();
  }

  private held(): void {
    const { press } = this;
    if (!press) return;
    this.press = null;
    this.hasSelected = true;
    if ('vibrate' in navigator) navigator.vibrate(BUZZ_MS);
    this.host.select(press.id);
  }

  private end(): void {
    if (this.press) window.clearTimeout(this.press.timer);
    this.press = null;
  }

  private swallow(event: MouseEvent): void {
    if (!this.hasSelected) return;
    this.hasSelected = false;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Android asks for a menu where a finger rests. */
  private noMenu(event: MouseEvent): void {
    if (this.press || this.hasSelected) event.preventDefault();
  }
}
