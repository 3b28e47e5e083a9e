import type { Notice } from '../../contracts/events.js';
import type { DiskState } from '../../contracts/system.js';
import { diskFull } from '../errors.js';
import type { Logger } from '../logging.js';
import { describeBytes, diskStateOf, diskWarning } from './disk-state.js';
import type { DiskFigures } from './disk-state.js';

/** With so much free nobody has to try whether a small file can be written. */
const PLENTY_BYTES = 64 * 1024 * 1024;

export interface DiskWatchParts {
  /** Of the disk that holds the data directory. */
  figures: () => Promise<DiskFigures>;
  /** Whether a small file can be written there now. */
  hasRoom: () => Promise<boolean>;
  tell: (notice: Notice) => void;
  logger: Logger;
}

/** Asking the kernel costs microseconds. */
const INTERVAL_MS = 10_000;
/** Whoever has just made room wants to see it. */
const INTERVAL_WHILE_FULL_MS = 1000;

/** Keeps an eye on the disk of the data directory, and says so when its state changes. */
export class DiskWatch {
  private state: DiskState = 'ok';
  private latest: DiskFigures = { totalBytes: 0, freeBytes: 0 };
  /** Something could not be written, whatever the figures say: a quota, or a reserve for root. */
  private isRefused = false;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;
  private isClosed = false;

  constructor(private readonly parts: DiskWatchParts) {}

  /** For who comes later than the notice; empty when all is well. */
  get warnings(): string[] {
    const warning = diskWarning(this.state, this.latest);
    return warning === null ? [] : [warning];
  }

  get diskState(): DiskState {
    return this.state;
  }

  /** Looks, and goes on looking until `close`. */
  async start(): Promise<void> {
    await this.look();
    this.schedule();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  /** Something was refused for want of room. */
  noteRefusal(): void {
    if (this.isClosed) return;
    this.isRefused = true;
    void this.look().then(() => this.schedule());
  }

  /**
   * For what must not be begun without room to note it.
   * @throws AppError `disk_full`
   */
  async requireRoom(): Promise<void> {
    const freeBytes = await this.parts.figures().then(
      (figures) => figures.freeBytes,
      () => 0,
    );
    if (freeBytes >= PLENTY_BYTES && !this.isRefused) return;
    // What else may be wrong with the disk is not for this to judge.
    if (await this.parts.hasRoom().catch(() => true)) return;
    this.noteRefusal();
    throw diskFull();
  }

  private look(): Promise<void> {
    this.looking ??= this.lookOnce()
      .catch((error: unknown) => this.parts.logger.warn('the disk cannot be looked at', { error }))
      .finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    this.latest = await this.parts.figures();
    const before = this.state;
    const byFigures = diskStateOf(this.latest, before);
    if (this.isRefused && byFigures !== 'full') this.isRefused = !(await this.parts.hasRoom());
    this.state = this.isRefused ? 'full' : byFigures;
    if (this.state !== before) this.announce(before);
  }

  private announce(before: DiskState): void {
    const level = { ok: 'info', low: 'warning', full: 'error' } as const;
    const warning = diskWarning(this.state, this.latest);
    const isBetter = before === 'full' || this.state === 'ok';
    const relief = `There is room again on the disk of the data directory: ${describeBytes(this.latest.freeBytes)} are free.`;
    const message = isBetter ? relief : (warning ?? relief);
    this.parts.logger.warn('the state of the disk changed', { state: this.state, before });
    this.parts.tell({ level: level[this.state], message, instance_id: null });
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.isClosed) return;
    const pauseMs = this.state === 'full' ? INTERVAL_WHILE_FULL_MS : INTERVAL_MS;
    this.timer = setTimeout(() => void this.look().then(() => this.schedule()), pauseMs);
    this.timer.unref();
  }
}
