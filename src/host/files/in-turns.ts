import type { Dirent } from 'node:fs';
import { allDone } from '../../core/all-done.js';

/**
 * Node's file calls share four threads, and each of the trees that are walked through may have half a million files: two
 * at a time leave the others to those who wait.
 */
const AT_A_TIME = 2;

/**
 * Visits what a folder holds: files two at a time, then folders one after the other, so that depth does not multiply.
 * @throws what a visit throws, when none is under way any more: the folder may then be closed
 */
export async function inTurns(
  entries: readonly Dirent[],
  signal: AbortSignal,
  visit: (entry: Dirent) => Promise<void>,
): Promise<void> {
  const files = entries.filter((entry) => !entry.isDirectory());
  let next = 0;
  const turn = async (): Promise<void> => {
    for (let entry = files[next++]; entry !== undefined && !signal.aborted; entry = files[next++])
      await visit(entry);
  };
  await allDone(Array.from({ length: AT_A_TIME }, turn));
  for (const entry of entries) if (entry.isDirectory() && !signal.aborted) await visit(entry);
}
