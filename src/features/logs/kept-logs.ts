import { Readable } from 'node:stream';
import type { KeptLog } from '../../contracts/logs.js';
import { listOldSegments } from '../instances/instances.api.js';
import type { InstanceRow } from '../instances/instances.api.js';
import { downloadOf } from './log-download.js';
import type { LogReader } from './log-reader.js';
import type { RunLog } from './run-log.js';

/** Every run of which some log is kept, newest first. */
export async function keptLogs(reader: LogReader, row: InstanceRow): Promise<KeptLog[]> {
  const kept: KeptLog[] = [];
  for (const run of await keptRuns(reader, row)) {
    const log = await openIfKept(reader, row, run);
    if (log === null) continue;
    kept.push({ run, first_offset: log.firstBytes, size: log.endBytes });
    await log.close();
  }
  return kept;
}

/** All logs that are kept as one text, oldest run first, each under a line that names it. One run is open at a time. */
export function downloadOfAll(reader: LogReader, row: InstanceRow): Readable {
  return Readable.from(allBytes(reader, row), { objectMode: false });
}

async function* allBytes(reader: LogReader, row: InstanceRow): AsyncGenerator<Buffer> {
  for (const run of (await keptRuns(reader, row)).reverse()) {
    const log = await openIfKept(reader, row, run);
    if (log === null) continue;
    const { stream, offset } = await downloadOf(log);
    const part = offset > 0 ? `, from byte ${offset} on` : '';
    yield Buffer.from(`===== ${row.name}, run ${run}${part} =====\n`);
    yield* stream as AsyncIterable<Buffer>;
    yield Buffer.from('\n');
  }
}

async function keptRuns(reader: LogReader, row: InstanceRow): Promise<number[]> {
  const old = await listOldSegments(reader.paths, row.name);
  const runs = new Set(old.map(({ run }) => run).filter((run) => run <= row.run));
  if (row.run > 0) runs.add(row.run);
  return [...runs].sort((a, b) => b - a);
}

/** It may have been removed since it was listed. */
function openIfKept(reader: LogReader, row: InstanceRow, run: number): Promise<RunLog | null> {
  return reader.open(row, run).catch(() => null);
}
