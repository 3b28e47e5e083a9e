import type { InstanceFigures, SystemInfo, SystemStats } from '../../../../src/contracts/system.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { formatBytes } from '../../base/format.js';
import { readPreference, writePreference } from '../../base/preferences.js';
import { RESOURCES, amountOf, consumersOf, isResource, shareOf } from '../../domain/consumers.js';
import type { Resource } from '../../domain/consumers.js';
import { Segments } from '../../ui/segments.js';

export interface ConsumerHost {
  nameOf(id: number): string | null;
  /** One of the list was clicked. */
  choose(id: number): void;
}

const LABELS: Record<Resource, string> = { memory: 'Memory', vram: 'VRAM', cpu: 'CPU' };
const SHOWN_AT_FIRST = 8;
const PREFERENCE = 'monitor.consumers';

class ConsumerRow {
  private readonly name = h('span', { class: 'consumer-name' });
  private readonly amount = h('span', { class: 'consumer-amount' });
  private readonly bar = h('span', { class: 'consumer-bar' });
  readonly element: HTMLButtonElement;

  constructor(id: number, onClick: () => void) {
    this.element = h(
      'button',
      { type: 'button', class: 'consumer', 'data-testid': 'consumer', 'data-id': id, onclick: onClick },
      this.name,
      this.amount,
      h('span', { class: 'consumer-track', 'aria-hidden': 'true' }, this.bar),
    );
  }

  show(name: string, amount: string, share: number): void {
    setText(this.name, name);
    setText(this.amount, amount);
    setAttribute(this.element, 'data-tip', `${name}: show its row`);
    this.bar.style.setProperty('--share', share.toFixed(4));
  }
}

/** *What takes it*: the running instances by what they take of a resource, most first. */
export class ConsumerList {
  private resource: Resource;
  private isWhole = false;
  private readonly rows = new Map<number, ConsumerRow>();
  private readonly list = h('div', { class: 'consumers-list' });
  private readonly note = h('p', { class: 'monitor-note' });
  private readonly more = h('button', {
    type: 'button',
    class: 'button is-quiet',
    hidden: true,
    'data-testid': 'consumers-more',
    onclick: () => this.toggleWhole(),
  });
  private readonly order: Segments<Resource>;
  private last: { stats: SystemStats; info: SystemInfo | null } | null = null;
  readonly element: HTMLElement;

  constructor(private readonly host: ConsumerHost) {
    const remembered = readPreference(PREFERENCE);
    this.resource = isResource(remembered) ? remembered : 'memory';
    this.order = new Segments<Resource>(
      'By',
      RESOURCES.map((value) => ({ value, label: LABELS[value], testId: `consumers-by-${value}` })),
      (resource) => this.setResource(resource),
    );
    this.order.show(this.resource);
    this.element = h(
      'section',
      { class: 'consumers', 'aria-label': 'What takes it', 'data-testid': 'consumers' },
      h('div', { class: 'figure-head' }, h('h3', null, 'What takes it'), this.order.element),
      this.note,
      this.list,
      this.more,
    );
  }

  show(stats: SystemStats, info: SystemInfo | null): void {
    this.last = { stats, info };
    const all = consumersOf(stats.instances, this.resource).filter(({ id }) => this.host.nameOf(id) !== null);
    const shown = this.isWhole ? all : all.slice(0, SHOWN_AT_FIRST);
    const whole = wholeOf(this.resource, stats, info);
    this.place(shown, whole);
    this.more.hidden = all.length <= SHOWN_AT_FIRST;
    setText(this.more, this.isWhole ? 'Show fewer' : `Show ${String(all.length - SHOWN_AT_FIRST)} more`);
    const note = all.length === 0 ? 'No instance runs.' : noteOf(this.resource, stats);
    this.note.hidden = note === '';
    setText(this.note, note);
  }

  /** Rows move only when their order changed, so that the focus stays. */
  private place(shown: readonly InstanceFigures[], whole: number): void {
    const wanted = new Set(shown.map(({ id }) => id));
    for (const [id, row] of this.rows) {
      if (wanted.has(id)) continue;
      row.element.remove();
      this.rows.delete(id);
    }
    for (const [index, figures] of shown.entries()) {
      const row = this.rowOf(figures.id);
      const amount = amountOf(figures, this.resource);
      row.show(
        this.host.nameOf(figures.id) ?? '',
        describe(amount, this.resource, whole),
        shareOf(amount, whole),
      );
      const place = this.list.children[index];
      if (place !== row.element) this.list.insertBefore(row.element, place ?? null);
    }
  }

  private rowOf(id: number): ConsumerRow {
    const present = this.rows.get(id);
    if (present) return present;
    const row = new ConsumerRow(id, () => this.host.choose(id));
    this.rows.set(id, row);
    return row;
  }

  private setResource(resource: Resource): void {
    this.resource = resource;
    writePreference(PREFERENCE, resource);
    this.again();
  }

  private toggleWhole(): void {
    this.isWhole = !this.isWhole;
    this.again();
  }

  private again(): void {
    if (this.last) this.show(this.last.stats, this.last.info);
  }
}

/** What all of it is; 0: not known. */
function wholeOf(resource: Resource, stats: SystemStats, info: SystemInfo | null): number {
  if (resource === 'cpu') return (info?.cpu_count ?? 0) * 100;
  if (resource === 'memory') return stats.memory_total_bytes;
  return stats.gpus.reduce((sum, gpu) => sum + gpu.memory_total_bytes, 0);
}

function describe(amount: number | null, resource: Resource, whole: number): string {
  if (amount === null) return '–';
  if (resource === 'cpu') return `${amount.toFixed(0)} %`;
  const share = whole > 0 ? ` · ${(shareOf(amount, whole) * 100).toFixed(0)} %` : '';
  return formatBytes(amount) + share;
}

function noteOf(resource: Resource, { gpus, vram_source: source }: SystemStats): string {
  if (resource === 'cpu') return '100 % is one core.';
  if (resource !== 'vram') return '';
  if (gpus.length === 0) return 'There is no GPU.';
  if (source === 'mask')
    return 'The driver does not tell whose memory it is: shown is what the cards of each instance hold altogether.';
  return source === 'none' ? 'The driver does not tell whose memory it is.' : '';
}
