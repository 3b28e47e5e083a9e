import type { StatsHistory, SystemStats } from '../../contracts/system.js';
import { MAX_POINTS, TimeColumns } from './domain/time-columns.js';

const HOUR_MS = 3_600_000;
const CLOCK_SLACK_MS = 10_000;
const tenths = (value: number): number => Math.round(value * 10) / 10;
const hundredths = (value: number): number => Math.round(value * 100) / 100;

/** The figures of the last hour, in memory. Instances that came and went drop out with their last point. */
export class StatsHistoryKeeper {
  private columns = new TimeColumns();
  private lastAtMs = 0;

  constructor(private readonly now: () => number = Date.now) {}

  add(stats: SystemStats): void {
    const nowMs = this.now();
    // The clock was set back: what was noted before has no place in the new time.
    if (nowMs < this.lastAtMs - CLOCK_SLACK_MS) this.columns = new TimeColumns();
    this.lastAtMs = this.columns.length === 0 ? nowMs : Math.max(nowMs, this.lastAtMs + 1);
    this.columns.append(this.lastAtMs, valuesOf(stats));
    this.columns.dropBefore(this.lastAtMs - HOUR_MS);
  }

  /** @param instanceId the only instance whose columns are wanted, for those of a thousand are long; null: all */
  read(instanceId: number | null = null): StatsHistory {
    this.columns.dropBefore(this.now() - HOUR_MS);
    const { columns } = this;
    const first = Math.max(0, columns.length - MAX_POINTS);
    const column = (name: string, round: (value: number) => number) =>
      columns.column(name, round).slice(first);
    const known = (name: string, round: (value: number) => number) =>
      column(name, round).map((value) => value ?? 0);
    return {
      at_ms: columns.timesMs().slice(first),
      cpu_percent: known('cpu', tenths),
      memory_used_bytes: known('memory', Math.round),
      disk_used_bytes: known('disk', Math.round),
      load_1: known('load', hundredths),
      gpus: idsOf(columns.names, 'gpu').map((index) => ({
        index,
        utilization_percent: column(`gpu ${index} load`, tenths),
        memory_used_bytes: column(`gpu ${index} memory`, Math.round),
        temperature_celsius: column(`gpu ${index} temperature`, tenths),
        power_watts: column(`gpu ${index} power`, tenths),
      })),
      instances: wantedIds(idsOf(columns.names, 'instance'), instanceId).map((id) => ({
        id,
        cpu_percent: column(`instance ${id} cpu`, tenths),
        memory_bytes: column(`instance ${id} memory`, Math.round),
        vram_bytes: column(`instance ${id} vram`, Math.round),
      })),
    };
  }
}

function* valuesOf(stats: SystemStats): Iterable<readonly [string, number | null]> {
  yield ['cpu', stats.cpu_percent];
  yield ['memory', stats.memory_used_bytes];
  yield ['disk', stats.disk_total_bytes - stats.disk_free_bytes];
  yield ['load', stats.load_1];
  for (const gpu of stats.gpus) {
    yield [`gpu ${gpu.index} load`, gpu.utilization_percent];
    yield [`gpu ${gpu.index} memory`, gpu.memory_used_bytes];
    yield [`gpu ${gpu.index} temperature`, gpu.temperature_celsius];
    yield [`gpu ${gpu.index} power`, gpu.power_watts];
  }
  for (const instance of stats.instances) {
    yield [`instance ${instance.id} cpu`, instance.cpu_percent];
    yield [`instance ${instance.id} memory`, instance.memory_bytes];
    yield [`instance ${instance.id} vram`, instance.vram_bytes];
  }
}

function wantedIds(ids: readonly number[], wanted: number | null): number[] {
  return ids.filter((id) => wanted === null || id === wanted);
}

/** The numbers of all columns of a kind, in order, each once. */
function idsOf(names: readonly string[], kind: 'gpu' | 'instance'): number[] {
  const own = names.filter((name) => name.startsWith(`${kind} `)).map((name) => Number(name.split(' ')[1]));
  return [...new Set(own)].sort((a, b) => a - b);
}
