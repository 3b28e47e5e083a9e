import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { GroupMemory } from './group-memory.js';

/** Jiffies since boot of all cores together. */
export interface CpuTimes {
  busy: number;
  total: number;
}

export interface MemoryFigures {
  totalBytes: number;
  usedBytes: number;
}

/** Reads /proc/stat (proc(5)); waiting for a disk counts as idle, guests are part of user already. */
export function readCpuTimes(): CpuTimes {
  const line = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0] ?? '';
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const busy = user + nice + system + irq + softIrq + steal;
  return { busy, total: busy + idle + ioWait };
}

/** Load between two readings, 0–100. */
export function cpuPercent(before: CpuTimes, after: CpuTimes): number {
  const span = after.total - before.total;
  return span <= 0 ? 0 : Math.min(100, Math.max(0, (100 * (after.busy - before.busy)) / span));
}

const ownGroup = new GroupMemory();

/**
 * Memory that AiKore and what it runs may use: the machine's, or less in a container or service with a limit of its own.
 * Used is what cannot be had without swapping: of the machine its total less `MemAvailable`.
 */
export function readMemory(group: GroupMemory = ownGroup): MemoryFigures {
  const text = readFileSync('/proc/meminfo', 'latin1');
  const bytes = (key: string): number =>
    Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  const totalBytes = bytes('MemTotal');
  const limited = group.read();
  if (limited !== null && limited.limitBytes < totalBytes)
    return { totalBytes: limited.limitBytes, usedBytes: limited.usedBytes };
  return { totalBytes, usedBytes: totalBytes - bytes('MemAvailable') };
}

/** Average number of runnable tasks over the last minute. */
export function readLoad1(): number {
  return Number.parseFloat(readFileSync('/proc/loadavg', 'latin1'));
}

/** The disk that holds a folder. */
export async function readDisk(folder: string): Promise<{ totalBytes: number; freeBytes: number }> {
  const facts = await statfs(folder);
  return { totalBytes: facts.blocks * facts.bsize, freeBytes: facts.bavail * facts.bsize };
}
