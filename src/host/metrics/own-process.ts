import { readdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** What AiKore itself uses. */
export interface OwnFigures {
  cpuSeconds: number;
  residentBytes: number;
  heapUsedBytes: number;
  startedAtSeconds: number;
  openFileCount: number;
  /** How late the event loop came to what was due at once. */
  loopLagSeconds: number;
}

/** Measures this process. */
export async function readOwnFigures(): Promise<OwnFigures> {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const beganMs = performance.now();
  await nextTurn();
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: rss,
    heapUsedBytes: heapUsed,
    startedAtSeconds: performance.timeOrigin / 1000,
    openFileCount: readdirSync('/proc/self/fd').length,
    loopLagSeconds: (performance.now() - beganMs) / 1000,
  };
}
