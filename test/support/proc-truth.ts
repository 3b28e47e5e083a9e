import { readFileSync, readdirSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** What /proc says of a process and everything below it, read by another way than AiKore's: from parent to children. */
export interface TreeTruth {
  pids: number[];
  cpuSeconds: number;
  residentBytes: number;
}

export function truthOf(pid: number): TreeTruth {
  const pids = descendants(pid);
  return {
    pids,
    cpuSeconds: sum(pids.map(cpuTicks)) / TICKS_PER_SECOND,
    residentBytes: sum(pids.map(residentBytes)),
  };
}

function descendants(pid: number): number[] {
  const threads = list(`/proc/${pid}/task`);
  const children = threads.flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(' '));
  return [
    pid,
    ...children.filter((child) => child.trim() !== '').flatMap((child) => descendants(Number(child))),
  ];
}

/** Its own and that of the children that it waited for. */
function cpuTicks(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return sum(fields.slice(11, 15).map(Number));
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
