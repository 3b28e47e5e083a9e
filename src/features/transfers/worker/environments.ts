import type { BytePath } from '../../../host/files/byte-path.js';
import type { TreeEntry } from './scan-tree.js';
import { folderOf } from '../domain/link-target.js';

/** Folders of a tree that are environments of Python or conda, by what they cannot be without. */
export function environmentsIn(entries: readonly TreeEntry[]): BytePath[] {
  const found = new Set<BytePath>();
  for (const { kind, path } of entries) {
    const isVenv = kind === 'file' && path.endsWith('/pyvenv.cfg');
    const isConda = kind === 'folder' && path.endsWith('/conda-meta');
    if (isVenv || isConda) found.add(folderOf(path));
  }
  return [...found];
}
