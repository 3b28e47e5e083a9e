import type { Gpu } from '../../contracts/system.js';

/** A machine without a card is asked again so often: drivers appear after a reboot of a container, eGPUs are plugged. */
const ABSENT_RETRY_MS = 60_000;
/** Starting nvidia-smi costs tens of milliseconds of CPU. */
const FRESH_MS = 2000;

/** The GPUs of the machine, asked for no more often than is worth it. */
export class GpuMonitor {
  private gpus: Gpu[] = [];
  private askedAtMs = -Infinity;
  private asking: Promise<void> | null = null;

  /** @param onOthers is told when the machine has other cards than before */
  constructor(
    private readonly query: () => Promise<Gpu[]>,
    private readonly onOthers: () => void = () => undefined,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** What was found last, at once. */
  get latest(): Gpu[] {
    return this.gpus;
  }

  async read(): Promise<Gpu[]> {
    const maxAgeMs = this.gpus.length === 0 ? ABSENT_RETRY_MS : FRESH_MS;
    if (this.monotonicMs() - this.askedAtMs > maxAgeMs) {
      this.asking ??= this.ask();
      await this.asking;
    }
    return this.gpus;
  }

  private indexes(): string {
    return this.gpus.map((gpu) => gpu.index).join();
  }

  private async ask(): Promise<void> {
    try {
      const before = this.indexes();
      this.gpus = await this.query();
      if (this.indexes() !== before) this.onOthers();
    } finally {
      this.askedAtMs = this.monotonicMs();
      this.asking = null;
    }
  }
}
