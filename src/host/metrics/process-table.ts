import { readdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readProcText } from './proc-text.js';

/** A process at one moment; times in clock ticks, memory in pages (proc_pid_stat(5)). */
export interface ProcessStat {
  pid: number;
  parentPid: number;
  isZombie: boolean;
  /** With the pid it names one process for ever. */
  startTicks: string;
  /** Used by the process itself, all its threads together. */
  ownTicks: number;
  /** Used by children that ended and were waited for, and by theirs. */
  reapedTicks: number;
  residentPages: number;
}

export type ProcessTable = ReadonlyMap<number, ProcessStat>;

/** Nothing else of AiKore waits longer than this for one piece of the scan. */
const SLICE_MS = 3;
/** Processes between two looks at the clock. */
const BATCH = 16;
/** Fields behind the command name up to resident pages. */
const FIELD_COUNT = 22;

/** @returns null for a text that is no /proc/<pid>/stat */
export function parseProcessStat(pid: number, text: string): ProcessStat | null {
  // The command name may hold spaces and parentheses; the fields are counted from the last parenthesis.
  const end = text.lastIndexOf(')');
  if (end < 0) return null;
  const fields = text.slice(end + 2).split(' ', FIELD_COUNT);
  if (fields.length < FIELD_COUNT) return null;
  const number = (index: number): number => Number(fields[index]);
  return {
    pid,
    parentPid: number(1),
    isZombie: fields[0] === 'Z' || fields[0] === 'X',
    startTicks: fields[19] ?? '',
    ownTicks: number(11) + number(12),
    reapedTicks: number(13) + number(14),
    residentPages: Math.max(0, number(21)),
  };
}

/** Looks at every process of this machine, in slices between which everything else gets its turn. */
export async function readProcessTable(): Promise<Map<number, ProcessStat>> {
  const table = new Map<number, ProcessStat>();
  let sliceBeganMs = performance.now();
  let count = 0;
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    take(table, pid);
    count += 1;
    if (count % BATCH !== 0 || performance.now() - sliceBeganMs < SLICE_MS) continue;
    await nextTurn();
    sliceBeganMs = performance.now();
  }
  lookAgainAtOrphans(table);
  return table;
}

/** A process whose parent ended while the scan went on has another by now; without it it would belong to nobody. */
function lookAgainAtOrphans(table: Map<number, ProcessStat>): void {
  for (const { pid, parentPid } of [...table.values()]) {
    if (parentPid === 0 || table.has(parentPid)) continue;
    table.delete(pid);
    take(table, pid);
  }
}

function take(table: Map<number, ProcessStat>, pid: number): void {
  const text = readProcText(`/proc/${pid}/stat`);
  const stat = text === null ? null : parseProcessStat(pid, text);
  if (stat !== null) table.set(pid, stat);
}
