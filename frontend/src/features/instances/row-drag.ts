import { h } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { RowOffsets } from '../../base/offsets.js';
import type { Goal } from '../../domain/row-moves.js';

export interface RowDragHost {
  scroller: HTMLElement;
  body: HTMLElement;
  offsets: RowOffsets;
  /** Which rows move when this one is dragged. */
  travellers(id: number): ReadonlySet<number>;
  /** They are under way, or not any more. */
  mark(ids: ReadonlySet<number>, isDragged: boolean): void;
  /** Where they go when they are dropped beside a row; null where dropping changes nothing. */
  goal(ids: ReadonlySet<number>, wanted: Goal): Goal | null;
  drop(ids: ReadonlySet<number>, target: number, side: Goal['side']): void;
}

interface Drag {
  pointerId: number;
  ids: ReadonlySet<number>;
  startY: number;
  pointerY: number;
  isMoving: boolean;
  frame: number;
}

/** So far a press may tremble without being a drag. */
const THRESHOLD_PX = 4;
const EDGE_PX = 48;
const MOST_PX_A_FRAME = 18;

/** Rows dragged by their handle, with a mouse, a pen or a finger. Near an edge the list scrolls; Esc lets everything be. */
export class RowDrag implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly line = h('div', { class: 'row-drop', hidden: true, 'aria-hidden': 'true' });
  private drag: Drag | null = null;

  constructor(private readonly host: RowDragHost) {
    const { body } = host;
    this.resources.add(listen(body, 'pointerdown', (event) => this.press(event)));
    this.resources.add(listen(body, 'pointermove', (event) => this.move(event)));
    this.resources.add(listen(body, 'pointerup', (event) => this.release(event)));
    this.resources.add(listen(body, 'pointercancel', () => this.end()));
    this.resources.add(listen(body, 'lostpointercapture', () => this.end()));
    this.resources.add(listen(document, 'keydown', (event) => this.key(event), { capture: true }));
    this.resources.defer(() => this.end());
  }

  dispose(): void {
    this.resources.dispose();
  }

  private press(event: PointerEvent): void {
    const handle = event.target instanceof Element ? event.target.closest('.row-grip') : null;
    const row = handle?.closest<HTMLElement>('.row');
    if (!row || event.button !== 0 || this.drag) return;
    // Neither a selection of text nor the focus comes of it.
    event.preventDefault();
    this.host.body.setPointerCapture(event.pointerId);
    const ids = this.host.travellers(Number(row.dataset['id']));
    const { clientY } = event;
    this.drag = {
      pointerId: event.pointerId,
      ids,
      startY: clientY,
      pointerY: clientY,
      isMoving: false,
      frame: 0,
    };
  }

  private move(event: PointerEvent): void {
    const { drag } = this;
    if (!drag || event.pointerId !== drag.pointerId) return;
    drag.pointerY = event.clientY;
    if (drag.isMoving || Math.abs(drag.pointerY - drag.startY) < THRESHOLD_PX) return;
    drag.isMoving = true;
    this.host.mark(drag.ids, true);
    this.host.body.classList.add('is-dragging');
    this.host.body.append(this.line);
    this.step();
  }

  /** Once a frame: the list goes on scrolling under a pointer that rests at its edge. */
  private step(): void {
    const { drag } = this;
    if (!drag?.isMoving) return;
    const { scroller } = this.host;
    scroller.scrollTop += this.scrollSpeed(drag.pointerY);
    const goal = this.goal(drag);
    this.line.hidden = goal === null;
    if (goal) this.line.style.top = `${String(goal.px)}px`;
    drag.frame = requestAnimationFrame(() => this.step());
  }

  private scrollSpeed(pointerY: number): number {
    const box = this.host.scroller.getBoundingClientRect();
    const above = box.top + EDGE_PX - pointerY;
    const below = pointerY - (box.bottom - EDGE_PX);
    const depth = Math.min(1, Math.max(above, below, 0) / EDGE_PX);
    return (above > 0 ? -1 : 1) * Math.ceil(depth * MOST_PX_A_FRAME);
  }

  /** The gap between rows that the pointer is nearest to. Null where dropping would change nothing. */
  private goal(drag: Drag): (Goal & { px: number }) | null {
    const { body, offsets } = this.host;
    const px = drag.pointerY - body.getBoundingClientRect().top;
    const index = offsets.indexAt(px);
    const target = offsets.keyAt(index);
    if (target === undefined || drag.ids.has(target)) return null;
    const top = offsets.topOf(index);
    const height = offsets.heightOf(index);
    const goal = this.host.goal(drag.ids, { target, side: px > top + height / 2 ? 'after' : 'before' });
    if (goal === null) return null;
    const at = offsets.indexOf(goal.target);
    return { ...goal, px: offsets.topOf(at) + (goal.side === 'after' ? offsets.heightOf(at) : 0) };
  }

  private release(event: PointerEvent): void {
    const { drag } = this;
    if (!drag || event.pointerId !== drag.pointerId) return;
    drag.pointerY = event.clientY;
    const goal = drag.isMoving ? this.goal(drag) : null;
    this.end();
    if (goal) this.host.drop(drag.ids, goal.target, goal.side);
  }

  private end(): void {
    const { drag } = this;
    if (!drag) return;
    this.drag = null;
    cancelAnimationFrame(drag.frame);
    this.host.mark(drag.ids, false);
    this.host.body.classList.remove('is-dragging');
    this.line.remove();
    if (this.host.body.hasPointerCapture(drag.pointerId))
      this.host.body.releasePointerCapture(drag.pointerId);
  }

  private key(event: KeyboardEvent): void {
    if (!this.drag || event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.end();
  }
}
