import type { Instance } from '../../../../src/contracts/instance.js';
import type { SystemStats } from '../../../../src/contracts/system.js';
import { h, setText } from '../../base/dom.js';
import { formatBytes, plural } from '../../base/format.js';
import type { Disposable } from '../../base/lifecycle.js';
import { FigureCard } from './figure-card.js';
import type { Series } from './series.js';

/** What one instance took over time: the one that is chosen. */
export class InstanceCard implements Disposable {
  private readonly title = h('h3', { class: 'instance-card-name', 'data-testid': 'monitor-instance-name' });
  private readonly processes = h('span', { class: 'monitor-note' });
  private readonly note = h('p', { class: 'monitor-note', hidden: true });
  private readonly cpu = new FigureCard('CPU', 'instance-cpu', {
    label: 'CPU of the chosen instance',
    lines: [{ label: 'CPU', colour: 1, isFilled: true, format: (value) => `${value.toFixed(0)} %` }],
    most: () => null,
  });
  private readonly memory = new FigureCard('Memory', 'instance-memory', {
    label: 'Memory of the chosen instance',
    isBytes: true,
    lines: [{ label: 'Memory', colour: 2, isFilled: true, format: formatBytes }],
    most: () => null,
  });
  private readonly vram = new FigureCard('VRAM', 'instance-vram', {
    label: 'Memory of GPUs of the chosen instance',
    isBytes: true,
    lines: [{ label: 'VRAM', colour: 4, isFilled: true, format: formatBytes }],
    most: () => null,
  });
  readonly element = h(
    'section',
    {
      class: 'instance-card',
      hidden: true,
      'aria-label': 'Chosen instance',
      'data-testid': 'monitor-instance',
    },
    h('div', { class: 'figure-head' }, this.title, this.processes),
    this.note,
    h('div', { class: 'figure-cards' }, this.cpu.element, this.memory.element, this.vram.element),
  );

  constructor(private readonly series: Series) {}

  dispose(): void {
    for (const card of [this.cpu, this.memory, this.vram]) card.dispose();
  }

  /** @param instance null: none is chosen */
  show(instance: Instance | null, stats: SystemStats): void {
    this.element.hidden = instance === null;
    if (!instance) return;
    setText(this.title, instance.name);
    const own = stats.instances.find(({ id }) => id === instance.id);
    this.note.hidden = own !== undefined;
    if (!own) setText(this.note, `It is ${instance.status} and takes nothing now.`);
    setText(this.processes, own ? plural(own.process_count, 'process', 'processes') : '');
    const { series } = this;
    this.cpu.show(own ? `${own.cpu_percent.toFixed(0)} %` : '–', '', null, () =>
      series.of({ name: 'own cpu' }),
    );
    this.memory.show(own ? formatBytes(own.memory_bytes) : '–', '', null, () =>
      series.of({ name: 'own memory' }),
    );
    this.vram.element.hidden = stats.gpus.length === 0;
    const vram = own?.vram_bytes ?? null;
    this.vram.show(vram === null ? '–' : formatBytes(vram), '', null, () => series.of({ name: 'own vram' }));
  }

  hurry(): void {
    for (const card of [this.cpu, this.memory, this.vram]) card.hurry();
  }

  recolour(): void {
    for (const card of [this.cpu, this.memory, this.vram]) card.recolour();
  }
}
