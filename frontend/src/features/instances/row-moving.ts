import { Families, movedBack, movedBeside } from '../../domain/row-moves.js';
import type { Goal } from '../../domain/row-moves.js';
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

/** Moves rows, by dragging and by key, and offers to take it back. Families stay together. */
export class RowMoving {
  private stepped: { before: readonly number[]; ids: Set<number> } | null = null;
  private timer: number | null = null;

  constructor(private readonly parts: RowMovingParts) {}

  /** What moves when these are dragged. */
  travellers(ids: ReadonlySet<number>): ReadonlySet<number> {
    return this.families().travellers(ids);
  }

  /** Where they would go; null where dropping would change nothing or tear a family apart. */
  goal(ids: ReadonlySet<number>, wanted: Goal): Goal | null {
    const goal = this.families().goal(ids, wanted);
    if (goal === null || goal.side === 'before') return goal;
    // What the filter hides has no row to show a line at.
    const shown = this.parts.shown();
    if (shown.includes(goal.target)) return goal;
    const family = new Set(this.families().familyOf(goal.target));
    const last = shown.findLast((id) => family.has(id));
    return last === undefined ? null : { target: last, side: 'after' };
  }

  drop(ids: ReadonlySet<number>, target: number, side: Goal['side']): void {
    const families = this.families();
    const goal = families.goal(ids, { target, side });
    if (goal === null) return;
    const next = movedBeside(families.ids, ids, goal.target, goal.side);
    if (next.every((id, index) => id === families.ids[index])) return;
    this.parts.order.arrange(next);
    const named = [...ids].filter((id) => families.isHead(id));
    this.tell(ids, named.length > 0 ? named : [...ids], families.ids);
  }

  shift(id: number, step: 1 | -1): void {
    const families = this.families();
    const next = families.movedOneStep(id, this.parts.shown(), step);
    const name = this.parts.nameOf(id);
    const among = families.isHead(id)
      ? ''
      : ` among the satellites of ${this.parts.nameOf(families.headOf(id))}`;
    if (!next) {
      this.parts.announce(`${name} is the ${step > 0 ? 'last' : 'first'} one${among}.`);
      return;
    }
    this.stepped ??= { before: families.ids, ids: new Set() };
    this.stepped.ids.add(id);
    this.parts.order.arrange(next);
    const peers = this.families().peersOf(id, this.parts.shown());
    const place = peers.indexOf(id) + 1;
    this.parts.announce(`${name} moved to place ${String(place)} of ${String(peers.length)}${among}.`);
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.pause(), PAUSE_MS);
  }

  private pause(): void {
    const { stepped } = this;
    this.stepped = null;
    this.timer = null;
    if (stepped) this.tell(stepped.ids, [...stepped.ids], stepped.before);
  }

  /** Each move is taken back for itself, whatever else was moved after it. */
  private tell(ids: ReadonlySet<number>, named: readonly number[], before: readonly number[]): void {
    const [first] = named;
    const what =
      named.length === 1 && first !== undefined
        ? this.parts.nameOf(first)
        : `${String(named.length)} instances`;
    const undo = () => this.parts.order.arrange(movedBack(this.families().ids, before, ids));
    this.parts.notices.add({
      level: 'success',
      message: `${what} moved.`,
      action: { label: 'Undo', run: undo },
    });
  }

  private families(): Families {
    return new Families(this.parts.order.rows());
  }
}
