import { closeSync, openSync, readSync } from 'node:fs';

/** Far more than the files of /proc that are read here hold. */
const buffer = Buffer.allocUnsafe(16 * 1024);

/**
 * A small file of /proc, at once: its data are in memory already, so that waiting for a thread would cost three times
 * as much as reading. One read gives one consistent moment.
 * @returns null when it is not there (the process has ended) or may not be read
 */
export function readProcText(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0));
  } catch {
    // The process ended after its file was opened (ESRCH).
    return null;
  } finally {
    closeSync(file);
  }
}
