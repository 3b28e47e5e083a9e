import { readFileSync } from 'node:fs';
import { folderOf, normalise } from '../domain/link-target.js';
import type { BytePath } from '../../../host/files/byte-path.js';
import { toBytes } from '../../../host/files/byte-path.js';
import type { FileEntry, TreeEntry } from './scan-tree.js';

const RECORD = /(^|\/)site-packages\/[^/]+\.dist-info\/RECORD$/;
/** `path,sha256=…,size` (packaging.python.org, "Recording installed projects"); a path with a comma is in quotes. */
const LINE = /^(?:"((?:[^"]|"")+)"|([^",]+)),sha\d+=[\w-]+=*,(\d+)$/;
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
/** Python writes these itself, and what is rewritten when an environment moves must be the copy's own. */
const WRITTEN_TO =
  /\.(pyc|pth|egg-link)$|\/direct_url\.json$|\/__editable__[^/]*$|\/(RECORD|INSTALLER|REQUESTED)$/;

/**
 * The files of a tree that a package's record lists and that still have the size of the record: nobody writes into them,
 * installers put others in their place. Only those below site-packages, for what lies in `bin` holds paths.
 */
export function installedFiles(root: BytePath, entries: readonly TreeEntry[]): ReadonlySet<FileEntry> {
  const files = new Map<BytePath, FileEntry>();
  for (const entry of entries) if (entry.kind === 'file') files.set(entry.path, entry);
  const installed = new Set<FileEntry>();
  for (const record of files.values()) {
    if (!RECORD.test(`/${record.path}`) || record.sizeBytes > MAX_RECORD_BYTES) continue;
    const packages = folderOf(folderOf(record.path));
    for (const { path, sizeBytes } of listedIn(readFileSync(toBytes(`${root}/${record.path}`), 'latin1'))) {
      const whole = normalise(`/${packages}/${path}`).slice(1);
      const file = files.get(whole);
      if (!whole.startsWith(`${packages}/`) || file?.sizeBytes !== sizeBytes) continue;
      if (!WRITTEN_TO.test(whole)) installed.add(file);
    }
  }
  return withOtherNames(installed, files.values());
}

function listedIn(record: string): { path: BytePath; sizeBytes: number }[] {
  return record.split(/\r?\n/).flatMap((line) => {
    const match = LINE.exec(line);
    if (match === null) return [];
    return [{ path: match[1]?.replaceAll('""', '"') ?? match[2] ?? '', sizeBytes: Number(match[3]) }];
  });
}

/** A cache that gives its files to environments by hard links holds the same ones. */
function withOtherNames(installed: Set<FileEntry>, files: Iterable<FileEntry>): ReadonlySet<FileEntry> {
  const inodes = new Set([...installed].map(({ inode }) => inode).filter((inode) => inode !== null));
  if (inodes.size > 0)
    for (const file of files) if (file.inode !== null && inodes.has(file.inode)) installed.add(file);
  return installed;
}
