import { join } from 'node:path';
import { DiskWatch } from '../core/disk/disk-watch.js';
import type { EventHub } from '../core/events/event-hub.js';
import type { Logger } from '../core/logging.js';
import { hasRoom } from '../host/files/has-room.js';
import { readDisk } from '../host/metrics/machine-metrics.js';

/** More than a start writes down before its program runs. */
const NEEDED_BYTES = 64 * 1024;

/** The watch over the disk of the data directory; what it sees is told to everybody. */
export function buildDiskWatch(
  dataDir: string,
  hub: EventHub,
  onWarnings: () => void,
  logger: Logger,
): DiskWatch {
  return new DiskWatch({
    figures: () => readDisk(dataDir),
    hasRoom: () => hasRoom(join(dataDir, 'run'), NEEDED_BYTES),
    tell: (notice) => {
      hub.publish('notice', notice);
      onWarnings();
    },
    logger,
  });
}
