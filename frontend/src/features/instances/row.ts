import type { Instance, Remedy } from '../../../../src/contracts/instance.js';
import type { InstanceFigures, VramSource } from '../../../../src/contracts/system.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { gpuLabel } from '../../domain/gpu.js';
import { withChanges } from '../../domain/pending.js';
import type { PendingRow } from '../../domain/pending.js';
import type { Kinship } from '../../domain/row-order.js';
import type { SettingKey } from '../../domain/settings.js';
import { icon } from '../../ui/icon.js';
import { AddressCell } from './address-cell.js';
import { evidencePanel, hasEvidence } from './evidence.js';
import { markField } from './field-marks.js';
import { FigureCells } from './figure-cells.js';
import { NameCell } from './name-cell.js';
import { RowActions } from './row-actions.js';
import type { RowActionsHost } from './row-actions.js';
import { StatusCell } from './status-cell.js';

export interface RowHost extends RowActionsHost {
  blueprintLabel(filename: string): string;
  canMend(remedy: Remedy): boolean;
  mend(instance: Instance, remedy: Remedy): void;
  pendingOf(id: number): PendingRow | undefined;
  figuresOf(id: number): InstanceFigures | null;
  vramSource(): VramSource;
  isSelected(id: number): boolean;
  select(id: number, isRange: boolean): void;
  /** A satellite's parent, and how its row stands to it; null for others. */
  kinOf(instance: Instance): { place: Kinship | null; parent: Instance | null };
  isOpen(id: number): boolean;
  setOpen(id: number, isOpen: boolean): void;
  /** Begins to change a setting in the row. */
  edit(row: Row, key: SettingKey): void;
}

const EDIT_TIP = 'Double-click or Enter changes it';

/** One row of the table. It shows whatever instance it is given; only what differs is written. */
export class Row {
  private readonly check = h('input', {
    type: 'checkbox',
    tabindex: -1,
    'data-testid': 'row-check',
    onclick: (event) => this.host.select(this.instance.id, event.shiftKey),
  });
  private readonly name: NameCell;
  private readonly blueprint = h('div', { class: 'cell cell-blueprint', role: 'gridcell' });
  private readonly gpuText = h('span', { class: 'cell-value' });
  private readonly gpu = editableCell('gpu', 'gpu_ids', this.gpuText);
  private readonly portText = h('span', { class: 'cell-value' });
  private readonly port = editableCell('port', 'port', this.portText);
  private readonly status: StatusCell;
  private readonly figures = new FigureCells();
  private readonly address: AddressCell;
  private readonly actions: RowActions;
  private evidence: HTMLElement | null = null;
  private isActive = false;
  readonly element: HTMLElement;

  constructor(
    private readonly host: RowHost,
    public instance: Instance,
  ) {
    this.actions = new RowActions(host, instance);
    this.address = new AddressCell(() =>
      host.run(host.registry.forInstance('instance.copy-address'), this.instance),
    );
    this.status = new StatusCell({
      canMend: (remedy) => host.canMend(remedy),
      mend: (remedy) => host.mend(this.instance, remedy),
    });
    this.name = new NameCell({
      toggleOpen: () => this.setOpen(!host.isOpen(this.instance.id)),
      toggleAutostart: () => host.edit(this, 'autostart'),
    });
    const line = h(
      'div',
      { class: 'row-line', role: 'presentation' },
      h('div', { class: 'cell cell-grip', role: 'gridcell' }, grip()),
      h('div', { class: 'cell cell-check', role: 'gridcell' }, this.check),
      this.name.element,
      this.blueprint,
      this.status.element,
      this.address.element,
      this.gpu,
      ...this.figures.elements,
      this.port,
      this.actions.element,
    );
    this.element = h(
      'div',
      {
        class: 'row',
        role: 'row',
        tabindex: -1,
        'data-testid': 'row',
        oncontextmenu: (event) => this.actions.openMenuFor(event),
      },
      line,
    );
  }

  update(instance: Instance, nowMs: number): void {
    const isOther = instance.id !== this.instance.id;
    this.instance = instance;
    const { element } = this;
    if (isOther) this.setActive(false);
    setAttribute(element, 'data-id', instance.id);
    setAttribute(element, 'data-status', instance.status);
    setAttribute(element, 'data-name', instance.name);
    this.showKin();
    this.showSettings();
    this.status.update(instance, nowMs);
    this.address.update(instance);
    this.actions.update(instance);
    this.showSelected();
    this.showFigures();
    this.updateEvidence(instance);
  }

