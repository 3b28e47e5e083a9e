import { join } from 'node:path';
import { openInnerFolder } from '../../../host/files/inner-folder.js';
import type { InnerFolder } from '../../../host/files/inner-folder.js';
import { readSmallFile } from '../../../host/files/regular-file.js';

/** What is known of a checkout without asking git, which would do what the checkout's own configuration says. */
export interface Checkout {
  /** Its `.git`. */
  gitDir: string;
  commit: string;
  /** The branch that is checked out; null: a commit. */
  branch: string | null;
  /** Its configuration, to be read by `git config --file -`. */
  config: string;
}

const MAX_HEAD_BYTES = 1024;
const MAX_CONFIG_BYTES = 256 * 1024;
const MAX_PACKED_REFS_BYTES = 8 * 1024 * 1024;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const BRANCH = /^ref: refs\/heads\/(.+)$/;

/**
 * Opens a checkout in an instance's folder. Applications can write there: no part of the way may be a link.
 * @param path relative to the folder
 * @returns null when there is no checkout with a commit
 */
export async function openCheckout(home: string, path: string): Promise<Checkout | null> {
  const names = namesOf(path);
  if (names === null) return null;
  const git = [...names, '.git'];
  const head = await read(home, git, 'HEAD', MAX_HEAD_BYTES);
  const config = await read(home, git, 'config', MAX_CONFIG_BYTES);
  if (head === null || config === null) return null;
  const branch = BRANCH.exec(head)?.[1] ?? null;
  const commit = branch === null ? head : await commitOf(home, git, branch);
  if (commit === null || !COMMIT.test(commit)) return null;
  return { gitDir: join(home, ...git), commit, branch, config };
}

async function commitOf(home: string, git: readonly string[], branch: string): Promise<string | null> {
  const names = namesOf(branch);
  const name = names?.pop();
  if (names === null || name === undefined) return null;
  const loose = await read(home, [...git, 'refs', 'heads', ...names], name, MAX_HEAD_BYTES);
  if (loose !== null) return loose;
  const packed = await read(home, git, 'packed-refs', MAX_PACKED_REFS_BYTES);
  const line = packed?.split('\n').find((candidate) => candidate.endsWith(` refs/heads/${branch}`));
  return line?.split(' ')[0] ?? null;
}

/** @returns null for a path that leads anywhere but down */
function namesOf(path: string): string[] | null {
  const names = path.split('/').filter((name, index) => !(name === '.' && index === 0));
  const isPlain = names.every((name) => name !== '' && name !== '.' && name !== '..' && !name.includes('\0'));
  return isPlain ? names : null;
}

async function read(
  home: string,
  folders: readonly string[],
  name: string,
  maxBytes: number,
): Promise<string | null> {
  const folder: InnerFolder | null = await openInnerFolder(home, folders).catch(() => null);
  if (folder === null) return null;
  try {
    return (await readSmallFile(join(folder.path, name), maxBytes).catch(() => null))?.trim() ?? null;
  } finally {
    await folder.close();
  }
}
