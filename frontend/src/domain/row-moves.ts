import type { Member } from './row-order.js';

export type Side = 'before' | 'after';

/** Where rows go: beside which one. */
export interface Goal {
  target: number;
  side: Side;
}

/**
 * A whole order in which some rows are moved beside another one.
 * @param moved they keep the order among themselves
 * @param target where to; none of the moved
 */
export function movedBeside(
  all: readonly number[],
  moved: ReadonlySet<number>,
  target: number,
  side: Side,
): number[] {
  if (moved.has(target) || !all.includes(target)) return [...all];
  const rest = all.filter((id) => !moved.has(id));
  const travelling = all.filter((id) => moved.has(id));
  const at = rest.indexOf(target) + (side === 'after' ? 1 : 0);
  return [...rest.slice(0, at), ...travelling, ...rest.slice(at)];
}

/**
 * The order after the rows of one move went back to where they were; what moved otherwise meanwhile, or came, stays.
 * @param before the order at the time of the move
 */
export function movedBack(
  present: readonly number[],
  before: readonly number[],
  moved: ReadonlySet<number>,
): number[] {
  const result = present.filter((id) => !moved.has(id) || !before.includes(id));
  for (const [index, id] of before.entries()) {
    if (!moved.has(id) || !present.includes(id)) continue;
    const neighbour = before.slice(0, index).findLast((other) => result.includes(other));
    result.splice(neighbour === undefined ? 0 : result.indexOf(neighbour) + 1, 0, id);
  }
  return result;
}

/** All rows, and who belongs to whom: a parent goes with its satellites, and those stay with it. */
export class Families {
  private readonly heads = new Map<number, number>();
  readonly ids: readonly number[];

  /** @param rows all of them, in order, satellites behind their parents */
  constructor(rows: readonly Member[]) {
    this.ids = rows.map(({ id }) => id);
    const parents = new Map(rows.map(({ id, parent_instance_id: parent }) => [id, parent ?? null]));
    for (const id of this.ids) this.heads.set(id, headOf(id, parents));
  }

  /** The instance whose files a row uses; itself when they are its own. */
  headOf(id: number): number {
    return this.heads.get(id) ?? id;
  }

  isHead(id: number): boolean {
    return this.headOf(id) === id;
  }

  /** A parent with its satellites, in order. */
  familyOf(id: number): number[] {
    const head = this.headOf(id);
    return this.ids.filter((other) => this.headOf(other) === head);
  }

  /** What moves when these are dragged: with a parent all of its satellites, and of several families no satellite by itself. */
  travellers(picked: ReadonlySet<number>): Set<number> {
    const heads = [...picked].filter((id) => this.isHead(id));
    const isOfOneFamily = new Set([...picked].map((id) => this.headOf(id))).size === 1;
    if (heads.length === 0) return isOfOneFamily ? new Set(picked) : new Set();
    return new Set(heads.flatMap((id) => this.familyOf(id)));
  }

  /**
   * The place that dropping beside a row means; null where it would tear a family apart.
   * @param moved as `travellers` answers
   */
  goal(moved: ReadonlySet<number>, { target, side }: Goal): Goal | null {
    const [first] = this.ids.filter((id) => moved.has(id));
    if (first === undefined || moved.has(target)) return null;
    const head = this.headOf(target);
    if (!this.isHead(first)) {
      if (this.headOf(first) !== head) return null;
      return target === head ? { target, side: 'after' } : { target, side };
    }
    if (target === head && side === 'before') return { target, side };
    return { target: this.familyOf(target).at(-1) ?? target, side: 'after' };
  }

  /** The rows among which one step leads: those of a satellite are its siblings, those of another the heads of families. */
  peersOf(id: number, shown: readonly number[]): number[] {
    const head = this.headOf(id);
    if (id !== head) return shown.filter((other) => other !== head && this.headOf(other) === head);
    return [...new Set(shown.map((other) => this.headOf(other)))];
  }

  /** The order after one step up or down among the rows that are shown; null at the end. */
  movedOneStep(id: number, shown: readonly number[], step: 1 | -1): number[] | null {
    const peers = this.peersOf(id, shown);
    const neighbour = peers[peers.indexOf(id) + step];
    if (neighbour === undefined || !peers.includes(id)) return null;
    const moved = this.travellers(new Set([id]));
    const goal = this.goal(moved, { target: neighbour, side: step > 0 ? 'after' : 'before' });
    return goal && movedBeside(this.ids, moved, goal.target, goal.side);
  }
}

/** Parents in a ring have no head but themselves. */
function headOf(id: number, parents: ReadonlyMap<number, number | null>): number {
  const seen = new Set([id]);
  let head = id;
  for (;;) {
    const parent = parents.get(head) ?? null;
    if (parent === null || !parents.has(parent)) return head;
    if (seen.has(parent)) return id;
    seen.add(parent);
    head = parent;
  }
}
