import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A file, folder or link of a tree. */
export interface Owned {
  /** Below the root. */
  path: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  uid: number;
  gid: number;
  /** Permissions, as chmod has them. */
  mode: string;
  inode: number;
  /** Of a file its digest, of a link where it leads. */
  content: string;
}

/** A tree with everything that must not change in it, in order. */
export function ownedBelow(root: string): Owned[] {
  const found: Owned[] = [];
  const visit = (path: string): void => {
    const owned = look(root, path);
    found.push(owned);
    if (owned.kind === 'folder') for (const name of readdirSync(path).sort()) visit(join(path, name));
  };
  visit(root);
  return found;
}

function look(root: string, path: string): Owned {
  const facts = lstatSync(path);
  const kind = facts.isFile()
    ? 'file'
    : facts.isDirectory()
      ? 'folder'
      : facts.isSymbolicLink()
        ? 'link'
        : 'other';
  const { uid, gid, ino: inode } = facts;
  const mode = (facts.mode & 0o7777).toString(8);
  return { path: relative(root, path), kind, uid, gid, mode, inode, content: contentOf(path, kind) };
}

function contentOf(path: string, kind: Owned['kind']): string {
  if (kind === 'file') return createHash('sha256').update(readFileSync(path)).digest('hex');
  return kind === 'link' ? readlinkSync(path) : '';
}
