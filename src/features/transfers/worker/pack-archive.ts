import { constants, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { FILES_FOLDER, HEAD_NAME, OUTPUTS_FOLDER } from '../domain/archive-head.js';
import type { ExportJob } from '../domain/transfer-job.js';
import { fromText, toBytes } from '../../../host/files/byte-path.js';
import { TransferFailed } from './failure.js';
import { planArchive } from './pack-plan.js';
import type { PackedEntry, PackedTree, PackPlan } from './pack-plan.js';
import type { Reporter } from './reporter.js';
import { Room } from './room.js';
import { scanTree } from './scan-tree.js';
import { packing } from '../tar.js';
import type { TarHeader, TarPack } from '../tar.js';

/** Half the time of the usual level, for an archive that is a few per cent larger. */
const COMPRESSION_LEVEL = 3;
const PIECE_BYTES = 1024 * 1024;
const PRIVATE = 0o600;

/** Packs an instance into one file, its description first. */
export async function packArchive(job: ExportJob, reporter: Reporter): Promise<void> {
  const trees: PackedTree[] = [await treeOf(job.home, FILES_FOLDER, job.excluded, reporter)];
  if (job.outputs !== null) trees.push(await treeOf(job.outputs, OUTPUTS_FOLDER, [], reporter));
  const plan = planArchive(trees);
  reporter.enter('packing', plan.totalBytes);
  const room = new Room(job.archive.slice(0, job.archive.lastIndexOf('/')));
  room.require(0, 0);
  const archive = packing();
  const file = createWriteStream(job.archive, { flags: 'wx', mode: PRIVATE, flush: true });
  const written = pipeline(archive, createGzip({ level: COMPRESSION_LEVEL }), watched(room), file);
  const failed = written.then(
    () => undefined,
    (error: unknown) => error,
  );
  try {
    await fill(archive, headText(job.head, plan), plan, reporter);
  } catch (error) {
    archive.destroy();
    // What kept the file from being written is why nothing could be put into it.
    throw file.errored ?? error;
  }
  const error = await failed;
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('the archive could not be written');
  reporter.enter('finishing');
}

async function treeOf(
  root: string,
  folder: PackedTree['folder'],
  excluded: readonly string[],
  reporter: Reporter,
): Promise<PackedTree> {
  const path = fromText(root);
  return { root: path, folder, entries: await scanTree(path, excluded, reporter) };
}

/** The description, with what was counted. */
function headText(head: string, plan: PackPlan): string {
  const value = JSON.parse(head) as { contents: Record<string, unknown> };
  const { totalBytes, fileCount, entries, interpreters } = plan;
  const contents = { ...value.contents, total_bytes: totalBytes, file_count: fileCount };
  return JSON.stringify({ ...value, contents, entry_count: entries.length, interpreters }, null, 1);
}

async function fill(archive: TarPack, head: string, plan: PackPlan, reporter: Reporter): Promise<void> {
  await whole(archive, { name: HEAD_NAME, mode: 0o644, type: 'file' }, Buffer.from(head, 'utf8'));
  for (const entry of plan.entries) {
    if (entry.kind === 'folder')
      await whole(archive, { name: entry.name, mode: entry.mode, type: 'directory' });
    else if (entry.kind === 'link')
      await whole(archive, { name: entry.name, linkname: entry.target, type: 'symlink' });
    else {
      await packFile(archive, entry, reporter);
      reporter.file();
    }
  }
  archive.finalize();
}

function whole(archive: TarPack, header: TarHeader, content?: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => (error ? reject(error) : resolve());
    if (content === undefined) archive.entry(header, done);
    else archive.entry(header, content, done);
  });
}

async function packFile(
  archive: TarPack,
  { name, mode, source, file }: Extract<PackedEntry, { kind: 'file' }>,
  reporter: Reporter,
): Promise<void> {
  const handle = await open(
    toBytes(source),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  );
  try {
    const facts = await handle.stat();
    if (!facts.isFile() || facts.size !== file.sizeBytes) throw changed(name);
    const header: TarHeader = {
      name,
      mode,
      type: 'file',
      size: file.sizeBytes,
      mtime: new Date(file.mtimeMs),
    };
    if (file.sizeBytes <= PIECE_BYTES) {
      const content = await readWhole(handle, file.sizeBytes, name);
      await whole(archive, header, content);
      reporter.bytes(content.length);
    } else await pour(archive, header, handle, file.sizeBytes, reporter);
  } finally {
    await handle.close();
  }
}

async function readWhole(handle: FileHandle, sizeBytes: number, name: string): Promise<Buffer> {
  const content = Buffer.alloc(sizeBytes);
  for (let at = 0; at < sizeBytes;) {
    const { bytesRead } = await handle.read(content, at, sizeBytes - at, at);
    if (bytesRead === 0) throw changed(name);
    at += bytesRead;
  }
  return content;
}

async function pour(
  archive: TarPack,
  header: TarHeader,
  handle: FileHandle,
  sizeBytes: number,
  reporter: Reporter,
): Promise<void> {
  let settle: (error?: Error | null) => void = () => undefined;
  const packed = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  const entry = archive.entry(header, settle);
  entry.on('error', () => undefined);
  packed.catch(() => undefined);
  for (let at = 0; at < sizeBytes;) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, sizeBytes - at));
    const { bytesRead } = await handle.read(piece, 0, piece.length, at);
    if (bytesRead === 0) throw changed(header.name);
    at += bytesRead;
    if (!entry.write(piece.subarray(0, bytesRead))) await drained(entry, packed);
    reporter.bytes(bytesRead);
  }
  entry.end();
  await packed;
}

/** An archive that cannot be written any more drains no more. */
function drained(entry: Writable, packed: Promise<void>): Promise<void> {
  return Promise.race([new Promise<void>((resolve) => entry.once('drain', resolve)), packed]);
}

/** Sees to it that what is written leaves room. */
function watched(room: Room): Transform {
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      try {
        room.wrote(piece.length);
        done(null, piece);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

function changed(name: string): TransferFailed {
  const shown = name.slice(name.indexOf('/') + 1);
  return new TransferFailed('changed', `${shown} was changed while it was packed.`);
}
