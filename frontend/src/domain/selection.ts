/** Which rows are chosen, and the one that a range begins at. */
export interface Selection {
  readonly ids: ReadonlySet<number>;
  readonly anchor: number | null;
}

export const NOTHING_SELECTED: Selection = { ids: new Set(), anchor: null };

export function toggle(selection: Selection, id: number): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/** Adds everything from the anchor to `id`, in the order that is shown. The anchor stays, so that a range can be drawn anew. */
export function extendTo(selection: Selection, id: number, shown: readonly number[]): Selection {
  const to = shown.indexOf(id);
  const from = selection.anchor === null ? to : shown.indexOf(selection.anchor);
  if (to < 0) return selection;
  const start = from < 0 ? to : from;
  const range = shown.slice(Math.min(start, to), Math.max(start, to) + 1);
  return { ids: new Set([...selection.ids, ...range]), anchor: shown[start] ?? id };
}

export function selectAll(shown: readonly number[]): Selection {
  return { ids: new Set(shown), anchor: shown[0] ?? null };
}

/** Forgets what is gone. The same object when nothing is. */
export function prune(selection: Selection, exists: (id: number) => boolean): Selection {
  const ids = [...selection.ids].filter(exists);
  if (ids.length === selection.ids.size) return selection;
  const { anchor } = selection;
  return { ids: new Set(ids), anchor: anchor !== null && exists(anchor) ? anchor : null };
}

/** For the box over the column: all, some or none of what is shown. */
export function coverage(selection: Selection, shown: readonly number[]): 'all' | 'some' | 'none' {
  if (selection.ids.size === 0) return 'none';
  const count = shown.filter((id) => selection.ids.has(id)).length;
  if (count === 0) return 'none';
  return count === shown.length ? 'all' : 'some';
}
