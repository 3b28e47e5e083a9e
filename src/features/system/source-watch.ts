import { setTimeout as delay } from 'node:timers/promises';
import type { Gpu } from '../../contracts/system.js';
import { withoutFigures } from '../../host/gpu/gpu-source.js';
import type { GpuProcess, GpuReading, GpuSource } from '../../host/gpu/gpu-source.js';

/** A machine without a card is asked again so often: drivers appear after a reboot of a container, eGPUs are plugged. */
const ABSENT_RETRY_MS = 60_000;
/** Starting nvidia-smi costs tens of milliseconds of CPU, with eight cards hundreds: at most a quarter of the time. */
const FRESH_MS = 1900;
const REST_FACTOR = 3;
/** Figures so old are none. */
const STALE_MS = 12_000;

/** Keeps what one vendor's driver told last, and asks it again when that is due. */
export class SourceWatch {
  private reading: GpuReading = { gpus: [], processes: [] };
  private dueAtMs = -Infinity;
  private askedAtMs = 0;
  private asking: Promise<void> | null = null;

  constructor(
    private readonly source: GpuSource,
    private readonly monotonicMs: () => number,
    private readonly onAnswer: () => void,
  ) {}

  get gpus(): Gpu[] {
    const { gpus } = this.reading;
    return this.isHung ? gpus.map((gpu) => withoutFigures(gpu, 'The driver does not answer.')) : gpus;
  }

  get processes(): GpuProcess[] | null {
    return this.isHung && this.reading.gpus.length > 0 ? null : this.reading.processes;
  }

  /** Asks when it is due, and waits a little. */
  async refresh(wantsProcesses: boolean, patienceMs: number): Promise<void> {
    if (this.asking === null && this.monotonicMs() < this.dueAtMs) return;
    this.asking ??= this.ask(wantsProcesses);
    const patience = new AbortController();
    const enough = delay(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.asking, enough]);
    patience.abort();
  }

  close(): void {
    this.source.close();
  }

  private get isHung(): boolean {
    return this.asking !== null && this.monotonicMs() - this.askedAtMs > STALE_MS;
  }

  private async ask(wantsProcesses: boolean): Promise<void> {
    this.askedAtMs = this.monotonicMs();
    try {
      this.reading = await this.source.read(wantsProcesses);
    } finally {
      const tookMs = this.monotonicMs() - this.askedAtMs;
      const pauseMs = Math.max(FRESH_MS, tookMs * REST_FACTOR);
      this.dueAtMs = this.askedAtMs + (this.reading.gpus.length === 0 ? ABSENT_RETRY_MS : pauseMs);
      this.asking = null;
    }
    this.onAnswer();
  }
}
