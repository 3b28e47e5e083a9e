import type { PathLike } from 'node:fs';
import { lstat } from 'node:fs/promises';

/** `st_blocks` counts in these, whatever the file system's own blocks are (stat(2)). */
const BLOCK_BYTES = 512;

/** What a file takes on the disk; one with several names counts in parts, one that vanished nothing. */
export function bytesOf(path: PathLike): Promise<number> {
  return lstat(path).then(
    ({ blocks, nlink }) => (blocks * BLOCK_BYTES) / Math.max(1, nlink),
    () => 0,
  );
}
