import { spawn } from 'node:child_process';

/**
 * Has all that was written to a folder's file system put onto the disk: what is then said of it in the database must be
 * true after a power cut. Where `sync` is missing or fails, the kernel does it in its own time.
 */
export function writeBack(folder: string): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn('sync', ['--file-system', folder], { stdio: 'ignore' });
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
}
