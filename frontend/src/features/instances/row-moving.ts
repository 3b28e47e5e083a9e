import { movedBack, movedBeside, movedOneStep } from '../../domain/row-order.js';
import type { NoticeStore } from '../../state/notices.js';
import type { RowOrderKeeper } from '../../state/row-order.js';

export interface RowMovingParts {
  order: RowOrderKeeper;
  notices: NoticeStore;
  nameOf(id: number): string;
  /** The rows that the filter lets through, in order. */
  shown(): readonly number[];
  /** Says it to who listens instead of looking. */
  announce(text: string): void;
}

/** Several steps with the keyboard are one move: it is told of when they pause. */
const PAUSE_MS = 700;

/** Moves rows, by dragging and by key, and offers to take it back. */
export class RowMoving {
  private stepped: { before: readonly number[]; ids: Set<number> } | null = null;
  private timer: number | null = null;

  constructor(private readonly parts: RowMovingParts) {}

  drop(ids: ReadonlySet<number>, target: number, side: 'before' | 'after'): void {
    const all = this.all();
    const next = movedBeside(all, ids, target, side);
    if (next.every((id, index) => id === all[index])) return;
    this.parts.order.arrange(next);
    this.tell(ids, all);
  }

  shift(id: number, step: 1 | -1): void {
    const all = this.all();
    const next = movedOneStep(all, this.parts.shown(), id, step);
    const name = this.parts.nameOf(id);
    if (!next) {
      this.parts.announce(`${name} is the ${step > 0 ? 'last' : 'first'} one.`);
      return;
    }
    this.stepped ??= { before: all, ids: new Set() };
    this.stepped.ids.add(id);
    this.parts.order.arrange(next);
    const shown = this.parts.shown();
    const place = shown.indexOf(id) + 1;
    this.parts.announce(`${name} moved to place ${String(place)} of ${String(shown.length)}.`);
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.pause(), PAUSE_MS);
  }

  private pause(): void {
    const { stepped } = this;
    this.stepped = null;
    this.timer = null;
    if (stepped) this.tell(stepped.ids, stepped.before);
  }

  /** Each move is taken back for itself, whatever else was moved after it. */
  private tell(ids: ReadonlySet<number>, before: readonly number[]): void {
    const [first] = ids;
    const what =
      ids.size === 1 && first !== undefined ? this.parts.nameOf(first) : `${String(ids.size)} instances`;
    const undo = () => this.parts.order.arrange(movedBack(this.all(), before, ids));
    this.parts.notices.add({
      level: 'success',
      message: `${what} moved.`,
      action: { label: 'Undo', run: undo },
    });
  }

  private all(): number[] {
    return this.parts.order.rows().map(({ id }) => id);
  }
}
