import type { ServerEvent } from '../../../src/contracts/events.js';
import type { Gpu, SystemInfo, SystemStats } from '../../../src/contracts/system.js';
import { Observable } from '../base/observable.js';

const HISTORY_LENGTH = 40;

/** The last figures of the machine, oldest first, for sparklines. Each 0–1; a GPU's are its share of used memory. */
export interface StatsHistory {
  cpu: readonly number[];
  memory: readonly number[];
  gpus: ReadonlyMap<number, readonly number[]>;
}

const EMPTY: StatsHistory = { cpu: [], memory: [], gpus: new Map() };

/** The machine as the server last told. Its only writer is the event stream. */
export class SystemStore {
  readonly info = new Observable<SystemInfo | null>(null);
  readonly stats = new Observable<SystemStats | null>(null);
  readonly warnings = new Observable<readonly string[]>([]);
  private past: StatsHistory = EMPTY;

  get history(): StatsHistory {
    return this.past;
  }

  /** The GPUs with today's figures where there are some. */
  get gpus(): readonly Gpu[] {
    return this.stats.value?.gpus ?? this.info.value?.gpus ?? [];
  }

  apply(event: ServerEvent): void {
    if (event.type === 'snapshot') {
      this.info.set(event.data.system);
      this.warnings.set(event.data.system.warnings);
      if (event.data.stats) this.push(event.data.stats);
    } else if (event.type === 'system.warnings') {
      this.warnings.set(event.data);
    } else if (event.type === 'system.stats') {
      this.push(withUnchanged(this.stats.value, event.data));
    }
  }

  private push(stats: SystemStats): void {
    this.past = extendHistory(this.past, stats);
    this.stats.set(stats);
  }
}

/** Events leave out the instances whose figures did not change; here they are all together. */
export function withUnchanged(before: SystemStats | null, now: SystemStats): SystemStats {
  if (now.has_all_instances || before === null) return now;
  const told = new Set(now.instances.map(({ id }) => id));
  const unchanged = before.instances.filter(({ id }) => !told.has(id));
  return { ...now, instances: [...unchanged, ...now.instances], has_all_instances: true };
}

/** Adds one sample and forgets what is older than a sparkline shows. */
export function extendHistory(history: StatsHistory, stats: SystemStats): StatsHistory {
  const gpus = new Map<number, readonly number[]>();
  for (const gpu of stats.gpus) {
    gpus.set(
      gpu.index,
      push(history.gpus.get(gpu.index), share(gpu.memory_used_bytes ?? 0, gpu.memory_total_bytes)),
    );
  }
  return {
    cpu: push(history.cpu, share(stats.cpu_percent, 100)),
    memory: push(history.memory, share(stats.memory_used_bytes, stats.memory_total_bytes)),
    gpus,
  };
}

function push(values: readonly number[] | undefined, value: number): readonly number[] {
  return [...(values ?? []), value].slice(-HISTORY_LENGTH);
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}
