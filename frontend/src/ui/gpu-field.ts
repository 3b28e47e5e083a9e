import type { Gpu } from '../../../src/contracts/system.js';
import { h } from '../base/dom.js';
import { formatBytes } from '../base/format.js';
import { formatGpuIds, parseGpuIds } from '../domain/gpu.js';
import type { GpuChoice } from '../domain/gpu.js';
import { checkbox, fieldGroup } from './field.js';
import type { Field } from './field.js';

const KINDS = [
  ['all', 'All GPUs'],
  ['none', 'None (CPU)'],
  ['chosen', 'Only these'],
] as const;

/** Which GPUs an instance may use: all, none, or chosen ones with their free memory. */
export class GpuField {
  readonly field: Field<HTMLElement>;
  private readonly radios = new Map<GpuChoice['kind'], HTMLInputElement>();
  private readonly boxes = new Map<number, HTMLInputElement>();
  /** The order in which the user wants them is kept; new ones go to the end. */
  private order: number[] = [];

  private readonly gpus: readonly Gpu[];

  constructor(gpus: readonly Gpu[], present: string | null) {
    this.gpus = gpus.filter((gpu) => gpu.is_selectable);
    const choice = parseGpuIds(present);
    this.order = choice.kind === 'chosen' ? [...choice.indices] : [];
    const control = h('div', { class: 'gpu-field', role: 'group' });
    control.append(...(this.hasNothingToChoose(choice) ? [this.nothing()] : this.choices(choice)));
    this.field = fieldGroup({ label: 'GPUs', control, testId: 'gpu-field' });
    this.present = present;
  }

  private readonly present: string | null;

  /** As `gpu_ids` goes over the wire. */
  get value(): string | null {
    for (const [kind, radio] of this.radios) {
      if (radio.checked)
        return formatGpuIds(kind === 'chosen' ? { kind, indices: this.chosenIndices() } : { kind });
    }
    return this.present;
  }

  private hasNothingToChoose(choice: GpuChoice): boolean {
    return this.gpus.length === 0 && choice.kind !== 'chosen';
  }

  private nothing(): HTMLElement {
    return h(
      'p',
      { class: 'field-hint', 'data-testid': 'no-gpu' },
      'This machine has no GPU. The instance runs on the CPU.',
    );
  }

  private choices(choice: GpuChoice): HTMLElement[] {
    const name = `gpu-${String(Math.random())}`;
    const radios = KINDS.map(([kind, label]) => {
      const radio = h('input', { type: 'radio', name, value: kind, 'data-testid': `gpu-${kind}` });
      radio.checked = choice.kind === kind;
      this.radios.set(kind, radio);
      return h('label', { class: 'choice' }, radio, h('span', { class: 'choice-text' }, label));
    });
    return [h('div', { class: 'choice-row' }, ...radios), h('div', { class: 'gpu-list' }, ...this.cards())];
  }

  private cards(): HTMLElement[] {
    const present = this.gpus.map((gpu) => this.card(gpu.index, gpu.name, freeMemory(gpu)));
    const absent = this.order
      .filter((index) => !this.gpus.some((gpu) => gpu.index === index))
      .map((index) => this.card(index, 'not in this machine', 'kept until you take it away'));
    return [...present, ...absent];
  }

  private card(index: number, name: string, note: string): HTMLElement {
    const box = checkbox(
      `GPU ${String(index)} · ${name}`,
      this.order.includes(index),
      `gpu-box-${String(index)}`,
      note,
    );
    box.control.addEventListener('change', () => this.toggle(index, box.control.checked));
    this.boxes.set(index, box.control);
    return box.root;
  }

  private toggle(index: number, isOn: boolean): void {
    this.order = this.order.filter((other) => other !== index);
    if (isOn) this.order.push(index);
    const radio = this.radios.get(this.order.length > 0 ? 'chosen' : 'none');
    if (radio) radio.checked = true;
  }

  private chosenIndices(): number[] {
    return this.order;
  }
}

function freeMemory(gpu: Gpu): string {
  if (gpu.memory_used_bytes === null) return gpu.problem ?? 'memory not known';
  const free = Math.max(0, gpu.memory_total_bytes - gpu.memory_used_bytes);
  return `${formatBytes(free)} free of ${formatBytes(gpu.memory_total_bytes)}`;
}
