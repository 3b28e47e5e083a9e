import { createReadStream, statSync } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FILES_FOLDER, HEAD_NAME, OUTPUTS_FOLDER } from '../domain/archive-head.js';
import { entrySegments } from '../domain/entry-name.js';
import type { ImportJob } from '../domain/transfer-job.js';
import { environmentsIn } from './environments.js';
import { TransferFailed } from './failure.js';
import { linkInterpreters } from './interpreters.js';
import { relocate } from './relocate.js';
import type { Reporter } from './reporter.js';
import { Room } from './room.js';
import { scanTree } from './scan-tree.js';
import { extracting } from '../tar.js';
import type { TarEntry } from '../tar.js';
import { fromText } from '../../../host/files/byte-path.js';
import { UnpackedTree } from './unpacked-tree.js';
import { UnpackLimits } from './unpack-limits.js';
import { writeBack } from './write-back.js';

/** Unpacks an archive, which anybody may have made, into empty folders. */
export async function unpackArchive(job: ImportJob, reporter: Reporter): Promise<void> {
  const { declared, home, outputs } = job;
  reporter.enter('unpacking', declared.totalBytes);
  const room = new Room(home);
  room.require(declared.totalBytes, declared.entryCount);
  const limits = new UnpackLimits(declared, statSync(job.archive).size);
  const trees = new Map([[FILES_FOLDER, new UnpackedTree(home, room, reporter)]]);
  if (outputs !== null) trees.set(OUTPUTS_FOLDER, new UnpackedTree(outputs, new Room(outputs), reporter));
  await readEntries(job.archive, limits, async (entry) => {
    const { name, type } = entry.header;
    const segments = entrySegments(name);
    const [folder = '', ...path] = segments ?? [];
    const tree = trees.get(folder);
    if (segments === null || tree === undefined) throw badEntry(name, 'has a name that leads elsewhere');
    limits.entry(type === 'file' ? entry.header.size : null);
    await tree.add(path, entry);
  });
  limits.settle();
  for (const tree of trees.values()) tree.makeLinks();
  linkInterpreters(home, job.interpreters);
  await relocateAll(job, reporter);
  reporter.enter('finishing');
  for (const folder of [home, outputs]) if (folder !== null) await writeBack(folder);
}

async function relocateAll({ relocation, home }: ImportJob, reporter: Reporter): Promise<void> {
  if (relocation === null) return;
  reporter.enter('relocating');
  const environments = environmentsIn(await scanTree(fromText(home), [], reporter));
  for (const environment of environments) await relocate(relocation, home, environment);
}

async function readEntries(
  archive: string,
  limits: UnpackLimits,
  visit: (entry: TarEntry) => Promise<void>,
): Promise<void> {
  const entries = extracting();
  const meter = new Transform({
    transform(piece: Buffer, _encoding, done) {
      try {
        limits.unpacked(piece.length);
        done(null, piece);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  const read = pipeline(createReadStream(archive), createGunzip(), meter, entries);
  // What is wrong with the stream is told below, whichever of the two hears of it first.
  const failed = read.then(
    () => null,
    (error: unknown) => error,
  );
  try {
    await visitAll(entries, visit);
  } catch (error) {
    entries.destroy();
    throw asBadArchive((await failed) ?? error, error);
  }
  const error = await failed;
  if (error !== null) throw asBadArchive(error, error);
}

async function visitAll(
  entries: AsyncIterable<TarEntry>,
  visit: (entry: TarEntry) => Promise<void>,
): Promise<void> {
  let isFirst = true;
  for await (const entry of entries) {
    const isHead = entry.header.name === HEAD_NAME;
    if (isHead !== isFirst) throw badEntry(entry.header.name, 'is not where it belongs');
    isFirst = false;
    if (isHead) entry.resume();
    else await visit(entry);
  }
  if (isFirst) throw new TransferFailed('bad_archive', 'It is empty.');
}

/** What the library and zlib have to say of bytes is that they are none of an archive. */
function asBadArchive(first: unknown, thrown: unknown): unknown {
  for (const error of [thrown, first]) if (error instanceof TransferFailed) return error;
  const isOfSystem = typeof thrown === 'object' && thrown !== null && 'syscall' in thrown;
  if (isOfSystem) return thrown;
  const isFirstOfSystem = typeof first === 'object' && first !== null && 'syscall' in first;
  return isFirstOfSystem ? first : new TransferFailed('bad_archive', 'It is damaged or incomplete.');
}

/** @param what is wrong with it */
function badEntry(name: string, what: string): TransferFailed {
  return new TransferFailed('bad_archive', `Its entry ${name.slice(0, 120)} ${what}.`);
}
