import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../core/logging.js';
import type { SpawnWish } from './spawn-request.js';
import { SpawnerGone, SpawnerProcess } from './spawner-process.js';

/** One that lived so long did not fail by itself. */
const SOUND_AFTER_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5000;
/** It ends at once when it is let go; a busy machine takes its time. */
const CLOSE_LIMIT_MS = 2000;

/**
 * Keeps one spawner process alive. Through it a start costs the event loop a write instead of a fork, and what loses
 * its parent is reaped there, also when this process is the first of a container, where orphans would otherwise come
 * to Node, which reaps no strangers.
 */
export class Spawner {
  private process: SpawnerProcess | null = null;
  private pauseMs = FIRST_PAUSE_MS;
  private isClosed = false;

  constructor(
    private readonly binary: string,
    private readonly logger: Logger,
  ) {}

  /** Starts it; from then on one that dies is followed by another. */
  open(): void {
    if (!this.isClosed && this.process === null) void this.keep();
  }

  /**
   * @returns the first line that the program printed
   * @throws SpawnerGone when there is no spawner, or it ended before it answered
   */
  start(wish: SpawnWish): Promise<string> {
    if (this.process === null) return Promise.reject(new SpawnerGone('There is no spawner.'));
    return this.process.start(wish);
  }

  /** Ends the spawner. What it has started goes on. */
  async close(): Promise<void> {
    this.isClosed = true;
    const last = this.process;
    if (last === null) return;
    last.close();
    await Promise.race([last.gone, sleep(CLOSE_LIMIT_MS, undefined, { ref: false })]);
  }

  private async keep(): Promise<void> {
    const beganMs = performance.now();
    try {
      this.process = new SpawnerProcess(this.binary);
      await this.process.gone;
    } catch (error) {
      this.logger.warn('the process that starts runners cannot be started', { error });
    }
    this.process = null;
    if (this.isClosed) return;
    const isSound = performance.now() - beganMs > SOUND_AFTER_MS;
    this.pauseMs = isSound ? FIRST_PAUSE_MS : Math.min(this.pauseMs * 2, LAST_PAUSE_MS);
    this.logger.warn('the process that starts runners is not there; another follows', { inMs: this.pauseMs });
    setTimeout(() => this.open(), this.pauseMs).unref();
  }
}
