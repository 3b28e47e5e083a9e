import type { Instance } from '../../../../src/contracts/instance.js';
import { h, safeHref, setAttribute, setText } from '../../base/dom.js';
import { splitForCut } from '../../base/format.js';
import type { PendingRow } from '../../domain/pending.js';
import { icon, setIcon } from '../../ui/icon.js';
import { describeChanges, markField } from './field-marks.js';

export interface NameCellHost {
  toggleOpen(): void;
  toggleAutostart(): void;
}

/** The disclosure, the name, and quiet marks of what else one may want to know of a row. */
export class NameCell {
  private readonly chevron = icon('chevron-right');
  private readonly head = h('span', { class: 'row-name-head' });
  private readonly tail = h('span', { class: 'row-name-tail' });
  private readonly text = h(
    'span',
    { class: 'row-name-text', 'data-testid': 'row-name' },
    this.head,
    this.tail,
  );
  private readonly disclosure: HTMLButtonElement;
  private readonly autostart: HTMLButtonElement;
  private readonly desktop = h(
    'a',
    { class: 'row-mark', target: '_blank', rel: 'noopener', 'data-testid': 'row-desktop', tabindex: -1 },
    icon('screen'),
  );
  private readonly warning = h(
    'span',
    { class: 'row-warning', role: 'img', 'data-testid': 'row-warning' },
    icon('warning'),
  );
  private readonly edited = h(
    'span',
    { class: 'row-edited', role: 'img', 'data-testid': 'row-edited' },
    icon('pen'),
  );
  /** Whose satellite it is: heard always, seen where the parent's row is not above. */
  private readonly parentName = h('span');
  private readonly parent = h(
    'span',
    { class: 'row-parent', 'data-testid': 'row-parent', hidden: true },
    h('span', { class: 'is-off-screen' }, 'satellite '),
    this.parentName,
  );
  /** What an editor covers while the name is changed. */
  readonly field: HTMLElement;
  readonly element: HTMLElement;

  constructor(host: NameCellHost) {
    this.disclosure = h(
      'button',
      {
        type: 'button',
        class: 'button is-quiet is-icon row-disclosure',
        'aria-expanded': 'false',
        'data-testid': 'row-disclosure',
        tabindex: -1,
        onclick: () => host.toggleOpen(),
      },
      this.chevron,
    );
    this.autostart = h(
      'button',
      {
        type: 'button',
        class: 'row-mark row-autostart',
        'data-testid': 'row-autostart',
        tabindex: -1,
        onclick: () => host.toggleAutostart(),
      },
      icon('power'),
    );
    this.field = h('span', { class: 'row-name-field', 'data-field': 'name' }, this.text, this.parent);
    this.element = h(
      'div',
      { class: 'cell cell-name', role: 'rowheader' },
      this.disclosure,
      this.field,
      this.edited,
      this.warning,
      this.desktop,
      this.autostart,
    );
  }

  /** @param shown the instance with the changes that are not stored yet */
  update(instance: Instance, shown: Instance, pending: PendingRow | undefined): void {
    // The head gives way when the column is narrow: a long name is cut in the middle.
    const [head, tail] = splitForCut(shown.name);
    setText(this.head, head);
    setText(this.tail, tail);
    setAttribute(this.text, 'data-tip', shown.name);
    markField(this.field, 'name', pending);
    this.showDesktop(instance);
    this.showAutostart(shown, pending);
    this.showWarning(instance);
    const changes = pending ? describeChanges(pending) : '';
    this.edited.hidden = changes === '';
    this.edited.classList.toggle('is-conflict', changes.includes('meanwhile'));
    setAttribute(this.edited, 'data-tip', changes);
    setAttribute(this.edited, 'aria-label', `Not saved yet. ${changes}`);
  }

  /** @param parent the name of the instance whose files it shares; null: its own */
  showParent(parent: string | null): void {
    this.parent.hidden = parent === null;
    setText(this.parentName, parent === null ? '' : `of ${parent}`);
  }

  setOpen(name: string, isOffered: boolean, isOpen: boolean): void {
    this.disclosure.classList.toggle('is-absent', !isOffered);
    setAttribute(this.disclosure, 'aria-label', `${isOpen ? 'Hide' : 'Show'} what happened to ${name}`);
    setAttribute(this.disclosure, 'aria-expanded', String(isOpen));
    setIcon(this.chevron, isOpen ? 'chevron-down' : 'chevron-right');
  }

  setReachable(isReachable: boolean): void {
    setAttribute(this.disclosure, 'tabindex', isReachable ? 0 : -1);
    setAttribute(this.autostart, 'tabindex', isReachable ? 0 : -1);
    setAttribute(this.desktop, 'tabindex', isReachable ? 0 : -1);
    for (const mark of [this.warning, this.edited])
      setAttribute(mark, 'tabindex', isReachable && !mark.hidden ? 0 : null);
  }

  private showDesktop({ name, persistent_mode: isPersistent, desktop_url: address }: Instance): void {
    this.desktop.hidden = !isPersistent;
    setAttribute(this.desktop, 'href', address === null ? null : safeHref(address));
    setAttribute(this.desktop, 'aria-label', `Desktop of ${name}`);
    setAttribute(this.desktop, 'data-tip', `Its desktop, which goes on without a viewer\n${address ?? ''}`);
  }

  private showAutostart(shown: Instance, pending: PendingRow | undefined): void {
    const { autostart: isOn } = shown;
    setAttribute(this.autostart, 'aria-pressed', String(isOn));
    setAttribute(this.autostart, 'aria-label', `Start ${shown.name} together with AiKore`);
    markField(
      this.autostart,
      'autostart',
      pending,
      isOn ? 'Starts together with AiKore' : 'Does not start by itself',
    );
  }

  private showWarning(instance: Instance): void {
    const text = instance.warnings.join(' ');
    this.warning.hidden = text === '';
    setAttribute(this.warning, 'data-tip', text);
    setAttribute(this.warning, 'aria-label', `Warning: ${text}`);
  }
}
