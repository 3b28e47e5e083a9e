import type { StatsHistory, SystemStats } from '../../../../src/contracts/system.js';
import type { Column } from '../../domain/time-window.js';

const HOUR_MS = 3_600_000;
/** Rows that may be too old before they are moved out, many at a time. */
const SLACK = 120;

type Values = (number | null)[];

/**
 * The last hour as the server keeps it, continued by live figures: columns by name that belong together by their index.
 * Of instances it has only the one that is watched.
 */
export class FigureHistory {
  private times: number[] = [];
  private columns = new Map<string, Values>();
  private watchedId: number | null = null;

  get timesMs(): readonly number[] {
    return this.times;
  }

  /** Whose columns there are. */
  get instanceId(): number | null {
    return this.watchedId;
  }

  /** From now on those of another instance, whose past is not known yet. */
  watch(instanceId: number): void {
    this.watchedId = instanceId;
    for (const name of ['own cpu', 'own memory', 'own vram']) this.columns.delete(name);
  }

  /** The values of a column, null where nothing was known; empty for one that there is not. */
  column(name: string): Column {
    return this.columns.get(name) ?? [];
  }

  /** Takes the server's in place of what there is; live figures that came meanwhile are kept. */
  fill(history: StatsHistory, instanceId: number | null, live: SystemStats | null): void {
    this.times = [...history.at_ms];
    this.watchedId = instanceId;
    this.columns = new Map<string, Values>([
      ['cpu', [...history.cpu_percent]],
      ['memory', [...history.memory_used_bytes]],
      ['disk', [...history.disk_used_bytes]],
      ['load', [...history.load_1]],
    ]);
    for (const gpu of history.gpus) {
      const prefix = `gpu ${String(gpu.index)}`;
      this.columns.set(`${prefix} load`, [...gpu.utilization_percent]);
      this.columns.set(`${prefix} memory`, [...gpu.memory_used_bytes]);
      this.columns.set(`${prefix} temperature`, [...gpu.temperature_celsius]);
      this.columns.set(`${prefix} power`, [...gpu.power_watts]);
    }
    const own = history.instances.find(({ id }) => id === instanceId);
    if (own) {
      this.columns.set('own cpu', [...own.cpu_percent]);
      this.columns.set('own memory', [...own.memory_bytes]);
      this.columns.set('own vram', [...own.vram_bytes]);
    }
    if (live) this.add(live);
  }

  /** Continues it. Figures that are not newer than the last are left out. */
  add(stats: SystemStats): void {
    const atMs = Date.parse(stats.at);
    if (Number.isNaN(atMs) || atMs <= (this.times.at(-1) ?? -Infinity)) return;
    this.times.push(atMs);
    const row = this.times.length - 1;
    for (const [name, value] of valuesOf(stats, this.watchedId)) this.put(name, row, value);
    for (const values of this.columns.values()) if (values.length <= row) values.push(null);
    this.dropOld(atMs - HOUR_MS);
  }

  private put(name: string, row: number, value: number | null): void {
    let values = this.columns.get(name);
    if (!values) {
      if (value === null) return;
      values = new Array<number | null>(row).fill(null);
      this.columns.set(name, values);
    }
    values[row] = value;
  }

  private dropOld(beforeMs: number): void {
    let count = 0;
    while (count < this.times.length && (this.times[count] ?? 0) < beforeMs) count += 1;
    if (count < SLACK) return;
    this.times.splice(0, count);
    for (const values of this.columns.values()) values.splice(0, count);
  }
}

function* valuesOf(stats: SystemStats, instanceId: number | null): Iterable<[string, number | null]> {
  yield ['cpu', stats.cpu_percent];
  yield ['memory', stats.memory_used_bytes];
  yield ['disk', stats.disk_total_bytes - stats.disk_free_bytes];
  yield ['load', stats.load_1];
  for (const gpu of stats.gpus) {
    const prefix = `gpu ${String(gpu.index)}`;
    yield [`${prefix} load`, gpu.utilization_percent];
    yield [`${prefix} memory`, gpu.memory_used_bytes];
    yield [`${prefix} temperature`, gpu.temperature_celsius];
    yield [`${prefix} power`, gpu.power_watts];
  }
  const own = stats.instances.find(({ id }) => id === instanceId);
  if (!own) return;
  yield ['own cpu', own.cpu_percent];
  yield ['own memory', own.memory_bytes];
  yield ['own vram', own.vram_bytes];
}
