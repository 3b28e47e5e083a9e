/** A run whose log is kept, all of it or its end. Answer of `GET …/logs/runs`, newest first. */
export interface KeptLog {
  run: number;
  /** Byte offset of the first byte that is kept; above 0 when the oldest part was removed. */
  first_offset: number;
  /** Byte offset behind the last one. */
  size: number;
}

/** What was printed from `offset` on was printed at `at_ms`, milliseconds since 1970, to about a tenth of a second. */
export interface LogTime {
  offset: number;
  at_ms: number;
}

/** Answer of `GET …/logs/times`. */
export interface LogTimes {
  run: number;
  /** By offset. The first one may lie before the offset that was asked for: it is the one that counts there. */
  entries: LogTime[];
  /** Where to go on when the answer was cut at its most entries, or null. */
  next_offset: number | null;
}
