import type { Instance } from '../../../../src/contracts/instance.js';
import type { InstanceFigures, VramSource } from '../../../../src/contracts/system.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { formatBytes, plural } from '../../base/format.js';
import { parseGpuIds } from '../../domain/gpu.js';

const NOTHING = '–';

/** What a running instance takes of the machine, live. */
export class FigureCells {
  private readonly cpu = cell('cpu');
  private readonly ram = cell('ram');
  private readonly vram = cell('vram');
  readonly elements = [this.cpu, this.ram, this.vram] as const;

  update(instance: Instance, figures: InstanceFigures | null, source: VramSource): void {
    setText(this.cpu, figures ? `${figures.cpu_percent.toFixed(0)} %` : NOTHING);
    setText(this.ram, figures ? formatBytes(figures.memory_bytes) : NOTHING);
    const isOfCards = source === 'mask';
    const vram = figures?.vram_bytes ?? null;
    setText(this.vram, vram === null ? NOTHING : `${isOfCards ? '≈ ' : ''}${formatBytes(vram)}`);
    const processes = figures ? plural(figures.process_count, 'process', 'processes') : null;
    setAttribute(this.cpu, 'data-tip', processes && `${processes}; 100 % is one core`);
    setAttribute(this.ram, 'data-tip', processes && `Resident memory of ${processes}`);
    setAttribute(this.vram, 'data-tip', figures && vramTip(instance, vram, source));
  }
}

function cell(name: string): HTMLElement {
  return h(
    'div',
    { class: `cell cell-figure cell-${name}`, role: 'gridcell', 'data-testid': `row-${name}` },
    NOTHING,
  );
}

function vramTip(instance: Instance, vramBytes: number | null, source: VramSource): string | null {
  if (source === 'mask' && vramBytes !== null) {
    const choice = parseGpuIds(instance.gpu_ids);
    const isOne = choice.kind === 'chosen' && choice.indices.length === 1;
    const cards = choice.kind === 'chosen' ? choice.indices.join(', ') : '';
    const whose = cards === '' ? 'all GPUs hold' : isOne ? `GPU ${cards} holds` : `GPUs ${cards} hold`;
    return `What ${whose} altogether, whoever took it: the driver does not tell one program from another here.`;
  }
  return vramBytes === null
    ? 'Not known: the driver of this machine does not tell who takes memory of a GPU.'
    : null;
}
