/** Which part of which run's log a file holds. */
export interface SegmentName {
  run: number;
  /** Offset in the run of its first byte. */
  baseBytes: number;
}

/** Wide enough for a petabyte; zeros in front, so that a plain listing is in order. */
const BASE_DIGITS = 15;

/** Name of a segment in the folder of old logs; the one that begins a run has no offset in its name. */
export function segmentFileName(run: number, baseBytes: number): string {
  return baseBytes === 0 ? `${run}.log` : `${run}.${String(baseBytes).padStart(BASE_DIGITS, '0')}.log`;
}

/** The way back; null for what is none, such as an application's own log. */
export function parseSegmentName(fileName: string): SegmentName | null {
  const [, run, base] = /^(0|[1-9]\d{0,14})(?:\.(\d{15}))?\.log$/.exec(fileName) ?? [];
  return run === undefined ? null : { run: Number(run), baseBytes: Number(base ?? 0) };
}

/** Oldest first. */
export function bySegmentAge(a: SegmentName, b: SegmentName): number {
  return a.run - b.run || a.baseBytes - b.baseBytes;
}
