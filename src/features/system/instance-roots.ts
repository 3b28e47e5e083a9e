import type { TreeRoot } from '../../host/metrics/process-trees.js';
import { currentBootId } from '../../host/processes/process-identity.js';
import { readRunnerRecord } from '../../host/runner/runner-record.js';
import type { InstancePaths, InstanceRegistry, InstanceRow } from '../instances/instances.api.js';

/** The runner of a running instance, from which everything of it descends. */
export interface InstanceRoot extends TreeRoot {
  startedAtMs: number;
  /** `gpu_ids` when the run was first seen: a change counts at the next start. */
  gpuIds: string | null;
}

interface KnownRoot {
  run: number;
  root: InstanceRoot;
}

/** Finds the runners of all running instances. A run's record is read once. */
export class InstanceRoots {
  private readonly known = new Map<number, KnownRoot>();

  constructor(
    private readonly registry: InstanceRegistry,
    private readonly paths: InstancePaths,
  ) {}

  async find(): Promise<Map<number, InstanceRoot>> {
    const running = [...this.registry.rows()].filter(({ pid }) => pid !== null);
    const roots = new Map<number, InstanceRoot>();
    for (const row of running) {
      const root = this.rootOf(row) ?? (await this.learn(row));
      if (root !== null) roots.set(row.id, root);
    }
    for (const id of this.known.keys()) if (!roots.has(id)) this.known.delete(id);
    return roots;
  }

  private rootOf(row: InstanceRow): InstanceRoot | null {
    const known = this.known.get(row.id);
    return known?.run === row.run ? known.root : null;
  }

  private async learn(row: InstanceRow): Promise<InstanceRoot | null> {
    const record = await readRunnerRecord(this.paths.record(row.id)).catch(() => null);
    if (record === null || record.run !== row.run || record.bootId !== currentBootId()) return null;
    const root = {
      pid: record.runnerPid,
      startTicks: record.runnerStartTicks,
      startedAtMs: record.startedAt?.getTime() ?? Date.now(),
      gpuIds: row.gpu_ids,
    };
    this.known.set(row.id, { run: row.run, root });
    return root;
  }
}
