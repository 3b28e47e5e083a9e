/** The present in milliseconds since 1970; injected, so that tests decide what time it is. */
export type Clock = () => number;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** ISO 8601 in UTC, the form of every time in the database and on the wire. */
export function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