  /** What can be changed in the row, with the changes that are not stored yet. */
  showSettings(): void {
    const { instance, host } = this;
    const pending = host.pendingOf(instance.id);
    const shown = withChanges(instance, pending);
    this.name.update(instance, shown, pending);
    setText(this.gpuText, gpuLabel(shown.gpu_ids));
    markField(this.gpu, 'gpu_ids', pending, EDIT_TIP);
    setText(this.portText, String(shown.port));
    markField(this.port, 'port', pending, `The application’s own port, on loopback\n${EDIT_TIP}`);
  }

  /** What it is: of a blueprint, or a satellite of another one. */
  showKin(): void {
    const { instance, host } = this;
    const { place, parent } = host.kinOf(instance);
    const blueprint = host.blueprintLabel(instance.base_blueprint);
    const isSatellite = instance.parent_instance_id !== null;
    setAttribute(this.element, 'data-kin', place);
    // The line to its parent's row says the rest, where that row is shown.
    const kind = place === 'apart' && parent ? `of ${parent.name}` : 'satellite';
    setText(this.blueprint, isSatellite ? kind : blueprint);
    const about = `${blueprint} (${instance.base_blueprint})`;
    setAttribute(this.blueprint, 'data-tip', parent ? `Shares the files of ${parent.name}: ${about}` : about);
    this.name.showParent(isSatellite ? (parent?.name ?? 'an instance that is gone') : null);
  }

  showFigures(): void {
    const { instance, host } = this;
    this.figures.update(instance, host.figuresOf(instance.id), host.vramSource());
  }

  showSelected(): void {
    const isSelected = this.host.isSelected(this.instance.id);
    this.check.checked = isSelected;
    setAttribute(this.check, 'aria-label', `Select ${this.instance.name}`);
    setAttribute(this.element, 'aria-selected', String(isSelected));
  }

  tick(nowMs: number): void {
    this.status.tick(this.instance, nowMs);
  }

  /** The element in which a setting is shown and can be changed. */
  fieldOf(key: SettingKey): HTMLElement {
    if (key === 'gpu_ids') return this.gpu;
    return key === 'port' ? this.port : this.name.field;
  }

  /** It goes out of sight: an editor in it must not stay behind in an element that serves another instance. */
  leave(): void {
    this.element.querySelector<HTMLElement>('.cell-editor')?.blur();
    this.element.classList.remove('is-dragged');
  }

  /** @param index among the rows below the head */
  setIndex(index: number): void {
    setAttribute(this.element, 'aria-rowindex', index + 2);
  }

  /** Makes this the row that the Tab key reaches. */
  setActive(isActive: boolean): void {
    if (isActive === this.isActive) return;
    this.isActive = isActive;
    const reach = isActive ? 0 : -1;
    for (const part of [this.element, this.check, this.gpu, this.port]) setAttribute(part, 'tabindex', reach);
    this.name.setReachable(isActive);
    this.status.setReachable(isActive);
    this.address.setReachable(isActive);
    this.actions.setReachable(isActive);
  }

  setOpen(isOpen: boolean): void {
    this.host.setOpen(this.instance.id, isOpen && hasEvidence(this.instance));
    this.updateEvidence(this.instance);
  }

  private updateEvidence(instance: Instance): void {
    const isOffered = hasEvidence(instance);
    const isOpen = isOffered && this.host.isOpen(instance.id);
    this.name.setOpen(instance.name, isOffered, isOpen);
    const hadFocus = this.evidence?.contains(document.activeElement) === true;
    this.evidence?.remove();
    this.evidence = null;
    this.element.classList.toggle('has-evidence', isOpen);
    if (!isOpen) return;
    const { host } = this;
    const panel = evidencePanel(instance, {
      showLog: () => host.run(host.registry.forInstance('instance.log'), this.instance),
      canMend: (remedy) => host.canMend(remedy),
      mend: (remedy) => host.mend(this.instance, remedy),
      start: () => host.run(host.registry.forInstance('instance.start'), this.instance),
      restart: () => host.run(host.registry.forInstance('instance.restart'), this.instance),
    });
    this.evidence = h('div', { role: 'gridcell' }, panel);
    this.element.append(this.evidence);
    if (hadFocus) this.element.focus();
  }
}

function editableCell(name: string, key: SettingKey, value: HTMLElement): HTMLElement {
  return h(
    'div',
    {
      class: `cell cell-figure cell-${name} is-editable`,
      role: 'gridcell',
      tabindex: -1,
      'data-field': key,
      'data-testid': `row-${name}`,
    },
    value,
  );
}

function grip(): HTMLElement {
  return h(
    'span',
    { class: 'row-grip', 'data-testid': 'row-grip', 'data-tip': 'Drag to another place (Alt ↑ ↓)' },
    icon('grip'),
  );
}
