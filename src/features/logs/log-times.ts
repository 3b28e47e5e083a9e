import type { LogTime, LogTimes } from '../../contracts/logs.js';
import { listOldSegments, liveBaseBytes } from '../instances/instances.api.js';
import type { InstancePaths, InstanceRow } from '../instances/instances.api.js';
import { TimesFile } from './times-file.js';

/** Of one answer; a screen has a few hundred lines. */
export const MAX_ENTRIES = 4096;

/** A side file of times and where the log file beside it begins. */
interface TimesPart {
  path: string;
  baseBytes: number;
}

/**
 * When a stretch of a run's log was printed.
 * @param toBytes behind the stretch
 */
export async function timesOf(
  paths: InstancePaths,
  row: InstanceRow,
  run: number,
  { fromBytes, toBytes }: { fromBytes: number; toBytes: number },
): Promise<LogTimes> {
  const parts = await partsOf(paths, row, run);
  const first = Math.max(
    0,
    parts.findLastIndex(({ baseBytes }) => baseBytes <= fromBytes),
  );
  const found: LogTime[] = [];
  for (const part of parts.slice(first)) {
    if (part.baseBytes >= toBytes || found.length > MAX_ENTRIES) break;
    found.push(...(await entriesOf(part, fromBytes, MAX_ENTRIES + 1 - found.length)));
  }
  const entries = inOrder(found.filter(({ offset }) => offset < toBytes));
  const next_offset = entries.length > MAX_ENTRIES ? (entries[MAX_ENTRIES]?.offset ?? null) : null;
  return { run, entries: entries.slice(0, MAX_ENTRIES), next_offset };
}

/** The last place of a run that was printed at or before a moment; its first one when all was printed later. */
export async function placeAt(
  paths: InstancePaths,
  row: InstanceRow,
  run: number,
  atMs: number,
): Promise<LogTimes> {
  let place: LogTime | undefined;
  for (const part of await partsOf(paths, row, run)) {
    const [first] = await firstOf(part, (times) => Promise.resolve(times.read(0, 1)));
    if (first === undefined) continue;
    if (place !== undefined && first.at_ms > atMs) break;
    const [last = first] = await firstOf(part, async (times) =>
      times.read(Math.max(0, await times.lastIndexUpTo('at_ms', atMs)), 1),
    );
    place = last;
  }
  return { run, entries: place === undefined ? [] : [place], next_offset: null };
}

async function entriesOf(part: TimesPart, fromBytes: number, count: number): Promise<LogTime[]> {
  return firstOf(part, async (times) =>
    times.read(Math.max(0, await times.lastIndexUpTo('offset', fromBytes)), count),
  );
}

async function firstOf(
  { path }: TimesPart,
  read: (times: TimesFile) => Promise<LogTime[]>,
): Promise<LogTime[]> {
  const times = await TimesFile.open(path);
  if (times === null) return [];
  try {
    return await read(times);
  } finally {
    await times.close();
  }
}

/** The files of a run, oldest first. */
async function partsOf(paths: InstancePaths, row: InstanceRow, run: number): Promise<TimesPart[]> {
  const old = (await listOldSegments(paths, row.name)).filter((segment) => segment.run === run);
  const parts = old.map(({ path, baseBytes }) => ({ path: `${path}.times`, baseBytes }));
  if (run === row.run) {
    const baseBytes = await liveBaseBytes(paths, row.name, old.at(-1));
    parts.push({ path: paths.logTimes(row.name), baseBytes });
  }
  return parts;
}

/** What an application wrote among them, or a file that began anew, must not lead backwards. */
function inOrder(entries: readonly LogTime[]): LogTime[] {
  let last = -1;
  return entries.filter(({ offset }) => {
    if (offset <= last) return false;
    last = offset;
    return true;
  });
}
