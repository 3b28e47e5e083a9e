import { statfsSync } from 'node:fs';
import { TransferFailed } from './failure.js';

/** What is left free: what runs meanwhile, and the database, must go on writing. */
const RESERVE_BYTES = 1e9;
const RESERVE_SHARE = 0.05;
const LOOK_EVERY_BYTES = 32 * 1024 * 1024;

/** Keeps a transfer from filling a disk to its end. */
export class Room {
  private sinceLook = 0;

  /** @param folder on the disk that is written to */
  constructor(private readonly folder: string) {}

  /**
   * Before anything is written.
   * @param files how many names are made; 0: not known
   * @throws TransferFailed `disk_full`
   */
  require(bytes: number, files: number): void {
    const { bavail, bsize, blocks, ffree, files: inodes } = statfsSync(this.folder);
    const hasInodes = inodes === 0 || files < ffree;
    if (bavail * bsize - bytes < reserveOf(blocks * bsize) || !hasInodes)
      throw new TransferFailed('disk_full');
  }

  /** While it is written. @throws TransferFailed `disk_full` */
  wrote(bytes: number): void {
    this.sinceLook += bytes;
    if (this.sinceLook < LOOK_EVERY_BYTES) return;
    this.sinceLook = 0;
    this.require(0, 0);
  }
}

function reserveOf(totalBytes: number): number {
  return Math.min(RESERVE_BYTES, totalBytes * RESERVE_SHARE);
}
