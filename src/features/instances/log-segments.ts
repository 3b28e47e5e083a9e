import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { NotAFolder, withInnerFolder } from '../../host/files/inner-folder.js';
import { openRegularFile } from '../../host/files/regular-file.js';
import { bySegmentAge, parseSegmentName } from './domain/segment-name.js';
import type { SegmentName } from './domain/segment-name.js';
import { OLD_LOGS_FOLDER } from './instance-paths.js';
import type { InstancePaths } from './instance-paths.js';

/** A segment of a run's log that is no longer written to. */
export interface OldSegment extends SegmentName {
  path: string;
}

/** An application may fill the folder with files of its own; beyond so many nobody looks. */
const MAX_ENTRIES = 20_000;

/**
 * The segments in an instance's folder of old logs, oldest first. The folder is one that the application can write: a link in
 * its place is not followed, and what is no ordinary file does not count.
 */
export async function listOldSegments(paths: InstancePaths, name: string): Promise<OldSegment[]> {
  const names = await namesIn(paths, name).catch((error: unknown) => {
    if (error instanceof NotAFolder) return [];
    throw error;
  });
  const found = names.flatMap((file) => {
    const segment = parseSegmentName(file);
    return segment === null ? [] : { ...segment, path: join(paths.oldLogs(name), file) };
  });
  return found.sort(bySegmentAge);
}

function namesIn(paths: InstancePaths, name: string): Promise<string[]> {
  return withInnerFolder<string[]>(paths.home(name), [OLD_LOGS_FOLDER], [], async (folder) => {
    const files: string[] = [];
    let seen = 0;
    for await (const entry of await opendir(folder, { bufferSize: 256 })) {
      if (entry.isFile()) files.push(entry.name);
      if ((seen += 1) >= MAX_ENTRIES) break;
    }
    return files;
  });
}

/** An entry of the side file of times: offset in the run and milliseconds since 1970, 64 bits each, little-endian. */
const OFFSET_BYTES = 8;
/** Of a forged entry only what a log could reach counts. */
const MAX_BASE_BYTES = 2 ** 50;

/**
 * Offset in the run at which `output.log` begins: where the segment before it ends. That one may have been deleted, and a file
 * that was truncated begins later; then the first entry of its times tells (scripts/runner/README.md).
 * @param before the newest old segment of the same run
 */
export async function liveBaseBytes(
  paths: InstancePaths,
  name: string,
  before: OldSegment | undefined,
): Promise<number> {
  const told = await firstTimesOffset(paths.logTimes(name));
  if (before === undefined) return told;
  const facts = await lstat(before.path).catch(() => null);
  return Math.max(told, before.baseBytes + (facts?.size ?? 0));
}

async function firstTimesOffset(path: string): Promise<number> {
  const times = await openRegularFile(path).catch(() => null);
  if (times === null) return 0;
  try {
    const { buffer, bytesRead } = await times.file.read(Buffer.alloc(OFFSET_BYTES), 0, OFFSET_BYTES, 0);
    const offset = bytesRead === OFFSET_BYTES ? buffer.readBigUInt64LE() : 0n;
    return offset <= MAX_BASE_BYTES ? Number(offset) : 0;
  } finally {
    await times.file.close();
  }
}
