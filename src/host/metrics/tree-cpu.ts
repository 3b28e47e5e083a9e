import type { ProcessStat } from './process-table.js';
import type { ProcessTree } from './process-trees.js';

/** What a tree has used, between two looks and altogether, in clock ticks. */
export interface TreeCpuReading {
  /** Since the look before; null at the first one. */
  usedTicks: number | null;
  /** Since the tree began, as far as it was seen; never goes back. */
  totalTicks: number;
}

interface Seen {
  rootStartTicks: string;
  sumTicks: number;
  totalTicks: number;
  own: Map<number, ProcessStat>;
}

/**
 * CPU time of one tree from look to look. The root is the runner: what it uses itself is not counted, what it inherited
 * of processes that it waited for is.
 */
export class TreeCpu {
  private seen: Seen | null = null;

  look({ root, descendants }: ProcessTree): TreeCpuReading {
    const sumTicks = descendants.reduce(
      (sum, { ownTicks, reapedTicks }) => sum + ownTicks + reapedTicks,
      root.reapedTicks,
    );
    const before = this.seen?.rootStartTicks === root.startTicks ? this.seen : null;
    const usedTicks = before === null ? null : usedSince(before, descendants, sumTicks);
    const totalTicks = before === null ? sumTicks : before.totalTicks + (usedTicks ?? 0);
    const own = new Map(descendants.map((process) => [process.pid, process]));
    this.seen = { rootStartTicks: root.startTicks, sumTicks, totalTicks, own };
    return { usedTicks, totalTicks };
  }
}

/**
 * A process that ends hands its time to whoever waits for it, and everybody that can is in the tree: so the growth of
 * the whole sum is exact, also for children that lived between two looks. But a parent that ignores SIGCHLD inherits
 * nothing (proc_pid_stat(5), cutime), and then the sum falls: what the living used is the least that it can have been.
 */
function usedSince(before: Seen, descendants: readonly ProcessStat[], sumTicks: number): number {
  const byLiving = descendants.reduce(
    (sum, process) => sum + process.ownTicks - ownBefore(before, process),
    0,
  );
  return Math.max(0, byLiving, sumTicks - before.sumTicks);
}

/** What the same process had used then; one that took over the pid of another had used nothing. */
function ownBefore({ own }: Seen, { pid, startTicks }: ProcessStat): number {
  const before = own.get(pid);
  return before?.startTicks === startTicks ? before.ownTicks : 0;
}
