import { isDiskFull, messageOf, systemCodeOf } from '../errors.js';
import type { Logger } from '../logging.js';
import { Mutex } from '../mutex.js';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** Errors that come back however often the same is tried (sqlite.org/rescode.html). */
const LASTING = /^SQLITE_(CONSTRAINT|ERROR|MISMATCH|MISUSE|RANGE|TOOBIG|CORRUPT|NOTADB)/;

export interface PostponedWritesParts {
  /** What is written, for the log. */
  what: string;
  fields: Record<string, unknown>;
  logger: Logger;
  onDiskFull: () => void;
}

interface Entry {
  key: string;
  write: () => Promise<void>;
}

/**
 * Writes that somebody has stopped waiting for when the database cannot take them now: they are done as soon as it can,
 * in their order, at growing intervals. What can never be written is given up and told to the log.
 */
export class PostponedWrites {
  private readonly writing = new Mutex();
  private waiting: Entry[] = [];
  private timer: NodeJS.Timeout | undefined;
  private pauseMs = FIRST_PAUSE_MS;
  private isBehind = false;

  constructor(private readonly parts: PostponedWritesParts) {}

  /**
   * Writes, after everything that waits. Settles when it has been tried; never fails.
   * @param key one that waits under the same key is replaced and keeps its place: the new one says it all
   */
  run(key: string, write: () => Promise<void>): Promise<void> {
    const known = this.waiting.find((entry) => entry.key === key);
    if (known === undefined) this.waiting.push({ key, write });
    else known.write = write;
    return this.flush();
  }

  /** Tries what waits. Never fails. */
  flush(): Promise<void> {
    return this.writing.run(async () => {
      for (let entry = this.waiting[0]; entry !== undefined; entry = this.waiting[0]) {
        const { write } = entry;
        if (!(await this.isDealtWith(write))) return;
        // Another of the same key may have come in meanwhile.
        if (entry.write === write) this.waiting.shift();
      }
      this.settle();
    });
  }

  private async isDealtWith(write: () => Promise<void>): Promise<boolean> {
    const { what, fields, logger } = this.parts;
    try {
      await write();
      return true;
    } catch (error) {
      if (isLasting(error)) {
        logger.error(`${what} could not be stored`, { ...fields, error });
        return true;
      }
      this.postpone(error);
      return false;
    }
  }

  private postpone(error: unknown): void {
    const { what, fields, logger, onDiskFull } = this.parts;
    if (isDiskFull(error)) onDiskFull();
    if (!this.isBehind)
      logger.error(`${what} cannot be stored now; it is tried again`, { ...fields, error: messageOf(error) });
    this.isBehind = true;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
      void this.flush();
    }, this.pauseMs).unref();
  }

  private settle(): void {
    if (!this.isBehind) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pauseMs = FIRST_PAUSE_MS;
    this.isBehind = false;
    this.parts.logger.info(`${this.parts.what} is stored again`, this.parts.fields);
  }
}

/** Whether trying the same again can never help. */
export function isLasting(error: unknown): boolean {
  return LASTING.test(systemCodeOf(error) ?? '');
}
