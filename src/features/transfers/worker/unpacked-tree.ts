import { chmodSync, constants, lstatSync, mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '../../../core/errors.js';
import { staysInside } from '../domain/entry-name.js';
import { TransferFailed } from './failure.js';
import type { Reporter } from './reporter.js';
import type { Room } from './room.js';
import type { TarEntry } from '../tar.js';

/** Nobody else may write, whatever the archive says; its owner always may. */
const ALLOWED_BITS = 0o755;
const FILE_BITS = 0o600;
const FOLDER_BITS = 0o700;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const MAX_LINKS = 500_000;
/** Python reads times as 32 bits. */
const MAX_TIME_SECONDS = 0xffff_ffff;

interface WaitingLink {
  path: string[];
  target: string;
}

/** One of an archive's trees, as it comes out. Links are made last, so that nothing is ever written through one. */
export class UnpackedTree {
  private readonly links: WaitingLink[] = [];

  /** @param root an empty folder of nobody else's */
  constructor(
    private readonly root: string,
    private readonly room: Room,
    private readonly reporter: Reporter,
  ) {}

  /** @param path checked segments; none: the tree's own folder @throws TransferFailed for what may not come out */
  async add(path: string[], entry: TarEntry): Promise<void> {
    const { type, mode } = entry.header;
    const linkname = entry.header.linkname as string | null;
    if (type === 'directory') {
      this.makeFolder(path, mode & ALLOWED_BITS);
      entry.resume();
    } else if (type === 'symlink') {
      this.noteLink(path, linkname ?? '');
      entry.resume();
    } else if (type === 'file' && path.length > 0) await this.addFile(path, entry);
    else throw refused(path, 'is neither a file, a folder nor a link');
  }

  /** @throws TransferFailed when something else has such a name */
  makeLinks(): void {
    for (const { path } of this.links) this.makeFolders(path.slice(0, -1));
    for (const { path, target } of this.links)
      unlessTaken(path, () => symlinkSync(target, join(this.root, ...path)));
  }

  private makeFolder(path: string[], mode: number): void {
    this.makeFolders(path);
    if (path.length > 0) chmodSync(join(this.root, ...path), mode | FOLDER_BITS);
  }

  private makeFolders(path: readonly string[]): void {
    for (let depth = 1; depth <= path.length; depth += 1) {
      const folder = join(this.root, ...path.slice(0, depth));
      try {
        mkdirSync(folder, { mode: ALLOWED_BITS });
      } catch (error) {
        if (systemCodeOf(error) !== 'EEXIST') throw error;
        if (!lstatSync(folder).isDirectory()) throw refused(path, 'would lie in a file');
      }
    }
  }

  private noteLink(path: string[], target: string): void {
    if (path.length === 0 || !staysInside(path, target))
      throw refused(path, 'is a link that leads elsewhere');
    if (this.links.length === MAX_LINKS) throw new TransferFailed('bad_archive', 'It holds too many links.');
    this.links.push({ path, target });
  }

  private async addFile(path: string[], entry: TarEntry): Promise<void> {
    this.makeFolders(path.slice(0, -1));
    const { header } = entry;
    const whole = join(this.root, ...path);
    const handle = await open(whole, NEW_FILE, FILE_BITS).catch((error: unknown) => {
      throw systemCodeOf(error) === 'EEXIST' ? refused(path, 'has a name that another one has') : error;
    });
    try {
      for await (const piece of this.metered(entry)) await handle.writeFile(piece);
      await handle.chmod((header.mode & ALLOWED_BITS) | FILE_BITS);
    } finally {
      await handle.close();
    }
    dress(whole, header);
    this.reporter.file();
    await this.reporter.breathe();
  }

  private async *metered(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      this.room.wrote(piece.length);
      this.reporter.bytes(piece.length);
      yield piece;
    }
  }
}

function dress(path: string, { mtime }: TarEntry['header']): void {
  const seconds = mtime.getTime() / 1000;
  if (seconds >= 0 && seconds <= MAX_TIME_SECONDS) utimesSync(path, seconds, seconds);
}

function unlessTaken(path: readonly string[], make: () => void): void {
  try {
    make();
  } catch (error) {
    throw systemCodeOf(error) === 'EEXIST' ? refused(path, 'has a name that another one has') : error;
  }
}

function refused(path: readonly string[], what: string): TransferFailed {
  return new TransferFailed('bad_archive', `Its entry ${path.join('/').slice(0, 120)} ${what}.`);
}
