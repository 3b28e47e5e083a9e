import type { DiskState } from '../../contracts/system.js';

export interface DiskFigures {
  totalBytes: number;
  freeBytes: number;
}

/** With less than this nothing worth the name can be written. */
const FULL_BYTES = 1024 * 1024;
const LOW_BYTES = 1e9;
const LOW_SHARE = 0.01;
/** A state is left only well beyond its limit, or a disk at the limit would be told of again and again. */
const HYSTERESIS = 1.25;

/** How a disk stands. @param before what was said of it last */
export function diskStateOf({ freeBytes, totalBytes }: DiskFigures, before: DiskState = 'ok'): DiskState {
  if (freeBytes < FULL_BYTES * (before === 'full' ? HYSTERESIS : 1)) return 'full';
  const lowBytes = Math.max(LOW_BYTES, totalBytes * LOW_SHARE);
  return freeBytes < lowBytes * (before === 'ok' ? 1 : HYSTERESIS) ? 'low' : 'ok';
}

/** What there is to know about the disk's state for an operator; null when all is well. */
export function diskWarning(state: DiskState, { freeBytes }: DiskFigures): string | null {
  const free = describeBytes(freeBytes);
  if (state === 'full')
    return `The disk of the data directory is full (${free} free). Instances run on, but output that cannot be written is dropped and nothing can be saved. Make room: delete files, an instance for good, or what is in the trash can.`;
  if (state === 'low')
    return `Only ${free} are free on the disk of the data directory. Make room before it is full.`;
  return null;
}

/** A size as people say it: `12 MB`, in powers of 1000 as disks are sold. */
export function describeBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit] ?? ''}`;
}
