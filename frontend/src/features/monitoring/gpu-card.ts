import type { Gpu } from '../../../../src/contracts/system.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { formatBytesOf } from '../../base/format.js';
import type { Disposable } from '../../base/lifecycle.js';
import { memoryLevel, temperatureLevel } from '../../domain/levels.js';
import type { Level } from '../../domain/levels.js';
import { icon } from '../../ui/icon.js';
import { Chart } from './chart.js';
import type { ChartLine } from './chart-line.js';
import { legend } from './chart-tip.js';
import { showLevel } from './figure-card.js';
import type { Series } from './series.js';

const percent = (value: number): string => `${value.toFixed(0)} %`;
const SHARES: readonly ChartLine[] = [
  { label: 'Memory', colour: 2, isFilled: true, format: percent },
  { label: 'Load', colour: 1, format: percent },
];
const HEAT: readonly ChartLine[] = [
  { label: 'Temperature', colour: 4, scale: 'celsius', format: (value) => `${value.toFixed(0)} °C` },
  { label: 'Power', colour: 3, scale: 'watts', format: (value) => `${value.toFixed(0)} W` },
];

/** One figure of a card; `–` where its driver does not tell. */
class GpuFigure {
  private readonly value = h('dd', { class: 'figure' });
  private readonly word = h('span', { class: 'level' });
  readonly element: HTMLElement;

  constructor(label: string) {
    this.element = h('div', { class: 'gpu-figure' }, h('dt', null, label, ' ', this.word), this.value);
  }

  show(text: string, level: Level | null = null): void {
    setText(this.value, text);
    showLevel(this.word, level);
  }
}

/** A graphics card: what it holds, how busy and how hot it is. */
export class GpuCard implements Disposable {
  private readonly name = h('span', { class: 'gpu-name' });
  private readonly mig = h('span', {
    class: 'gpu-mig',
    'data-tip': 'Divided into MIG devices; the figures are the whole card’s, as far as it tells them.',
    tabindex: 0,
    hidden: true,
  });
  private readonly problemText = h('span', null);
  private readonly problem = h(
    'p',
    { class: 'gpu-problem', hidden: true, 'data-testid': 'gpu-problem' },
    icon('warning'),
    this.problemText,
  );
  private readonly memory = new GpuFigure('Memory');
  private readonly load = new GpuFigure('Load');
  private readonly temperature = new GpuFigure('Temperature');
  private readonly power = new GpuFigure('Power');
  private readonly shares: Chart;
  private readonly heat: Chart;
  readonly element: HTMLElement;

  constructor(
    private readonly index: number,
    private readonly series: Series,
  ) {
    const title = `GPU ${String(index)}`;
    this.shares = new Chart({ label: `${title}: memory and load`, lines: SHARES, most: () => 100 });
    this.heat = new Chart({ label: `${title}: temperature and power`, lines: HEAT, most: () => 100 });
    this.mig.textContent = 'MIG';
    this.element = h(
      'section',
      { class: 'gpu-card', 'aria-label': title, 'data-testid': `card-gpu-${String(index)}` },
      h('div', { class: 'figure-head' }, h('h3', null, title), this.mig, this.name),
      this.problem,
      h(
        'dl',
        { class: 'gpu-figures' },
        ...[this.memory, this.load, this.temperature, this.power].map(({ element }) => element),
      ),
      h(
        'div',
        { class: 'gpu-charts' },
        h('div', null, this.shares.element, legend(SHARES)),
        h('div', null, this.heat.element, legend(HEAT)),
      ),
    );
  }

  dispose(): void {
    this.shares.dispose();
    this.heat.dispose();
    this.element.remove();
  }

  show(gpu: Gpu): void {
    setText(this.name, gpu.name);
    setAttribute(this.name, 'data-tip', gpu.name);
    this.mig.hidden = !gpu.is_mig;
    this.problem.hidden = gpu.problem === null;
    setText(this.problemText, gpu.problem ?? '');
    const { memory_used_bytes: used, memory_total_bytes: total } = gpu;
    const share = used === null || total === 0 ? null : used / total;
    this.memory.show(
      used === null ? '–' : formatBytesOf(used, total),
      share === null ? null : memoryLevel(share),
    );
    this.load.show(figureOf(gpu.utilization_percent, '%'));
    this.temperature.show(figureOf(gpu.temperature_celsius, '°C'), temperatureLevel(gpu.temperature_celsius));
    this.power.show(figureOf(gpu.power_watts, 'W'));
    const prefix = `gpu ${String(this.index)}`;
    const factor = total > 0 ? 100 / total : 0;
    this.shares.show(() => this.series.of({ name: `${prefix} memory`, factor }, { name: `${prefix} load` }));
    this.heat.show(() => this.series.of({ name: `${prefix} temperature` }, { name: `${prefix} power` }));
  }

  hurry(): void {
    this.shares.hurry();
    this.heat.hurry();
  }

  recolour(): void {
    this.shares.recolour();
    this.heat.recolour();
  }
}

function figureOf(value: number | null, unit: string): string {
  return value === null ? '–' : `${value.toFixed(0)} ${unit}`;
}
