import type { ProcessStat, ProcessTable } from './process-table.js';

/** A process from which a tree descends. */
export interface TreeRoot {
  pid: number;
  startTicks: string;
}

/** A root with everything that descends from it. */
export interface ProcessTree {
  root: ProcessStat;
  /** Without the root. */
  descendants: ProcessStat[];
}

/**
 * Finds what descends from each root; a process below two roots belongs to the nearer. A root that has ended, or whose
 * pid is another process by now, has no tree.
 */
export function findTrees<Key>(
  table: ProcessTable,
  roots: ReadonlyMap<Key, TreeRoot>,
): Map<Key, ProcessTree> {
  const trees = new Map<Key, ProcessTree>();
  const treeOf = new Map<number, ProcessTree | null>();
  for (const [key, { pid, startTicks }] of roots) {
    const root = table.get(pid);
    if (root === undefined || root.startTicks !== startTicks) continue;
    const tree = { root, descendants: [] };
    trees.set(key, tree);
    treeOf.set(pid, tree);
  }
  if (trees.size === 0) return trees;
  for (const process of table.values()) {
    const tree = ancestorTree(process, table, treeOf);
    if (tree !== null && tree.root !== process) tree.descendants.push(process);
  }
  return trees;
}

/** Walks up to the first process whose tree is known, and notes it for everybody on the way. */
function ancestorTree(
  process: ProcessStat,
  table: ProcessTable,
  treeOf: Map<number, ProcessTree | null>,
): ProcessTree | null {
  const way: number[] = [];
  let at: ProcessStat | undefined = process;
  while (at !== undefined && !treeOf.has(at.pid)) {
    // Noted at once, so that a ring, which pids reused during the scan can make, comes to an end.
    treeOf.set(at.pid, null);
    way.push(at.pid);
    at = table.get(at.parentPid);
  }
  const tree = at === undefined ? null : (treeOf.get(at.pid) ?? null);
  for (const pid of way) treeOf.set(pid, tree);
  return tree;
}
