import type { MissedEnd } from './supervisor.ports.js';

/** An end of which nothing is known but what the note says. */
export function unknownEnd(note: string): MissedEnd['ending'] {
  return { exitCode: null, exitSignal: null, endedAt: new Date(), note };
}
