import type { Gpu, SystemStats } from '../../../../src/contracts/system.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { formatBytes, formatBytesOf } from '../../base/format.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { SystemStore } from '../../state/system.js';
import { Sparkline } from './sparkline.js';

const HIGH = 0.9;

class Meter {
  private readonly spark = new Sparkline();
  private readonly value = h('span', { class: 'meter-value' });
  readonly element: HTMLElement;

  constructor(label: string, testId: string, onClick: () => void) {
    const name = h('span', { class: 'meter-label' }, label);
    this.element = h(
      'button',
      { type: 'button', class: 'meter', 'data-testid': testId, onclick: onClick },
      name,
      this.value,
      this.spark.element,
    );
  }

  show(text: string, tip: string, past: readonly number[]): void {
    setText(this.value, text);
    setAttribute(this.element, 'data-tip', tip);
    setAttribute(this.element, 'data-high', (past.at(-1) ?? 0) >= HIGH);
    this.spark.show(past);
  }
}

/** The machine's figures in the top bar, as events bring them. */
export class Meters implements Disposable {
  readonly element = h('div', {
    class: 'meters',
    'data-testid': 'meters',
    'aria-label': 'Machine',
    role: 'group',
  });
  private readonly cpu = new Meter('CPU', 'meter-cpu', () => this.open());
  private readonly memory = new Meter('RAM', 'meter-ram', () => this.open());
  private readonly gpus = new Map<number, Meter>();
  private readonly resources = new DisposableStore();

  /** @param open shows more of the same */
  constructor(
    private readonly system: SystemStore,
    private readonly open: () => void,
  ) {
    this.element.hidden = true;
    this.element.append(this.cpu.element, this.memory.element);
    this.resources.add(system.stats.watch((stats) => stats && this.show(stats)));
  }

  dispose(): void {
    this.resources.dispose();
  }

  private show(stats: SystemStats): void {
    const { history, info } = this.system;
    this.element.hidden = false;
    const cores = info.value ? `${String(info.value.cpu_count)} cores, ${info.value.cpu_model}` : 'all cores';
    this.cpu.show(
      `${stats.cpu_percent.toFixed(0)} %`,
      `CPU: ${stats.cpu_percent.toFixed(1)} % of ${cores}; load ${stats.load_1.toFixed(2)}`,
      history.cpu,
    );
    const { memory_used_bytes: used, memory_total_bytes: total } = stats;
    this.memory.show(
      formatBytesOf(used, total),
      `Memory: ${formatBytes(used)} of ${formatBytes(total)} in use; ${formatBytes(stats.disk_free_bytes)} free on disk`,
      history.memory,
    );
    this.showGpus(stats.gpus);
  }

  private showGpus(gpus: readonly Gpu[]): void {
    const present = new Set(gpus.map(({ index }) => index));
    for (const [index, meter] of this.gpus) {
      if (present.has(index)) continue;
      meter.element.remove();
      this.gpus.delete(index);
    }
    for (const gpu of gpus) {
      const text = usedMemory(gpu, formatBytesOf);
      this.meterOf(gpu.index).show(text, describeGpu(gpu), this.system.history.gpus.get(gpu.index) ?? []);
    }
  }

  private meterOf(index: number): Meter {
    const present = this.gpus.get(index);
    if (present) return present;
    const meter = new Meter(`GPU${String(index)}`, `meter-gpu-${String(index)}`, () => this.open());
    this.gpus.set(index, meter);
    this.element.append(meter.element);
    return meter;
  }
}

/** A driver that does not answer, or does not tell, leaves nothing to show but that. */
function usedMemory(gpu: Gpu, format: (used: number, total: number) => string): string {
  return gpu.memory_used_bytes === null ? '–' : format(gpu.memory_used_bytes, gpu.memory_total_bytes);
}

function describeGpu(gpu: Gpu): string {
  const parts = [
    `GPU ${String(gpu.index)}: ${gpu.name}`,
    gpu.problem,
    usedMemory(gpu, (used, total) => `${formatBytes(used)} of ${formatBytes(total)} in use`),
    gpu.is_mig ? 'divided into MIG devices' : null,
    gpu.utilization_percent === null ? null : `${String(gpu.utilization_percent)} % busy`,
    gpu.temperature_celsius === null ? null : `${String(gpu.temperature_celsius)} °C`,
    gpu.power_watts === null ? null : `${gpu.power_watts.toFixed(0)} W`,
  ];
  return parts.filter(Boolean).join(', ');
}
