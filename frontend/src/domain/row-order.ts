interface Member {
  id: number;
  parent_instance_id?: number | null;
}

/** Satellites behind the instance whose environment they share; otherwise the order stays. */
export function withSatellites<T extends Member>(sorted: readonly T[]): T[] {
  const present = new Set(sorted.map(({ id }) => id));
  const satellites = new Map<number, T[]>();
  const heads: T[] = [];
  for (const member of sorted) {
    const parent = member.parent_instance_id ?? null;
    if (parent === null || parent === member.id || !present.has(parent)) heads.push(member);
    else satellites.set(parent, [...(satellites.get(parent) ?? []), member]);
  }
  if (satellites.size === 0) return heads;
  const placed = new Set<number>();
  const result: T[] = [];
  const place = (member: T): void => {
    if (placed.has(member.id)) return;
    placed.add(member.id);
    result.push(member);
    for (const satellite of satellites.get(member.id) ?? []) place(satellite);
  };
  heads.forEach(place);
  // Parents in a ring have no head; they are shown all the same.
  sorted.forEach(place);
  return result;
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
  side: 'before' | 'after',
): number[] {
  if (moved.has(target) || !all.includes(target)) return [...all];
  const rest = all.filter((id) => !moved.has(id));
  const travelling = all.filter((id) => moved.has(id));
  const at = rest.indexOf(target) + (side === 'after' ? 1 : 0);
  return [...rest.slice(0, at), ...travelling, ...rest.slice(at)];
}

/** The order after one step up or down among the rows that are shown; null at the end. */
export function movedOneStep(
  all: readonly number[],
  shown: readonly number[],
  id: number,
  step: 1 | -1,
): number[] | null {
  const neighbour = shown[shown.indexOf(id) + step];
  if (neighbour === undefined || !shown.includes(id)) return null;
  return movedBeside(all, new Set([id]), neighbour, step > 0 ? 'after' : 'before');
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

/** Rows in a wished order; those that it does not name follow in their own. */
export function inOrder<T extends { id: number }>(rows: readonly T[], order: readonly number[]): T[] {
  const places = new Map(order.map((id, index) => [id, index]));
  const placeOf = ({ id }: T) => places.get(id) ?? order.length;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}
