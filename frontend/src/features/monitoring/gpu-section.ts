import type { SystemInfo, SystemStats } from '../../../../src/contracts/system.js';
import { h, setText } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { GpuCard } from './gpu-card.js';
import type { Series } from './series.js';

/** The graphics cards, or a sentence where there are none. */
export class GpuSection implements Disposable {
  private readonly cards = new Map<number, GpuCard>();
  private readonly none = h('p', { class: 'monitor-note', hidden: true, 'data-testid': 'monitor-no-gpu' });
  private readonly list = h('div', { class: 'gpu-cards' });
  readonly element = h('div', null, this.none, this.list);

  constructor(private readonly series: Series) {}

  dispose(): void {
    for (const card of this.cards.values()) card.dispose();
  }

  show({ gpus }: SystemStats, info: SystemInfo | null): void {
    const present = new Set(gpus.map(({ index }) => index));
    for (const [index, card] of this.cards) {
      if (present.has(index)) continue;
      card.dispose();
      this.cards.delete(index);
    }
    for (const gpu of gpus) this.cardOf(gpu.index).show(gpu);
    this.none.hidden = gpus.length > 0;
    if (gpus.length === 0) setText(this.none, absence(info));
  }

  hurry(): void {
    for (const card of this.cards.values()) card.hurry();
  }

  recolour(): void {
    for (const card of this.cards.values()) card.recolour();
  }

  private cardOf(index: number): GpuCard {
    const present = this.cards.get(index);
    if (present) return present;
    const card = new GpuCard(index, this.series);
    this.cards.set(index, card);
    this.list.append(card.element);
    return card;
  }
}

/** A driver that is there and tells of no card is another thing than none. */
function absence(info: SystemInfo | null): string {
  const driver = info?.capabilities.find(({ name }) => name === 'NVIDIA driver');
  return driver?.present === true
    ? 'The NVIDIA driver is installed but tells of no GPU. It may not be loaded, or not be allowed in this container; applications run on the processor meanwhile.'
    : 'This machine has no GPU. Applications run on the processor; a GPU appears here as soon as a driver tells of one.';
}
