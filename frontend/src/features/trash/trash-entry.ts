import type { TrashEntry } from '../../../../src/contracts/instance.js';
import { h, setText } from '../../base/dom.js';
import { ageMs, formatAge, formatBytes, formatExact } from '../../base/format.js';
import { blueprintLabel } from '../../domain/blueprint.js';
import { button } from '../../ui/button.js';

export interface TrashEntryHost {
  restore(entry: TrashEntry): Promise<void>;
  purge(entry: TrashEntry): Promise<void>;
}

/** A line of the trash: what it was, and the two things that can be done with it. */
export class TrashEntryView {
  private readonly size = h('span', { 'data-testid': 'trash-size' });
  private readonly restore: HTMLButtonElement;
  private readonly purge: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(
    host: TrashEntryHost,
    readonly entry: TrashEntry,
  ) {
    this.restore = this.button('Restore', 'restart', 'trash-restore', () => host.restore(entry));
    this.purge = this.button('Delete for ever', 'trash', 'trash-delete', () => host.purge(entry));
    this.element = h(
      'li',
      { class: 'trash-entry', 'data-testid': 'trash-entry', 'data-name': entry.instance_name },
      h(
        'div',
        { class: 'trash-text' },
        h('strong', { class: 'is-user-text' }, entry.instance_name),
        h('small', { 'data-tip': formatExact(entry.deleted_at) }, describe(entry), this.size),
      ),
      this.restore,
      this.purge,
    );
    this.showSize(entry.size_bytes);
  }

  /** @param bytes null while it is being counted */
  showSize(bytes: number | null): void {
    setText(this.size, bytes === null ? ' · counting…' : ` · ${formatBytes(bytes)}`);
  }

  /** It could not be counted: nothing is said. */
  hideSize(): void {
    setText(this.size, '');
  }

  focus(): void {
    this.restore.focus();
  }

  private button(
    label: string,
    symbol: 'restart' | 'trash',
    testId: string,
    work: () => Promise<void>,
  ): HTMLButtonElement {
    const element = button({
      label,
      icon: symbol,
      kind: testId === 'trash-delete' ? 'quiet' : 'plain',
      testId,
      attributes: { 'aria-label': `${label}: ${this.entry.instance_name}` },
      onClick: () => void this.during(work),
    });
    return element;
  }

  /** A second press waits for the first one's answer. */
  private async during(work: () => Promise<void>): Promise<void> {
    if (this.restore.disabled) return;
    this.restore.disabled = this.purge.disabled = true;
    try {
      await work();
    } finally {
      this.restore.disabled = this.purge.disabled = false;
    }
  }
}

function describe(entry: TrashEntry): string {
  const age = ageMs(entry.deleted_at, Date.now());
  return [
    entry.base_blueprint === null ? null : blueprintLabel(entry.base_blueprint),
    age === null ? null : `deleted ${formatAge(age)} ago`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}
