import type { InstanceRegistry } from '../../instances/instances.api.js';
import { readOwnFigures } from '../../../host/metrics/own-process.js';
import type { InstanceTrees } from '../instance-trees.js';
import type { StatsSampler } from '../stats-sampler.js';
import { writeMetrics } from './write-metrics.js';
import type { InstanceMetrics } from './write-metrics.js';

export interface MetricsParts {
  version: string;
  sampler: StatsSampler;
  trees: InstanceTrees;
  registry: InstanceRegistry;
}

/** Gathers what `GET /metrics` tells. */
export class MetricsService {
  constructor(private readonly parts: MetricsParts) {}

  async text(): Promise<string> {
    const { version, sampler, registry, trees } = this.parts;
    const stats = await sampler.sample();
    const own = await readOwnFigures();
    const treeOf = new Map(trees.latest.map((tree) => [tree.id, tree]));
    const instances = registry.all().map(({ row }): InstanceMetrics => {
      const { id, slug, status, status_since: statusSince, run, restarts } = row;
      return { id, slug, status, statusSince, run, restarts, tree: treeOf.get(id) ?? null };
    });
    const { viewers } = sampler;
    return writeMetrics({ version, nodeVersion: process.version, viewers, stats, instances, own });
  }
}
