import type { DiskState, Gpu } from '../contracts/system.js';
import type { EventHub } from '../core/events/event-hub.js';
import { GpuMonitor } from '../features/system/gpu-monitor.js';
import { InstanceRoots } from '../features/system/instance-roots.js';
import { InstanceTrees } from '../features/system/instance-trees.js';
import { StatsSampler } from '../features/system/stats-sampler.js';
import { StatsSource } from '../features/system/stats-source.js';
import { AmdGpus } from '../host/gpu/amd-gpus.js';
import { NvidiaGpus } from '../host/gpu/nvidia-gpus.js';
import { DiskGauge } from '../host/metrics/disk-gauge.js';
import type { InstancesParts } from './build-instances.js';
import { searchPath } from './search-path.js';

export interface FiguresNeeds {
  dataDir: string;
  gpus: GpuMonitor;
  instances: InstancesParts;
  hub: EventHub;
  diskState: () => DiskState;
}

/** @param onOthers is told when the machine has other cards than before */
export function buildGpuMonitor(onOthers: () => void): GpuMonitor {
  return new GpuMonitor([new NvidiaGpus(searchPath), new AmdGpus()], onOthers);
}

/** Numbers that a mask can name. */
export function selectableGpus(gpus: readonly Gpu[]): number[] {
  return gpus.filter((gpu) => gpu.is_selectable).map((gpu) => gpu.index);
}

/** Puts together what samples the machine and the instances. */
export function buildFigures({ dataDir, gpus, instances, hub, diskState }: FiguresNeeds) {
  const trees = new InstanceTrees(new InstanceRoots(instances.registry, instances.paths));
  const source = new StatsSource({ disk: new DiskGauge(dataDir), diskState, gpus, trees });
  const sampler = new StatsSampler(source, (stats) => hub.publish('system.stats', stats));
  return { sampler, trees };
}
