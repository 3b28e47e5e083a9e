import type { OUTPUTS_FOLDER } from '../domain/archive-head.js';
import { FILES_FOLDER } from '../domain/archive-head.js';
import { staysInside, entrySegments } from '../domain/entry-name.js';
import { folderOf, isBelow, normalise, relative } from '../domain/link-target.js';
import type { BytePath } from '../../../host/files/byte-path.js';
import { fromText, toText } from '../../../host/files/byte-path.js';
import { isInterpreterLink } from './interpreters.js';
import type { FileEntry, TreeEntry } from './scan-tree.js';
import { TransferFailed } from './failure.js';

/** What goes into an archive, in order. */
export type PackedEntry =
  | { kind: 'folder'; name: string; mode: number }
  | { kind: 'link'; name: string; target: string }
  | { kind: 'file'; name: string; mode: number; source: BytePath; file: FileEntry };

export interface PackPlan {
  entries: PackedEntry[];
  totalBytes: number;
  fileCount: number;
  /** Links from environments to the machine's Python, which no archive may hold. */
  interpreters: Record<string, string>;
}

/** A tree and the folder of the archive that it goes into. */
export interface PackedTree {
  root: BytePath;
  folder: typeof FILES_FOLDER | typeof OUTPUTS_FOLDER;
  entries: readonly TreeEntry[];
}

/**
 * Decides what of the trees goes into an archive: links only where they stay inside, for only such come out of one again.
 * Those that lead to models and outputs are made anew by the blueprint's first start.
 */
export function planArchive(trees: readonly PackedTree[]): PackPlan {
  const plan: PackPlan = { entries: [], totalBytes: 0, fileCount: 0, interpreters: {} };
  for (const tree of trees) {
    plan.entries.push({ kind: 'folder', name: tree.folder, mode: 0o755 });
    for (const entry of tree.entries) add(plan, tree, entry);
  }
  return plan;
}

function add(plan: PackPlan, tree: PackedTree, entry: TreeEntry): void {
  const path = toText(entry.path);
  const segments = path === null ? null : entrySegments(path);
  if (path === null || segments === null)
    throw new TransferFailed(
      'unreadable',
      `The name of ${shownName(entry.path)} is none that an archive can hold. Rename it.`,
    );
  const name = `${tree.folder}/${path}`;
  if (entry.kind === 'folder') plan.entries.push({ kind: 'folder', name, mode: entry.mode });
  else if (entry.kind === 'link') addLink(plan, tree, { path, name, segments, target: entry.target });
  else {
    const source = `${tree.root}/${entry.path}`;
    plan.entries.push({ kind: 'file', name, mode: entry.mode, source, file: entry });
    plan.totalBytes += entry.sizeBytes;
    plan.fileCount += 1;
  }
}

interface NamedLink {
  path: string;
  name: string;
  segments: string[];
  target: BytePath;
}

function addLink(plan: PackPlan, { root, folder }: PackedTree, link: NamedLink): void {
  const target = toText(insideTarget(root, `${root}/${fromText(link.path)}`, link.target));
  if (target === null) return;
  if (staysInside(link.segments, target)) plan.entries.push({ kind: 'link', name: link.name, target });
  else if (folder === FILES_FOLDER && isInterpreterLink(link.path, target))
    plan.interpreters[link.path] = target;
}

/** A link's target, relative where it leads into the tree. */
function insideTarget(root: BytePath, link: BytePath, target: BytePath): BytePath {
  if (!target.startsWith('/')) return target;
  const meant = normalise(target);
  return isBelow(normalise(root), meant) ? relative(folderOf(normalise(link)), meant) : target;
}

function shownName(path: BytePath): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}
