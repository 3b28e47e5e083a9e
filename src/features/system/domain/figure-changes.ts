import type { InstanceFigures, SystemStats } from '../../../contracts/system.js';

/** Smaller changes than these are not worth a message. */
const CPU_STEP_PERCENT = 0.5;
const MEMORY_STEP_SHARE = 0.005;

/**
 * Leaves out of each message the instances whose figures are what they were told to be: a hundred that idle would
 * otherwise be ten kilobytes every two seconds to every open tab.
 */
export class FigureChanges {
  private told = new Map<number, InstanceFigures>();

  /** The next message has all again. */
  reset(): void {
    this.told = new Map();
  }

  /** @returns the same with only those that changed noticeably since they were told last; all when one is gone */
  since(stats: SystemStats): SystemStats {
    const running = new Set(stats.instances.map(({ id }) => id));
    if ([...this.told.keys()].some((id) => !running.has(id))) this.reset();
    const hasAll = this.told.size === 0;
    const instances = stats.instances.filter((figures) => hasChanged(this.told.get(figures.id), figures));
    for (const figures of instances) this.told.set(figures.id, figures);
    return { ...stats, instances, has_all_instances: hasAll };
  }
}

function hasChanged(before: InstanceFigures | undefined, now: InstanceFigures): boolean {
  if (before === undefined) return true;
  return (
    Math.abs(now.cpu_percent - before.cpu_percent) >= CPU_STEP_PERCENT ||
    Math.abs(now.memory_bytes - before.memory_bytes) > before.memory_bytes * MEMORY_STEP_SHARE ||
    now.process_count !== before.process_count ||
    now.vram_bytes !== before.vram_bytes
  );
}
