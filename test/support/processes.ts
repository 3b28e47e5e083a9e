import { readFileSync, readdirSync } from 'node:fs';

/** A process of this machine as /proc shows it. */
export interface SeenProcess {
  pid: number;
  commandLine: string;
}

/** Living processes, zombies left out, whose command line or environment holds a text such as a path. */
export function processesMentioning(text: string): SeenProcess[] {
  return pids()
    .filter((pid) => pid !== process.pid && isAlive(pid))
    .filter((pid) => read(pid, 'cmdline').includes(text) || read(pid, 'environ').includes(text))
    .map((pid) => ({ pid, commandLine: read(pid, 'cmdline').replace(/\0/g, ' ').trim() }));
}

/** Whether a process lives; a zombie does not. */
export function isAlive(pid: number): boolean {
  return /^State:\s+[^ZX]/m.test(read(pid, 'status'));
}

/** Start time in clock ticks since boot (proc(5), field 22 of stat): with the pid it names one process for ever. */
export function startTicksOf(pid: number): string | undefined {
  const stat = read(pid, 'stat');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** Environment that a process was started with. */
export function environmentOf(pid: number): Map<string, string> {
  return parseEnvironment(read(pid, 'environ'));
}

/** NUL-separated `name=value` pairs to a map. */
export function parseEnvironment(text: string): Map<string, string> {
  const pairs = text.split('\0').filter((pair) => pair.includes('='));
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** Memory of a process that lies in RAM. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(pid, 'status'))?.[1]) * 1024;
}

/** What a process has asked the kernel for so far, sockets included (proc(5), `rchar`). */
export function bytesReadBy(pid: number): number {
  return Number(/^rchar: (\d+)/m.exec(read(pid, 'io'))?.[1]);
}

export function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1]);
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** A file of a process; empty when it has gone or belongs to somebody else. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
