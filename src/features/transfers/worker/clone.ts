import { chmodSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import type { CloneJob, Moved, TreeCopy } from '../domain/transfer-job.js';
import { movedTarget } from '../domain/link-target.js';
import type { BytePath } from '../../../host/files/byte-path.js';
import { fromText, toBytes } from '../../../host/files/byte-path.js';
import { environmentsIn } from './environments.js';
import { FileCopier } from './file-copier.js';
import { installedFiles } from './installed-files.js';
import { relocate } from './relocate.js';
import type { Reporter } from './reporter.js';
import { Room } from './room.js';
import { bytesOfAll, diskBytesOf, scanTree } from './scan-tree.js';
import type { FileEntry, TreeEntry } from './scan-tree.js';
import { writeBack } from './write-back.js';

const USABLE = 0o700;

/** Copies the folders of an instance. */
export async function clone({ trees, relocation }: CloneJob, reporter: Reporter): Promise<void> {
  const scanned: { tree: TreeCopy; entries: TreeEntry[]; installed: ReadonlySet<FileEntry> }[] = [];
  for (const tree of trees) {
    const root = fromText(tree.from);
    const entries = await scanTree(root, tree.excluded, reporter);
    scanned.push({ tree, entries, installed: installedFiles(root, entries) });
  }
  reporter.enter(
    'copying',
    scanned.reduce((sum, { entries }) => sum + bytesOfAll(entries), 0),
  );
  for (const { tree, entries, installed } of scanned)
    await new TreeCopying(tree, installed, reporter).run(entries);
  const home = trees[0];
  if (relocation !== null && home !== undefined) {
    const environments = environmentsIn(scanned[0]?.entries ?? []);
    if (environments.length > 0) reporter.enter('relocating');
    for (const environment of environments) await relocate(relocation, home.to, environment);
  }
  reporter.enter('finishing');
  for (const tree of trees) await writeBack(tree.to);
}

class TreeCopying {
  private readonly from: BytePath;
  private readonly to: BytePath;
  private readonly moved: readonly Moved[];
  private readonly room: Room;
  private readonly copier: FileCopier;

  constructor(
    { from, to, moved }: TreeCopy,
    private readonly installed: ReadonlySet<FileEntry>,
    private readonly reporter: Reporter,
  ) {
    this.from = fromText(from);
    this.to = fromText(to);
    this.moved = withRealPaths(moved);
    this.room = new Room(to);
    this.copier = new FileCopier(reporter, this.room);
  }

  async run(entries: readonly TreeEntry[]): Promise<void> {
    this.room.require(this.neededBytes(entries), entries.length);
    for (const entry of entries) {
      await this.copy(entry);
      await this.reporter.breathe();
    }
    // Last, and the innermost first: nothing can be put into a folder that may not be written to.
    for (const { kind, path, mode } of [...entries].reverse())
      if (kind === 'folder' && (mode | USABLE) !== mode) chmodSync(toBytes(`${this.to}/${path}`), mode);
  }

  /** What the copy takes at most. */
  private neededBytes(entries: readonly TreeEntry[]): number {
    const own = entries.filter((entry) => entry.kind === 'file' && !this.installed.has(entry));
    const probed = own.find((entry) => entry.kind === 'file' && entry.sizeBytes > 0);
    if (probed === undefined) return 0;
    const canShare = this.copier.canShare(`${this.from}/${probed.path}`, `${this.to}/.probe`);
    return canShare ? 0 : diskBytesOf(own);
  }

  private async copy(entry: TreeEntry): Promise<void> {
    const to = `${this.to}/${entry.path}`;
    if (entry.kind === 'folder') mkdirSync(toBytes(to), { mode: entry.mode | USABLE });
    else if (entry.kind === 'link')
      symlinkSync(toBytes(this.targetOf(entry.path, entry.target)), toBytes(to));
    else {
      await this.copier.copy(`${this.from}/${entry.path}`, to, entry, this.installed.has(entry));
      this.reporter.file();
    }
  }

  private targetOf(path: BytePath, target: BytePath): BytePath {
    const own = this.moved.find(({ from }) => from === this.from);
    return movedTarget(`${this.from}/${path}`, `${own?.to ?? this.to}/${path}`, target, this.moved);
  }
}

/** Who made a link may have known the folder by another way. */
function withRealPaths(moved: readonly Moved[]): Moved[] {
  return moved.flatMap(({ from, to }) => {
    const bytes = { from: fromText(from), to: fromText(to) };
    const real = realOf(from);
    return real === null || real === bytes.from ? [bytes] : [bytes, { from: real, to: bytes.to }];
  });
}

function realOf(path: string): BytePath | null {
  try {
    return fromText(realpathSync(path));
  } catch {
    return null;
  }
}
