import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { systemCodeOf } from '../../../core/errors.js';
import type { BytePath } from '../../../host/files/byte-path.js';
import { fromText, toBytes } from '../../../host/files/byte-path.js';
import { TransferFailed } from './failure.js';
import type { Reporter } from './reporter.js';

interface EntryFacts {
  /** Relative to the root; never empty. */
  path: BytePath;
  /** Permissions only: bits that change as whom a program runs do not go along. */
  mode: number;
}

export interface FolderEntry extends EntryFacts {
  kind: 'folder';
}

export interface LinkEntry extends EntryFacts {
  kind: 'link';
  target: BytePath;
}

export interface FileEntry extends EntryFacts {
  kind: 'file';
  sizeBytes: number;
  /** Less than its size where it has holes. */
  diskBytes: number;
  atimeMs: number;
  mtimeMs: number;
  /** Tells files with several names apart; null for one with a single name. */
  inode: string | null;
}

export type TreeEntry = FolderEntry | LinkEntry | FileEntry;

const PERMISSION_BITS = 0o777;
const BLOCK_BYTES = 512;
/** Beyond it lies either a loop of mounts or an attempt to exhaust whoever walks. */
const MAX_DEPTH = 200;

/**
 * Lists a tree, folders before what is in them; sockets, pipes and devices are left out.
 * @param excluded relative to the root, with all that is in them
 * @throws a system error for what cannot be read
 */
export async function scanTree(
  root: BytePath,
  excluded: readonly string[],
  reporter: Reporter,
): Promise<TreeEntry[]> {
  const left = new Set(excluded.map(fromText));
  const entries: TreeEntry[] = [];
  const waiting: { path: BytePath; depth: number }[] = [{ path: '', depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path: folder, depth } = next;
    if (depth > MAX_DEPTH) throw new TransferFailed('unreadable', 'Its folders are nested too deeply.');
    for (const name of namesIn(`${root}/${folder}`)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const entry = left.has(path) ? null : look(root, path);
      if (entry === null) continue;
      entries.push(entry);
      if (entry.kind === 'folder') waiting.push({ path, depth: depth + 1 });
      await reporter.breathe();
    }
  }
  return entries;
}

function namesIn(folder: BytePath): BytePath[] {
  return readdirSync(toBytes(folder), { encoding: 'latin1' }).sort();
}

/** @returns null for what is none of the three, or gone */
function look(root: BytePath, path: BytePath): TreeEntry | null {
  const whole = toBytes(`${root}/${path}`);
  try {
    const facts = lstatSync(whole);
    const mode = facts.mode & PERMISSION_BITS;
    if (facts.isDirectory()) return { kind: 'folder', path, mode };
    if (facts.isSymbolicLink())
      return { kind: 'link', path, mode, target: readlinkSync(whole, { encoding: 'latin1' }) };
    if (!facts.isFile()) return null;
    return {
      kind: 'file',
      path,
      mode,
      sizeBytes: facts.size,
      diskBytes: facts.blocks * BLOCK_BYTES,
      atimeMs: facts.atimeMs,
      mtimeMs: facts.mtimeMs,
      inode: facts.nlink > 1 ? `${facts.dev}:${facts.ino}` : null,
    };
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** What the files of a tree hold. */
export function bytesOfAll(entries: readonly TreeEntry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.sizeBytes : 0), 0);
}

/** What they take on the disk; holes take nothing, and a file with several names counts once. */
export function diskBytesOf(entries: readonly TreeEntry[]): number {
  const seen = new Set<string>();
  let bytes = 0;
  for (const entry of entries) {
    if (entry.kind !== 'file' || (entry.inode !== null && seen.has(entry.inode))) continue;
    if (entry.inode !== null) seen.add(entry.inode);
    bytes += Math.min(entry.diskBytes, entry.sizeBytes);
  }
  return bytes;
}
