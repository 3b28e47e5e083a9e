import { kernelUnits } from '../../host/metrics/kernel-units.js';
import { readProcessTable } from '../../host/metrics/process-table.js';
import { findTrees } from '../../host/metrics/process-trees.js';
import type { ProcessTree } from '../../host/metrics/process-trees.js';
import { TreeCpu } from '../../host/metrics/tree-cpu.js';
import type { InstanceRoot, InstanceRoots } from './instance-roots.js';

/** What one instance's processes use. The runner is AiKore's and left out. */
export interface TreeFigures {
  id: number;
  /** 100 is one core; null when there is nothing to compare with yet. */
  cpuPercent: number | null;
  /** Since the run began, as far as it was seen. */
  cpuSeconds: number;
  memoryBytes: number;
  processCount: number;
  pids: ReadonlySet<number>;
  gpuIds: string | null;
  startedAtMs: number;
}

/** A run so young has its average since the start instead of a difference. */
const YOUNG_MS = 5000;

/** Measures the process trees of all running instances. */
export class InstanceTrees {
  private readonly cpus = new Map<number, TreeCpu>();
  private lookedAtMs = 0;
  private figures: TreeFigures[] = [];

  constructor(private readonly roots: Pick<InstanceRoots, 'find'>) {}

  /** What was measured last. */
  get latest(): readonly TreeFigures[] {
    return this.figures;
  }

  /** Looks now; CPU is what was used since the look before. With no instance running nothing is looked at. */
  async measure(): Promise<readonly TreeFigures[]> {
    const roots = await this.roots.find();
    const nowMs = performance.now();
    const spanMs = nowMs - this.lookedAtMs;
    this.lookedAtMs = nowMs;
    const trees =
      roots.size === 0 ? new Map<number, ProcessTree>() : findTrees(await readProcessTable(), roots);
    for (const id of this.cpus.keys()) if (!trees.has(id)) this.cpus.delete(id);
    this.figures = [...trees].flatMap(([id, tree]) => {
      const root = roots.get(id);
      return root === undefined ? [] : [this.figuresOf(id, tree, root, spanMs)];
    });
    return this.figures;
  }

  private figuresOf(id: number, tree: ProcessTree, root: InstanceRoot, spanMs: number): TreeFigures {
    const { ticksPerSecond, pageSizeBytes } = kernelUnits();
    const cpu = this.cpus.get(id) ?? new TreeCpu();
    this.cpus.set(id, cpu);
    const { usedTicks, totalTicks } = cpu.look(tree);
    const ageMs = Math.max(1, Date.now() - root.startedAtMs);
    const percent = (ticks: number, ms: number): number => (100 * ticks * 1000) / ticksPerSecond / ms;
    const sinceStart = ageMs < YOUNG_MS ? percent(totalTicks, ageMs) : null;
    const living = tree.descendants.filter(({ isZombie }) => !isZombie);
    return {
      id,
      cpuPercent: usedTicks === null ? sinceStart : percent(usedTicks, spanMs),
      cpuSeconds: totalTicks / ticksPerSecond,
      memoryBytes: living.reduce((sum, { residentPages }) => sum + residentPages, 0) * pageSizeBytes,
      processCount: living.length,
      pids: new Set(living.map(({ pid }) => pid)),
      gpuIds: root.gpuIds,
      startedAtMs: root.startedAtMs,
    };
  }
}
