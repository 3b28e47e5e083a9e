const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `17.8 GB`; powers of 1024, three significant figures at most. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return '–';
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1);
  return `${text} ${UNITS[unit] ?? 'B'}`;
}

/** `18/24 GB`: both figures in the unit of the total. */
export function formatBytesOf(usedBytes: number, totalBytes: number): string {
  let unit = 0;
  let divisor = 1;
  while (totalBytes / divisor >= 1000 && unit < UNITS.length - 1) {
    divisor *= 1024;
    unit += 1;
  }
  const total = totalBytes / divisor;
  const digits = total < 10 ? 1 : 0;
  return `${(usedBytes / divisor).toFixed(digits)}/${total.toFixed(digits)} ${UNITS[unit] ?? 'B'}`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `12 s`, `4 min`, `3 h 12 min`, `3 d 4 h`. A clock that runs ahead of the server's counts as now. */
export function formatAge(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  if (seconds < MINUTE) return `${String(seconds)} s`;
  if (seconds < HOUR) return `${String(Math.floor(seconds / MINUTE))} min`;
  if (seconds < DAY) return pair(seconds, HOUR, 'h', MINUTE, 'min');
  return pair(seconds, DAY, 'd', HOUR, 'h');
}

function pair(seconds: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % big) / small);
  const head = `${String(Math.floor(seconds / big))} ${bigUnit}`;
  return rest === 0 ? head : `${head} ${String(rest)} ${smallUnit}`;
}

/** The time since an ISO 8601 moment in milliseconds, or null when it is none. */
export function ageMs(iso: string, nowMs: number): number | null {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? null : nowMs - at;
}

/** Made once: a formatter costs far more than its use, and every row that comes into sight has a moment to tell. */
let exactFormat: Intl.DateTimeFormat | null = null;

/** The exact local time for a tooltip. */
export function formatExact(iso: string): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  exactFormat ??= new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  return exactFormat.format(at);
}

const TAIL_LENGTH = 8;

/** Head and tail of a name: the head may be cut by the layout, so that what tells names apart at their end stays visible. */
export function splitForCut(name: string): [head: string, tail: string] {
  const characters = Array.from(name);
  if (characters.length <= TAIL_LENGTH * 2) return [name, ''];
  return [characters.slice(0, -TAIL_LENGTH).join(''), characters.slice(-TAIL_LENGTH).join('')];
}

/** `1 line`, `3 lines`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
