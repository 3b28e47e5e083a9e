export interface Member {
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

/** Rows in a wished order; those that it does not name follow in their own. */
export function inOrder<T extends { id: number }>(rows: readonly T[], order: readonly number[]): T[] {
  const places = new Map(order.map((id, index) => [id, index]));
  const placeOf = ({ id }: T) => places.get(id) ?? order.length;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}

/** How a satellite stands to the rows around it: below its parent with others to follow, as the last of them, or without it. */
export type Kinship = 'middle' | 'last' | 'apart';

/** The kinship of every satellite among the rows that are shown, in their order. */
export function kinships(shown: readonly Member[]): Map<number, Kinship> {
  const kin = new Map<number, Kinship>();
  const last = new Map<number, number>();
  const ids = new Set<number>();
  for (const { id, parent_instance_id: parent } of shown) {
    ids.add(id);
    if (parent === null || parent === undefined) continue;
    kin.set(id, ids.has(parent) ? 'last' : 'apart');
    const before = last.get(parent);
    if (before !== undefined && ids.has(parent)) kin.set(before, 'middle');
    last.set(parent, id);
  }
  return kin;
}
