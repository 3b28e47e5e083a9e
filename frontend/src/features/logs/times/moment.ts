const two = (value: number): string => String(value).padStart(2, '0');

/** `14:03:09`, with the day in front when it is not today's: `11-20 14:03:09`. Local time. */
export function formatMoment(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  if (at.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** Where somebody wants to go in a log. */
export type Goal = { kind: 'percent'; percent: number } | { kind: 'moment'; atMs: number };

/**
 * Reads `43 %`, `14:30`, `14:30:05`, `2026-11-20 14:30` (local time); null for anything else.
 * @param nearMs a time without a day is the last such time before this moment
 */
export function parseGoal(text: string, nearMs: number): Goal | null {
  const percent = /^\s*(\d{1,3}(?:[.,]\d+)?)\s*%?\s*$/.exec(text);
  if (percent) {
    const value = Number((percent[1] ?? '').replace(',', '.'));
    return value <= 100 ? { kind: 'percent', percent: value } : null;
  }
  const match = /^\s*(?:(\d{4})-(\d{2})-(\d{2})[ T]+)?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*$/.exec(text);
  if (!match) return null;
  const [year, month, day, hours, minutes, seconds] = match
    .slice(1)
    .map((part) => (part ? Number(part) : null));
  if ((hours ?? 0) > 23 || (minutes ?? 0) > 59 || (seconds ?? 0) > 59) return null;
  const at = new Date(nearMs);
  if (year !== null && year !== undefined) at.setFullYear(year, (month ?? 1) - 1, day ?? 1);
  at.setHours(hours ?? 0, minutes ?? 0, seconds ?? 0, 0);
  if (year === null && at.getTime() > nearMs) at.setDate(at.getDate() - 1);
  return { kind: 'moment', atMs: at.getTime() };
}
