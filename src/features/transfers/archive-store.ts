import { randomUUID } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Archive } from '../../contracts/operation.js';
import { AppError, systemCodeOf } from '../../core/errors.js';
import type { EventHub } from '../../core/events/event-hub.js';
import { makeAppFolder } from '../../host/files/app-folder.js';
import { syncFolder } from '../../host/files/atomic-write.js';
import { exists } from '../../host/files/exists.js';
import { openRegularFile } from '../../host/files/regular-file.js';
import type { OpenFile } from '../../host/files/regular-file.js';
import { removeTree } from '../../host/files/remove-tree.js';
import { readHeadOf } from './archive-reader.js';
import type { ArchiveHead } from './domain/archive-head.js';
import { archiveNameFor, isArchiveName } from './domain/archive-name.js';

const PARTIAL_PREFIX = '.partial-';
const PRIVATE_FOLDER = 0o700;
/** More nobody has looked through; what is older shows when newer ones go. */
const MAX_LISTED = 1000;

type Known = { key: string; head: ArchiveHead | string };

export interface ArchiveStoreParts {
  /** `archives/` of the data directory, where no application can make or exchange a name. */
  root: string;
  hub: EventHub;
  /** Whether an operation writes or reads it. */
  isInUse: (archive: string) => boolean;
}

/**
 * The folder of archives. The files are the applications': their user packs and unpacks them, so what is in them is
 * believed no more than what else comes from there.
 */
export class ArchiveStore {
  private readonly reserved = new Set<string>();
  private readonly known = new Map<string, Known>();

  constructor(private readonly parts: ArchiveStoreParts) {}

  /** Newest first. */
  async list(): Promise<Archive[]> {
    const names = (await readdir(this.parts.root).catch(() => [])).filter(isArchiveName);
    for (const name of this.known.keys()) if (!names.includes(name)) this.known.delete(name);
    const archives: Archive[] = [];
    for (const name of names.slice(0, MAX_LISTED)) {
      const archive = await this.describe(name);
      if (archive !== null) archives.push(archive);
    }
    return archives.sort((a, b) => b.created_at.localeCompare(a.created_at));
  }

  /** @throws AppError `not_found`, or `invalid` for one that is none */
  async headOf(name: string): Promise<ArchiveHead> {
    const opened = await this.open(name);
    const head = await this.read(name, opened).finally(() => opened.file.close());
    if (typeof head !== 'string') return head;
    throw new AppError('invalid', 'BAD_ARCHIVE', `The archive was refused. ${head}`);
  }

  /** An archive for reading; the caller closes it. @throws AppError `not_found` */
  async open(name: string): Promise<OpenFile> {
    const opened = isArchiveName(name) ? await openRegularFile(this.pathOf(name)) : null;
    if (opened === null) throw noSuchArchive();
    return opened;
  }

  async describeOne(name: string): Promise<Archive> {
    const archive = await this.describe(name);
    if (archive === null) throw noSuchArchive();
    return archive;
  }

  /** @throws AppError `not_found`, or `conflict` while it is used */
  async remove(name: string): Promise<void> {
    if (!isArchiveName(name) || !(await exists(this.pathOf(name)))) throw noSuchArchive();
    if (this.parts.isInUse(name))
      throw new AppError('conflict', 'ARCHIVE_IN_USE', 'An instance is being made of it. Cancel that first.');
    await unlink(this.pathOf(name)).catch((error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') throw noSuchArchive();
      throw error;
    });
    this.changed();
  }

  pathOf(name: string): string {
    return join(this.parts.root, name);
  }

  /** A name for a new archive of an instance, which is nobody else's until it is released. */
  reserveFor(instance: string): { name: string; release: () => void } {
    const at = new Date();
    for (let number = 1; ; number += 1) {
      const name = archiveNameFor(instance, at, number);
      if (this.reserved.has(name)) continue;
      this.reserved.add(name);
      return { name, release: () => void this.reserved.delete(name) };
    }
  }

  /** @throws AppError `conflict` for a name that is taken, also by one that is under way */
  async reserve(name: string): Promise<() => void> {
    if (this.reserved.has(name) || (await exists(this.pathOf(name)))) throw archiveExists(name);
    if (this.reserved.has(name)) throw archiveExists(name);
    this.reserved.add(name);
    return () => void this.reserved.delete(name);
  }

  /** An empty folder of the applications' for what is being packed. */
  async makePartialFolder(): Promise<string> {
    const folder = this.partialPath();
    await makeAppFolder(folder, PRIVATE_FOLDER);
    return folder;
  }

  /** Where what is being received lies. */
  partialPath(): string {
    return join(this.parts.root, `${PARTIAL_PREFIX}${randomUUID()}`);
  }

  drop(partial: string): Promise<void> {
    return removeTree(partial);
  }

  /** @param move gives a whole file its place; what is none is taken away again */
  async putInPlace(move: (place: string) => Promise<void>, name: string): Promise<void> {
    const place = this.pathOf(name);
    if (await exists(place)) throw archiveExists(name);
    await move(place);
    const opened = await openRegularFile(place);
    await opened?.file.close();
    // Somebody has put something else there before it was moved.
    if (opened === null) {
      await removeTree(place);
      throw new AppError('conflict', 'FILES_CHANGED', 'The archive was exchanged while it was packed.');
    }
    await syncFolder(this.parts.root).catch(() => undefined);
    this.changed();
  }

  /** Removes what an earlier AiKore did not finish. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.parts.root).catch(() => []))
      if (name.startsWith(PARTIAL_PREFIX)) await removeTree(join(this.parts.root, name));
  }

  private async describe(name: string): Promise<Archive | null> {
    const opened = await this.open(name).catch(() => null);
    if (opened === null) return null;
    try {
      const { mtime } = await opened.file.stat();
      const head = await this.read(name, opened);
      const isHead = typeof head !== 'string';
      return {
        file: name,
        size_bytes: opened.sizeBytes,
        created_at: mtime.toISOString(),
        contents: isHead ? head.contents : null,
        problem: isHead ? null : head,
      };
    } finally {
      await opened.file.close();
    }
  }

  private async read(name: string, { file }: OpenFile): Promise<ArchiveHead | string> {
    const { ino, size, mtimeMs, ctimeMs } = await file.stat();
    const key = [ino, size, mtimeMs, ctimeMs].join();
    const known = this.known.get(name);
    if (known?.key === key) return known.head;
    const head = await readHeadOf(file);
    this.known.set(name, { key, head });
    return head;
  }

  private changed(): void {
    this.parts.hub.publish('archives.changed', {});
  }
}

function noSuchArchive(): AppError {
  return new AppError('not_found', 'ARCHIVE_NOT_FOUND', 'There is no such archive.');
}

function archiveExists(name: string): AppError {
  return new AppError('conflict', 'ARCHIVE_EXISTS', `There is an archive named ${name} already.`);
}
