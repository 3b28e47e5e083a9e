import { readdirSync } from 'node:fs';

/** Pids of all processes but this one, as far as this process's namespace goes. */
export function livingPids(): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}
