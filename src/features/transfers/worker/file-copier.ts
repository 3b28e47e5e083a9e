import { chmodSync, constants, copyFileSync, linkSync, lutimesSync, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { systemCodeOf } from '../../../core/errors.js';
import type { BytePath } from '../../../host/files/byte-path.js';
import { toBytes } from '../../../host/files/byte-path.js';
import type { Reporter } from './reporter.js';
import type { Room } from './room.js';
import type { FileEntry } from './scan-tree.js';

/** What such a call says where a file system has no reflinks, or these two files are not on the same one. */
const NO_REFLINK: ReadonlySet<string | undefined> = new Set([
  'ENOTSUP',
  'EOPNOTSUPP',
  'EXDEV',
  'EINVAL',
  'ENOTTY',
  'ENOSYS',
]);
/** Another file system, no more names for that file, or somebody else's file (proc(5), protected_hardlinks). */
const NO_HARD_LINK: ReadonlySet<string | undefined> = new Set([
  'EXDEV',
  'EMLINK',
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
]);

/** Up to that size a file is copied in one call, which nothing can interrupt. */
const SMALL_BYTES = 8 * 1024 * 1024;
const PIECE_BYTES = 4 * 1024 * 1024;
const ZEROS = Buffer.alloc(PIECE_BYTES);

/** Copies files so that they take as little space as they can. */
export class FileCopier {
  private canReflink = true;
  private canHardLink = true;
  /** Where a file with several names has one in the copy already. */
  private readonly copied = new Map<string, BytePath>();

  constructor(
    private readonly reporter: Reporter,
    private readonly room: Room,
  ) {}

  /**
   * Reflinks where the file system has them, a hard link where nobody writes into the file, else bytes.
   * @param isInstalled nobody writes into it
   */
  async copy(from: BytePath, to: BytePath, file: FileEntry, isInstalled: boolean): Promise<void> {
    const other = file.inode === null ? undefined : this.copied.get(file.inode);
    if (other !== undefined && this.hardLink(other, to)) {
      this.reporter.bytes(file.sizeBytes, true);
      return;
    }
    if (file.inode !== null) this.copied.set(file.inode, to);
    if (this.reflink(from, to)) {
      dress(to, file);
      this.reporter.bytes(file.sizeBytes, true);
    } else if (isInstalled && this.hardLink(from, to)) {
      this.reporter.bytes(file.sizeBytes, true);
    } else {
      await this.copyBytes(from, to, file);
      dress(to, file);
    }
  }

  /** Tries whether files take no space of their own. @param probe a name that nothing has */
  canShare(from: BytePath, probe: BytePath): boolean {
    const isShared = this.reflink(from, probe);
    if (isShared) unlinkSync(toBytes(probe));
    return isShared;
  }

  private reflink(from: BytePath, to: BytePath): boolean {
    if (!this.canReflink) return false;
    try {
      const flags = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE;
      copyFileSync(toBytes(from), toBytes(to), flags);
      return true;
    } catch (error) {
      if (!NO_REFLINK.has(systemCodeOf(error))) throw error;
      this.canReflink = false;
      return false;
    }
  }

  private hardLink(from: BytePath, to: BytePath): boolean {
    if (!this.canHardLink) return false;
    try {
      linkSync(toBytes(from), toBytes(to));
      return true;
    } catch (error) {
      const code = systemCodeOf(error);
      if (!NO_HARD_LINK.has(code)) throw error;
      if (code === 'EXDEV') this.canHardLink = false;
      return false;
    }
  }

  private async copyBytes(from: BytePath, to: BytePath, file: FileEntry): Promise<void> {
    if (file.sizeBytes <= SMALL_BYTES) {
      copyFileSync(toBytes(from), toBytes(to), constants.COPYFILE_EXCL);
      this.room.wrote(file.sizeBytes);
      this.reporter.bytes(file.sizeBytes);
      return;
    }
    const source = await open(
      toBytes(from),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      const target = await open(toBytes(to), 'wx', 0o600);
      await this.pour(source, target, file).finally(() => target.close());
    } finally {
      await source.close();
    }
  }

  /** Holes stay holes. */
  private async pour(source: FileHandle, target: FileHandle, file: FileEntry): Promise<void> {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const hasHoles = file.diskBytes < file.sizeBytes;
    let at = 0;
    for (;;) {
      const { bytesRead } = await source.read(piece, 0, piece.length, at);
      if (bytesRead === 0) break;
      const read = piece.subarray(0, bytesRead);
      const isHole = hasHoles && read.equals(ZEROS.subarray(0, bytesRead));
      if (!isHole) await writeAll(target, read, at);
      at += bytesRead;
      this.room.wrote(isHole ? 0 : bytesRead);
      this.reporter.bytes(bytesRead);
    }
    await target.truncate(at);
  }
}

/** Not only a part, as at a full disk's edge. */
async function writeAll(target: FileHandle, piece: Buffer, at: number): Promise<void> {
  for (let done = 0; done < piece.length;)
    done += (await target.write(piece, done, piece.length - done, at + done)).bytesWritten;
}

/** Its time tells Python whether what it has compiled is still right. */
function dress(path: BytePath, { atimeMs, mtimeMs, mode }: FileEntry): void {
  const whole = toBytes(path);
  chmodSync(whole, mode);
  lutimesSync(whole, atimeMs / 1000, mtimeMs / 1000);
}
