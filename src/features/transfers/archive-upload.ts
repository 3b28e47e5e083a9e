import { open, rename, statfs } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Archive } from '../../contracts/operation.js';
import { AppError, diskFull } from '../../core/errors.js';
import { give } from '../../host/files/ownership.js';
import type { ArchiveStore } from './archive-store.js';
import { ARCHIVE_NAME_RULE, isArchiveName } from './domain/archive-name.js';

/** What is left free of the disk; it goes on being written to meanwhile. */
const RESERVE_BYTES = 1e9;
const RESERVE_SHARE = 0.05;
const LOOK_EVERY_BYTES = 64 * 1024 * 1024;
/** Who sends nothing for so long is not coming back. */
const SILENCE_LIMIT_MS = 60_000;
const PRIVATE = 0o600;
const GZIP_MAGIC = [0x1f, 0x8b];

/** An archive that somebody sends. */
export interface Upload {
  name: string;
  /** Null: not announced. */
  sizeBytes: number | null;
  body: Readable;
}

/** Receives archives, straight to the disk. */
export class ArchiveUpload {
  constructor(
    private readonly store: ArchiveStore,
    private readonly root: string,
  ) {}

  /**
   * @throws AppError `invalid` for what is no archive, `conflict` for a name that is taken, `disk_full`; nothing of it
   * is left then
   */
  async receive({ name, sizeBytes, body }: Upload): Promise<Archive> {
    if (!isArchiveName(name)) throw new AppError('invalid', 'ARCHIVE_NAME', ARCHIVE_NAME_RULE);
    const release = await this.store.reserve(name);
    const partial = this.store.partialPath();
    try {
      await this.requireRoom(sizeBytes ?? 0);
      const file = await open(partial, 'wx', PRIVATE);
      try {
        await this.write(body, file, sizeBytes);
        await give(file);
        await file.sync();
      } finally {
        await file.close();
      }
      await this.store.putInPlace((place) => rename(partial, place), name);
      return await this.describe(name);
    } catch (error) {
      await this.store.drop(partial);
      throw error;
    } finally {
      release();
    }
  }

  /** What turns out to be no archive does not stay. */
  private async describe(name: string): Promise<Archive> {
    const archive = await this.store.describeOne(name);
    if (archive.problem === null) return archive;
    await this.store.remove(name);
    throw new AppError('invalid', 'BAD_ARCHIVE', `The archive was refused. ${archive.problem}`);
  }

  private async write(body: Readable, file: FileHandle, announcedBytes: number | null): Promise<void> {
    let doneBytes = 0;
    let sinceLook = 0;
    const silence = setTimeout(() => body.destroy(new Error('nothing more came')), SILENCE_LIMIT_MS);
    try {
      for await (const piece of body as AsyncIterable<Buffer>) {
        silence.refresh();
        if (doneBytes === 0 && !GZIP_MAGIC.every((byte, at) => piece[at] === byte)) throw notAnArchive();
        await file.writeFile(piece);
        doneBytes += piece.length;
        sinceLook += piece.length;
        if (sinceLook < LOOK_EVERY_BYTES) continue;
        sinceLook = 0;
        await this.requireRoom(0);
      }
    } catch (error) {
      if (error instanceof AppError || !isCut(body)) throw error;
      throw cutOff();
    } finally {
      clearTimeout(silence);
    }
    if (doneBytes === 0) throw notAnArchive();
    if (announcedBytes !== null && doneBytes !== announcedBytes) throw cutOff();
  }

  private async requireRoom(bytes: number): Promise<void> {
    const { bavail, bsize, blocks } = await statfs(this.root);
    const reserve = Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_SHARE);
    if (bavail * bsize - bytes < reserve)
      throw diskFull(
        'There is not enough room for the archive. Free some space and try again; nothing was kept.',
      );
  }
}

function isCut(body: Readable): boolean {
  return !body.readableEnded;
}

function cutOff(): AppError {
  return new AppError(
    'malformed',
    'UPLOAD_CUT_OFF',
    'The upload ended before all of it had come. Send it again.',
  );
}

function notAnArchive(): AppError {
  return new AppError(
    'invalid',
    'BAD_ARCHIVE',
    'The archive was refused. It is no archive of an instance, which is a compressed file (.tar.gz).',
  );
}
