import type { Instance, Remedy } from '../../../../src/contracts/instance.js';
import { h, setAttribute, setText } from '../../base/dom.js';
import { splitForCut } from '../../base/format.js';
import { gpuLabel } from '../../domain/gpu.js';
import { icon, setIcon } from '../../ui/icon.js';
import { evidencePanel, hasEvidence } from './evidence.js';
import { RowActions } from './row-actions.js';
import type { RowActionsHost } from './row-actions.js';
import { StatusCell } from './status-cell.js';

export interface RowHost extends RowActionsHost {
  blueprintLabel(filename: string): string;
  canMend(remedy: Remedy): boolean;
  mend(instance: Instance, remedy: Remedy): void;
}

/** One instance in the table. Its elements live as long as the instance; only what differs is written. */
export class Row {
  private readonly chevron = icon('chevron-right');
  private readonly disclosure = h(
    'button',
    {
      type: 'button',
      class: 'button is-quiet is-icon row-disclosure',
      'aria-expanded': 'false',
      'data-testid': 'row-disclosure',
      tabindex: -1,
      onclick: () => this.setOpen(!this.isOpen),
    },
    this.chevron,
  );
  private readonly nameHead = h('span', { class: 'row-name-head' });
  private readonly nameTail = h('span', { class: 'row-name-tail' });
  private readonly name = h(
    'span',
    { class: 'row-name-text', 'data-testid': 'row-name' },
    this.nameHead,
    this.nameTail,
  );
  private readonly warning = h(
    'span',
    { class: 'row-warning', role: 'img', 'data-testid': 'row-warning' },
    icon('warning'),
  );
  private readonly blueprint = h('div', { class: 'cell cell-blueprint', role: 'gridcell' });
  private readonly gpu = h('div', { class: 'cell cell-gpu', role: 'gridcell' });
  private readonly port = h('div', { class: 'cell cell-port', role: 'gridcell' });
  private readonly status = new StatusCell();
  private readonly actions: RowActions;
  private readonly line: HTMLElement;
  private evidence: HTMLElement | null = null;
  private isOpen = false;
  readonly element: HTMLElement;

  constructor(
    private readonly host: RowHost,
    public instance: Instance,
  ) {
    this.actions = new RowActions(host, instance);
    this.line = h(
      'div',
      { class: 'row-line', role: 'presentation' },
      h('div', { class: 'cell cell-name', role: 'rowheader' }, this.disclosure, this.name, this.warning),
      this.blueprint,
      this.status.element,
      this.gpu,
      this.port,
      this.actions.element,
    );
    this.element = h(
      'div',
      { class: 'row', role: 'row', tabindex: -1, 'data-testid': 'row', 'data-id': instance.id },
      this.line,
    );
    this.update(instance, Date.now());
  }

  update(instance: Instance, nowMs: number): void {
    this.instance = instance;
    const { element } = this;
    setAttribute(element, 'data-status', instance.status);
    setAttribute(element, 'data-name', instance.name);
    this.showName(instance.name);
    setAttribute(this.name, 'data-tip', instance.name);
    const blueprint = this.host.blueprintLabel(instance.base_blueprint);
    setText(this.blueprint, blueprint);
    setAttribute(this.blueprint, 'data-tip', `${blueprint} (${instance.base_blueprint})`);
    setText(this.gpu, gpuLabel(instance.gpu_ids));
    setText(this.port, String(instance.public_port ?? instance.port));
    this.updateWarning(instance);
    this.status.update(instance, nowMs);
    this.actions.update(instance);
    this.updateEvidence(instance);
  }

  tick(nowMs: number): void {
    this.status.tick(this.instance, nowMs);
  }

  /** Makes this the row that the Tab key reaches. */
  setActive(isActive: boolean): void {
    setAttribute(this.element, 'tabindex', isActive ? 0 : -1);
    setAttribute(this.element, 'aria-selected', isActive ? 'true' : null);
    setAttribute(this.disclosure, 'tabindex', isActive ? 0 : -1);
    if (isActive && !this.warning.hidden) setAttribute(this.warning, 'tabindex', 0);
    else setAttribute(this.warning, 'tabindex', null);
    this.actions.setReachable(isActive);
  }

  setOpen(isOpen: boolean): void {
    this.isOpen = isOpen && hasEvidence(this.instance);
    this.updateEvidence(this.instance);
  }

  /** The head gives way when the column is narrow: a long name is cut in the middle. */
  private showName(name: string): void {
    const [head, tail] = splitForCut(name);
    setText(this.nameHead, head);
    setText(this.nameTail, tail);
  }

  private updateWarning(instance: Instance): void {
    const text = instance.warnings.join(' ');
    this.warning.hidden = text === '';
    setAttribute(this.warning, 'data-tip', text);
    setAttribute(this.warning, 'aria-label', `Warning: ${text}`);
  }

  private updateEvidence(instance: Instance): void {
    const isOffered = hasEvidence(instance);
    if (!isOffered) this.isOpen = false;
    this.disclosure.classList.toggle('is-absent', !isOffered);
    setAttribute(
      this.disclosure,
      'aria-label',
      `${this.isOpen ? 'Hide' : 'Show'} what happened to ${instance.name}`,
    );
    setAttribute(this.disclosure, 'aria-expanded', String(this.isOpen));
    setIcon(this.chevron, this.isOpen ? 'chevron-down' : 'chevron-right');
    const hadFocus = this.evidence?.contains(document.activeElement) === true;
    this.evidence?.remove();
    this.evidence = null;
    if (!this.isOpen) return;
    this.evidence = evidencePanel(instance, {
      showLog: () => this.host.run(this.host.registry.forInstance('instance.log'), this.instance),
      canMend: (remedy) => this.host.canMend(remedy),
      mend: (remedy) => this.host.mend(this.instance, remedy),
      start: () => this.host.run(this.host.registry.forInstance('instance.start'), this.instance),
    });
    this.element.append(this.evidence);
    if (hadFocus) this.element.focus();
  }
}
