interface Child {
  id: number;
  parent_instance_id: number | null;
}

/**
 * The parents that rows keep: those that exist. Where rows are each other's ancestors, the one of them that comes first
 * by its id loses its parent, so that every line of descent has an end.
 * @param rows in the order of their ids
 */
export function keepParents(rows: readonly Child[]): Map<number, number> {
  const ids = new Set(rows.map(({ id }) => id));
  const parents = new Map<number, number>();
  for (const { id, parent_instance_id: parent } of rows) {
    if (parent !== null && ids.has(parent)) parents.set(id, parent);
  }
  for (const { id } of rows) if (isOwnAncestor(id, parents)) parents.delete(id);
  return parents;
}

function isOwnAncestor(id: number, parents: ReadonlyMap<number, number>): boolean {
  const seen = new Set<number>();
  for (let at = parents.get(id); at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === id) return true;
    seen.add(at);
  }
  return false;
}
