import type { SystemInfo, SystemStats } from '../../../../src/contracts/system.js';
import { h } from '../../base/dom.js';
import { formatBytes, formatBytesOf, plural } from '../../base/format.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { cpuLevel, diskLevel, memoryLevel } from '../../domain/levels.js';
import { FigureCard } from './figure-card.js';
import type { Series } from './series.js';

const percent = (value: number): string => `${value.toFixed(value > 0 && value < 10 ? 1 : 0)} %`;

/** Processor, load, memory and disk. */
export class MachineCards implements Disposable {
  private readonly resources = new DisposableStore();
  private stats: SystemStats | null = null;
  private readonly cpu = this.card('CPU', 'card-cpu', {
    label: 'CPU',
    lines: [{ label: 'CPU', colour: 1, isFilled: true, format: percent }],
    most: () => 100,
  });
  private readonly memory = this.card('Memory', 'card-memory', {
    label: 'Memory',
    lines: [{ label: 'In use', colour: 2, isFilled: true, format: formatBytes }],
    most: () => this.stats?.memory_total_bytes ?? null,
  });
  private readonly load = this.card('Load', 'card-load', {
    label: 'Load of the last minute',
    lines: [{ label: 'Load', colour: 3, format: (value) => value.toFixed(2) }],
    most: () => null,
  });
  private readonly disk = this.card('Disk', 'card-disk', {
    label: 'Disk of the data directory',
    lines: [{ label: 'In use', colour: 4, isFilled: true, format: formatBytes }],
    most: () => this.stats?.disk_total_bytes ?? null,
  });
  readonly element = h(
    'div',
    { class: 'figure-cards' },
    ...[this.cpu, this.memory, this.load, this.disk].map(({ element }) => element),
  );

  constructor(private readonly series: Series) {}

  dispose(): void {
    this.resources.dispose();
  }

  show(stats: SystemStats, info: SystemInfo | null): void {
    this.stats = stats;
    const { series } = this;
    const cores = info?.cpu_count ?? null;
    this.cpu.show(percent(stats.cpu_percent), info?.cpu_model ?? '', cpuLevel(stats.cpu_percent), () =>
      series.of({ name: 'cpu' }),
    );
    const { memory_used_bytes: used, memory_total_bytes: total } = stats;
    this.memory.show(
      formatBytesOf(used, total),
      `${formatBytes(total - used)} available`,
      memoryLevel(total > 0 ? used / total : 0),
      () => series.of({ name: 'memory' }),
    );
    const isBusy = cores !== null && stats.load_1 > cores;
    this.load.show(
      stats.load_1.toFixed(2),
      cores === null ? '' : `processes that want one of ${plural(cores, 'core')}`,
      isBusy ? { word: 'high', meaning: 'attention' } : null,
      () => series.of({ name: 'load' }),
    );
    const { disk_free_bytes: free, disk_total_bytes: size } = stats;
    this.disk.show(
      formatBytesOf(size - free, size),
      `${formatBytes(free)} free for ${info?.data_dir ?? 'the data directory'}`,
      diskLevel(stats.disk_state),
      () => series.of({ name: 'disk' }),
    );
  }

  hurry(): void {
    for (const card of [this.cpu, this.memory, this.load, this.disk]) card.hurry();
  }

  recolour(): void {
    for (const card of [this.cpu, this.memory, this.load, this.disk]) card.recolour();
  }

  private card(...values: ConstructorParameters<typeof FigureCard>): FigureCard {
    return this.resources.add(new FigureCard(...values));
  }
}
