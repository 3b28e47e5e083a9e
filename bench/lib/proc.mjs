import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

/**
 * CPU time that a process has used, all its threads together, in milliseconds. The first number of schedstat counts
 * nanoseconds, where /proc/<pid>/stat counts hundredths of a second (proc_pid_schedstat(5)).
 * @param {number} pid
 */
export function cpuMs(pid) {
  let sumNs = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
    sumNs += Number(text.split(' ')[0]);
  }
  return sumNs / 1e6;
}

/**
 * A line of /proc/<pid>/status or smaps_rollup that counts kB, in bytes.
 * @param {string} file
 * @param {string} name
 */
function kilobytesLine(file, name) {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'));
  if (match === null) throw new Error(`${file} has no line ${name}.`);
  return Number(match[1]) * 1024;
}

/** @param {number} pid */
export const rssBytes = (pid) => kilobytesLine(`/proc/${pid}/status`, 'VmRSS');

/** The highest RSS since the start or `resetPeak`. @param {number} pid */
export const peakRssBytes = (pid) => kilobytesLine(`/proc/${pid}/status`, 'VmHWM');

/** What a process costs, shared pages divided among those who share them. @param {number} pid */
export const pssBytes = (pid) => kilobytesLine(`/proc/${pid}/smaps_rollup`, 'Pss');

/** Forgets the highest RSS (proc_pid_clear_refs(5), value 5). @param {number} pid */
export function resetPeak(pid) {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** @param {number} pid */
export function parentOf(pid) {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/**
 * The processes whose environment contains a text, such as the path of a data directory.
 * @param {string} text
 */
export function processesWith(text) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(text);
      } catch {
        // It ended meanwhile, or is somebody else's.
        return false;
      }
    })
    .map(Number);
}
