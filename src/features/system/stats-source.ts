import type { DiskState, SystemStats } from '../../contracts/system.js';
import type { DiskGauge } from '../../host/metrics/disk-gauge.js';
import { cpuPercent, readCpuTimes, readLoad1, readMemory } from '../../host/metrics/machine-metrics.js';
import { shareVram } from './domain/vram.js';
import type { GpuMonitor } from './gpu-monitor.js';
import type { InstanceTrees, TreeFigures } from './instance-trees.js';
import { visibleProcesses } from './visible-processes.js';

export interface StatsParts {
  disk: DiskGauge;
  diskState: () => DiskState;
  gpus: GpuMonitor;
  trees: InstanceTrees;
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

/** Takes all figures together. Those of CPU are what was used since the time before. */
export class StatsSource {
  private cpuBefore = readCpuTimes();

  constructor(private readonly parts: StatsParts) {}

  /** Notes what CPU figures are compared with, and nothing else. */
  async mark(): Promise<void> {
    this.cpuBefore = readCpuTimes();
    await this.parts.trees.measure();
  }

  async take(): Promise<SystemStats> {
    const { disk, diskState, gpus, trees } = this.parts;
    const cpuNow = readCpuTimes();
    const percent = cpuPercent(this.cpuBefore, cpuNow);
    this.cpuBefore = cpuNow;
    const figures = await trees.measure();
    const wantsProcesses = figures.length > 0;
    const [space, cards] = await Promise.all([disk.read(), gpus.read({ wantsProcesses })]);
    const memory = readMemory();
    const processes = await visibleProcesses(cards, gpus.latestProcesses);
    const vram = shareVram({ gpus: cards, processes }, figures);
    return {
      cpu_percent: tenths(percent),
      memory_total_bytes: memory.totalBytes,
      memory_used_bytes: memory.usedBytes,
      disk_total_bytes: space.totalBytes,
      disk_free_bytes: space.freeBytes,
      disk_state: diskState(),
      load_1: readLoad1(),
      gpus: cards,
      instances: figures.flatMap((figure) => instanceFigures(figure, vram.bytesOf.get(figure.id) ?? null)),
      has_all_instances: true,
      vram_source: vram.source,
      at: new Date().toISOString(),
    };
  }
}

/** None for a run whose CPU is not known yet: a figure that is wrong is worse than one that comes two seconds later. */
function instanceFigures(figure: TreeFigures, vramBytes: number | null): SystemStats['instances'] {
  if (figure.cpuPercent === null) return [];
  return [
    {
      id: figure.id,
      cpu_percent: tenths(figure.cpuPercent),
      memory_bytes: figure.memoryBytes,
      process_count: figure.processCount,
      vram_bytes: vramBytes,
    },
  ];
}
