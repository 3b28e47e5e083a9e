import { setTimeout as delay } from 'node:timers/promises';
import type { StatsHistory, SystemStats } from '../../contracts/system.js';
import { Mutex } from '../../core/mutex.js';
import { FigureChanges } from './domain/figure-changes.js';
import { StatsHistoryKeeper } from './stats-history.js';
import type { StatsSource } from './stats-source.js';

/** How often figures are taken. */
export interface SamplerRhythm {
  /** While somebody looks. */
  watchedMs: number;
  /** While nobody does. */
  idleMs: number;
}

const USUAL: SamplerRhythm = { watchedMs: 2000, idleMs: 30_000 };
/** Figures so young are given again. */
const FRESH_MS = 1000;
/** CPU figures over a longer span are not of now. */
const MAX_SPAN_MS = 5000;
/** Over a shorter span the clock ticks that CPU time is counted in are too coarse. */
const MIN_SPAN_MS = 200;

interface Sample {
  stats: SystemStats;
  takenAtMs: number;
  spanMs: number;
}

/**
 * Samples machine and instances every two seconds while somebody looks and every thirty otherwise, keeps an hour of it,
 * and answers those who ask in between.
 */
export class StatsSampler {
  private readonly history = new StatsHistoryKeeper();
  private readonly changes = new FigureChanges();
  private readonly mutex = new Mutex();
  private timer: NodeJS.Timeout | undefined;
  private viewerCount = 0;
  private isStopped = false;
  private last: Sample | null = null;
  private told: SystemStats | null = null;
  /** Nothing to compare with yet. */
  private markedAtMs = -Infinity;
  private answering: Promise<SystemStats> | null = null;

  constructor(
    private readonly source: StatsSource,
    private readonly publish: (stats: SystemStats) => void,
    private readonly rhythm: SamplerRhythm = USUAL,
  ) {}

  /** Begins to keep the history. */
  start(): void {
    this.schedule();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** Everybody gets events every two seconds from the first viewer on, and that one the first at once. */
  setViewers(count: number): void {
    const isFirst = this.viewerCount === 0 && count > 0;
    const isLast = this.viewerCount > 0 && count === 0;
    this.viewerCount = count;
    if (this.isStopped) return;
    if (isFirst) this.welcome();
    if (isFirst || isLast) this.schedule();
  }

  /** Open dashboards. */
  get viewers(): number {
    return this.viewerCount;
  }

  /** What a viewer that comes may be shown at once: what the others were told last, or nothing. */
  get latest(): SystemStats | null {
    return this.viewerCount > 0 ? this.told : null;
  }

  /** Figures of now. Those of CPU are over the last seconds, or over a fifth of a second when nobody looked before. */
  sample(): Promise<SystemStats> {
    if (this.last !== null && this.isRecent(FRESH_MS)) return Promise.resolve(this.last.stats);
    this.answering ??= this.mutex.run(() => this.takeOfNow()).finally(() => (this.answering = null));
    return this.answering;
  }

  /** @param instanceId as of `StatsHistoryKeeper.read` */
  readHistory(instanceId: number | null = null): StatsHistory {
    return this.history.read(instanceId);
  }

  private isRecent(limitMs: number): boolean {
    if (this.last === null || this.last.spanMs > MAX_SPAN_MS) return false;
    return performance.now() - this.last.takenAtMs < limitMs;
  }

  private async takeOfNow(): Promise<SystemStats> {
    if (performance.now() - this.markedAtMs > MAX_SPAN_MS) {
      await this.source.mark();
      this.markedAtMs = performance.now();
    }
    const missingMs = MIN_SPAN_MS - (performance.now() - this.markedAtMs);
    if (missingMs > 0) await delay(missingMs);
    return this.take();
  }

  private async take(): Promise<SystemStats> {
    const takenAtMs = performance.now();
    const spanMs = takenAtMs - this.markedAtMs;
    this.markedAtMs = takenAtMs;
    const stats = await this.source.take();
    this.last = { stats, takenAtMs, spanMs };
    return stats;
  }

  /** @param spentMs what the tick took is not added to the pause, so that points stay two seconds apart */
  private schedule(spentMs = 0): void {
    clearTimeout(this.timer);
    if (this.isStopped) return;
    const { watchedMs, idleMs } = this.rhythm;
    const intervalMs = this.viewerCount > 0 ? watchedMs : idleMs;
    this.timer = setTimeout(() => void this.tick(), Math.max(intervalMs / 4, intervalMs - spentMs));
    this.timer.unref();
  }

  private async tick(): Promise<void> {
    const beganMs = performance.now();
    const stats = await this.mutex.run(() => this.takeUnlessJustTaken()).catch(() => null);
    if (stats !== null) {
      if (!this.isStopped) this.history.add(stats);
      this.tell(stats);
    }
    this.schedule(performance.now() - beganMs);
  }

  private async takeUnlessJustTaken(): Promise<SystemStats> {
    return this.last !== null && this.isRecent(FRESH_MS / 2) ? this.last.stats : this.take();
  }

  private welcome(): void {
    this.changes.reset();
    this.told = null;
    this.sample()
      // Not for the history: over a fifth of a second most programs do nothing, or everything.
      .then((stats) => this.tell(stats))
      // It cannot be read now; the next tick tries again.
      .catch(() => undefined);
  }

  private tell(stats: SystemStats): void {
    if (this.isStopped || this.viewerCount === 0) return;
    this.told = stats;
    this.publish(this.changes.since(stats));
  }
}
