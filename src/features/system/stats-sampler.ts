import type { DiskState, SystemStats } from '../../contracts/system.js';
import {
  cpuPercent,
  readCpuTimes,
  readDisk,
  readLoad1,
  readMemory,
} from '../../host/metrics/machine-metrics.js';
import type { GpuMonitor } from './gpu-monitor.js';

const INTERVAL_MS = 2000;

/** Samples the machine while somebody looks, and on request. */
export class StatsSampler {
  private cpuBefore = readCpuTimes();
  private timer: NodeJS.Timeout | undefined;
  private isTicking = false;

  constructor(
    private readonly dataDir: string,
    private readonly gpus: GpuMonitor,
    private readonly publish: (stats: SystemStats) => void,
    private readonly diskState: () => DiskState,
  ) {}

  /** Nobody looking costs nothing. */
  setViewers(count: number): void {
    if (count === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    } else {
      this.timer ??= setInterval(() => void this.tick(), INTERVAL_MS);
    }
  }

  async sample(): Promise<SystemStats> {
    const cpuNow = readCpuTimes();
    const percent = cpuPercent(this.cpuBefore, cpuNow);
    this.cpuBefore = cpuNow;
    const memory = readMemory();
    const [disk, gpus] = await Promise.all([readDisk(this.dataDir), this.gpus.read()]);
    return {
      cpu_percent: Math.round(percent * 10) / 10,
      memory_total_bytes: memory.totalBytes,
      memory_used_bytes: memory.usedBytes,
      disk_total_bytes: disk.totalBytes,
      disk_free_bytes: disk.freeBytes,
      disk_state: this.diskState(),
      load_1: readLoad1(),
      gpus,
      instances: [],
      vram_source: 'none',
      at: new Date().toISOString(),
    };
  }

  private async tick(): Promise<void> {
    // A disk that hangs must not collect questions.
    if (this.isTicking) return;
    this.isTicking = true;
    const stats = await this.sample().catch(() => null);
    this.isTicking = false;
    if (stats !== null && this.timer !== undefined) this.publish(stats);
  }
}
