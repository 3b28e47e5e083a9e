/** A byte of a run's log. Each run has a log of its own: offsets of different runs cannot be compared. */
export interface Place {
  readonly run: number;
  readonly offset: number;
}

export function isBefore(a: Place, b: Place): boolean {
  return a.run < b.run || (a.run === b.run && a.offset < b.offset);
}

/** Where the characters of a piece of text stand in the log that it came from. */
export interface Origin {
  readonly run: number;
  /** Byte offset of a character of the piece. */
  byteAt(index: number): number;
}
