import { setTimeout as delay } from 'node:timers/promises';
import { findMarkedProcesses } from '../processes/marked-processes.js';
import { readRunnerRecord } from './runner-record.js';
import type { RunnerRecord } from './runner-record.js';

/** The name that runners demand in their environment (scripts/runner/README.md). */
const MARKER_VARIABLE = 'AIKORE_INSTANCE_MARKER';
const POLL_MS = 20;
/** A runner that has not written its record by then is broken. */
const LIMIT_MS = 10_000;

/**
 * What became of a start whose spawner died. A runner either carries the marker of its run from its first moment or
 * dies with the spawner, so nobody with the marker means that nothing of it runs, nor ever will.
 * @returns the record of the run when it began or failed, null when it never did
 */
export async function settleStart(recordFile: string, marker: string): Promise<RunnerRecord | null> {
  const endMs = performance.now() + LIMIT_MS;
  for (;;) {
    const isAlive = (await findMarkedProcesses(MARKER_VARIABLE, marker)).length > 0;
    // Read after the look: who has ended by then has written its last.
    const record = await readRunnerRecord(recordFile);
    if (record?.marker === marker) return record;
    if (!isAlive) return null;
    if (performance.now() > endMs) throw new Error('The runner did not write its record.');
    await delay(POLL_MS);
  }
}
