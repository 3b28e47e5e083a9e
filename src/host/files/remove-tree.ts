import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import type { Dirent } from 'node:fs';
import { open, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { systemCodeOf } from '../../core/errors.js';
import { fromText, toBytes } from './byte-path.js';
import type { BytePath } from './byte-path.js';
import { pathOf } from './inner-folder.js';
import { inTurns } from './in-turns.js';
import { bytesOf } from './tree-size.js';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Every level keeps a descriptor open: what lies deeper is brought up to the tree's own folder and removed from there. */
const MAX_DEPTH = 64;
/** Somebody may still write into what is being removed; who never ends keeps it. */
const MAX_RETRIES = 16;

const NEVER = new AbortController().signal;
/** It was exchanged for something that is no folder, or was none from the beginning. */
const NO_FOLDER: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);
/** Something was put there, or took the place of something else, since the folder was read; or the machine is busy. */
const PASSING: ReadonlySet<string | undefined> = new Set([
  'ENOTEMPTY',
  'EEXIST',
  'EISDIR',
  'EMFILE',
  'ENFILE',
]);

type OnFile = (bytes: number) => void;

/**
 * Removes a file, or a folder with all that is in it. Applications may own it and exchange names for links at any moment:
 * the way leads from each open folder into the next, so that never anything outside is touched. What is not there is
 * fine.
 * @param path an entry of a folder in which no application can write, or of an open one
 * @throws a system error for what cannot be removed; what can is
 */
export async function removeTree(path: string): Promise<void> {
  await new Removal(null).run(path);
}

/** As `removeTree`, and tells of each file. Throws nothing: what is left has to be looked for. */
export async function removeCounting(path: string, onFile: OnFile): Promise<void> {
  await new Removal(onFile).run(path).catch(() => undefined);
}

class Removal {
  private retries = 0;
  private broughtUpCount = 0;
  /** The tree's own folder, while it is open. */
  private top: FileHandle | null = null;

  constructor(private readonly onFile: OnFile | null) {}

  async run(path: string): Promise<void> {
    for (;;) {
      try {
        await this.removeFolder(fromText(path), 0);
        return;
      } catch (error) {
        if (!this.isWorthAnotherTry([error])) throw error;
      }
    }
  }

  /** Or what is in its place. */
  private async removeFolder(path: BytePath, depth: number): Promise<void> {
    const handle = await openFolder(path);
    if (handle === null) return this.removeFile(path);
    try {
      if (depth === 0) this.top = handle;
      if (depth <= MAX_DEPTH) await this.empty(handle, depth);
    } finally {
      await handle.close();
    }
    await (depth <= MAX_DEPTH ? unlessGone(() => rmdir(toBytes(path))) : this.bringUp(path));
  }

  private async empty(handle: FileHandle, depth: number): Promise<void> {
    for (;;) {
      const entries = await readdir(pathOf(handle), { encoding: 'latin1', withFileTypes: true });
      const failures: unknown[] = [];
      const before = this.broughtUpCount;
      await inTurns(entries, NEVER, (entry) =>
        this.remove(handle, entry, depth + 1).catch((error: unknown) => void failures.push(error)),
      );
      const hasMore = depth === 0 && this.broughtUpCount > before;
      if (!hasMore && failures.length === 0) return;
      if (!hasMore && !this.isWorthAnotherTry(failures)) throw failures[0];
    }
  }

  private remove(outer: FileHandle, entry: Dirent, depth: number): Promise<void> {
    const path = pathOf(outer, entry.name);
    return entry.isDirectory() ? this.removeFolder(path, depth) : this.removeFile(path);
  }

  private async bringUp(path: BytePath): Promise<void> {
    if (this.top === null) return;
    await rename(toBytes(path), pathOf(this.top, `.${randomUUID()}`));
    this.broughtUpCount += 1;
  }

  private async removeFile(path: BytePath): Promise<void> {
    const bytes = this.onFile === null ? 0 : await bytesOf(toBytes(path));
    await unlessGone(async () => {
      await unlink(toBytes(path));
      this.onFile?.(bytes);
    });
  }

  private isWorthAnotherTry(failures: readonly unknown[]): boolean {
    this.retries += 1;
    return this.retries <= MAX_RETRIES && failures.some((error) => PASSING.has(systemCodeOf(error)));
  }
}

/** @returns null for what is no folder, or not there */
async function openFolder(path: BytePath): Promise<FileHandle | null> {
  try {
    return await open(toBytes(path), FOLDER);
  } catch (error) {
    if (NO_FOLDER.has(systemCodeOf(error))) return null;
    throw error;
  }
}

async function unlessGone(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
  }
}
