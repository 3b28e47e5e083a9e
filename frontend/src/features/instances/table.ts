import type { Instance } from '../../../../src/contracts/instance.js';
import { h, setAttribute } from '../../base/dom.js';
import { DisposableStore, everyVisible, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Emitter } from '../../base/observable.js';
import type { SettingKey } from '../../domain/settings.js';
import { VirtualList } from '../../ui/virtual-list.js';
import type { RowDragHost } from './row-drag.js';
import type { RowMoving } from './row-moving.js';
import { RowSelection } from './row-selection.js';
import { Row } from './row.js';
import type { RowHost } from './row.js';
import { COLUMN_COUNT, TableHead } from './table-head.js';
import { commandOf, isSelecting, keepUnselected, stepOf } from './table-keys.js';
import type { TableCommand } from './table-keys.js';

export interface TableHost extends Omit<RowHost, 'isSelected' | 'select' | 'isOpen' | 'setOpen'> {
  get(id: number): Instance | null;
  /** A row is to go one place up or down. */
  shift(id: number, step: 1 | -1): void;
}

const TICK_MS = 1000;
/** Elements of rows that are kept for the next ones. */
const MOST_SPARE = 60;

/**
 * The rows, of which those in sight have elements. One row at a time is reachable with Tab, arrows move between rows; what
 * an event changes is written into its own row and into no other.
 */
export class InstanceTable implements Disposable {
  private readonly rows = new Map<number, Row>();
  private readonly spare: Row[] = [];
  private readonly open = new Set<number>();
  private shown: readonly number[] = [];
  private readonly body = h('div', { class: 'table-body', role: 'rowgroup', 'data-testid': 'rows' });
  private readonly head = new TableHead((isOn) => (isOn ? this.selection.all() : this.selection.clear()));
  readonly element = h(
    'div',
    {
      class: 'table',
      role: 'grid',
      'aria-label': 'Instances',
      'aria-multiselectable': 'true',
      'aria-colcount': COLUMN_COUNT,
      'data-testid': 'instances',
    },
    this.head.element,
    this.body,
  );
  /** The row somebody clicked on. */
  readonly chosen = new Emitter<Instance>();
  readonly selection = new RowSelection(() => this.shown);
  private readonly resources = new DisposableStore();
  private readonly list: VirtualList;
  private readonly rowHost: RowHost;
  private activeId: number | null = null;

  constructor(
    private readonly host: TableHost,
    private readonly scroller: HTMLElement,
  ) {
    scroller.append(this.element);
    this.rowHost = {
      ...host,
      isSelected: (id) => this.selection.has(id),
      select: (id, isRange) => this.selection.pick(id, isRange),
      isOpen: (id) => this.open.has(id),
      setOpen: (id, isOpen) => {
        if (isOpen) this.open.add(id);
        else this.open.delete(id);
      },
    };
    this.list = this.resources.add(
      new VirtualList(scroller, this.body, {
        mount: (id, index) => this.mount(id, index),
        unmount: (id) => this.unmount(id),
        place: (id, index) => this.place(id, index),
        isPinned: (id) => id === this.activeId,
      }),
    );
    this.resources.add(this.selection.state.on(() => this.showSelection()));
    this.resources.add(everyVisible(TICK_MS, () => this.tick()));
    this.resources.add(listen(this.body, 'keydown', (event) => this.key(event)));
    this.resources.add(listen(this.body, 'focusin', (event) => this.activateOf(event.target)));
    this.resources.add(listen(this.body, 'click', (event) => this.click(event)));
    this.resources.add(listen(this.body, 'dblclick', (event) => this.doubleClick(event)));
    this.resources.add(listen(this.body, 'mousedown', (event) => keepUnselected(event)));
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** The instance whose row has the focus inside. */
  get focused(): Instance | null {
    return this.rowOf(document.activeElement)?.instance ?? null;
  }

  /** The row that Tab reaches, whether it has the focus or not. */
  get active(): Instance | null {
    return this.activeId === null ? null : this.host.get(this.activeId);
  }

  /** The ids of the rows, in order. */
  get order(): readonly number[] {
    return this.shown;
  }

  /** Shows exactly these, in this order. Rows that stay keep their elements and the focus. */
  show(instances: readonly Instance[]): void {
    const before = this.shown;
    const hadFocus = this.rowOf(document.activeElement) !== null;
    this.shown = instances.map(({ id }) => id);
    setAttribute(this.element, 'aria-rowcount', this.shown.length + 1);
    this.list.show(this.shown);
    for (const id of this.rows.keys()) this.refresh(id);
    this.showKin();
    if (this.activeId === null || this.list.offsets.indexOf(this.activeId) < 0) {
      this.activate(this.neighbourOf(this.activeId, before));
      if (hadFocus) this.focusActive();
    }
    this.head.show(this.selection.coverage);
  }

  /** Lets go of what is known of instances that are gone. */
  prune(exists: (id: number) => boolean): void {
    for (const id of this.open) if (!exists(id)) this.open.delete(id);
    this.selection.prune(exists);
  }

  /** Writes one instance into its row, if that is in sight. */
  update(instance: Instance): void {
    this.rows.get(instance.id)?.update(instance, Date.now());
  }

  /** The figures are new. */
  showFigures(): void {
    for (const row of this.rows.values()) row.showFigures();
  }

  /** Rows came or went between satellites and their parents, or a parent has another name. */
  showKin(): void {
    for (const row of this.rows.values()) row.showKin();
  }

  /** Changes that are not stored yet came or went. */
  showSettings(): void {
    for (const row of this.rows.values()) row.showSettings();
  }

  /** The heights of rows are others now. */
  remeasure(): void {
    this.list.remeasure();
  }

  focus(id: number): void {
    if (this.list.offsets.indexOf(id) < 0) return;
    this.activate(id);
    this.list.reveal(id);
    this.rows.get(id)?.element.focus({ preventScroll: true });
  }

  /** The room for the rows became smaller; this one stays in sight. */
  keepInSight(id: number): void {
    this.list.reveal(id);
  }

  focusActive(): void {
    if (this.activeId !== null) this.focus(this.activeId);
  }

  /** What dragging rows needs of the table. */
  dragHost(moving: RowMoving): RowDragHost {
    return {
      scroller: this.scroller,
      body: this.body,
      offsets: this.list.offsets,
      travellers: (id) => moving.travellers(this.selection.has(id) ? this.selection.ids : new Set([id])),
      mark: (ids, isDragged) => {
        for (const id of ids) this.rows.get(id)?.element.classList.toggle('is-dragged', isDragged);
      },
      goal: (ids, wanted) => moving.goal(ids, wanted),
      drop: (ids, target, side) => moving.drop(ids, target, side),
    };
  }

  private mount(id: number, index: number): HTMLElement {
    const instance = this.host.get(id);
    if (!instance) throw new Error(`no instance ${String(id)}`);
    const row = this.spare.pop() ?? new Row(this.rowHost, instance);
    row.update(instance, Date.now());
    this.rows.set(id, row);
    row.setActive(id === this.activeId);
    row.setIndex(index);
    return row.element;
  }

  private unmount(id: number): void {
    const row = this.rows.get(id);
    if (!row) return;
    row.leave();
    row.setActive(false);
    this.rows.delete(id);
    if (this.spare.length < MOST_SPARE) this.spare.push(row);
  }

  private place(id: number, index: number): void {
    this.rows.get(id)?.setIndex(index);
  }

  private refresh(id: number): void {
    const row = this.rows.get(id);
    const instance = this.host.get(id);
    if (row && instance && row.instance !== instance) row.update(instance, Date.now());
  }

  private activate(id: number | null): void {
    if (this.activeId !== null) this.rows.get(this.activeId)?.setActive(false);
    this.activeId = id;
    if (id === null) return;
    this.list.ensure(id);
    this.rows.get(id)?.setActive(true);
  }

  /** The row that follows one which is gone, else the one before it, else the first. */
  private neighbourOf(gone: number | null, before: readonly number[]): number | null {
    const at = gone === null ? -1 : before.indexOf(gone);
    const isShown = (id: number) => this.list.offsets.indexOf(id) >= 0;
    const next = at < 0 ? undefined : before.slice(at).find(isShown);
    return next ?? (at < 0 ? undefined : before.slice(0, at).findLast(isShown)) ?? this.shown[0] ?? null;
  }

  private activateOf(target: EventTarget | null): void {
    const row = this.rowOf(target);
    if (row && row.instance.id !== this.activeId) this.activate(row.instance.id);
  }

  private click(event: MouseEvent): void {
    const { target } = event;
    if (!(target instanceof Element) || target.closest('button, a, input, .evidence, .row-grip')) return;
    const row = this.rowOf(target);
    if (!row) return;
    if (!target.closest('[tabindex="0"]')) row.element.focus({ preventScroll: true });
    if (isSelecting(event, this.selection.ids.size > 0)) this.selection.pick(row.instance.id, event.shiftKey);
    else this.chosen.fire(row.instance);
  }

  private doubleClick(event: MouseEvent): void {
    const field = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-field]') : null;
    const row = this.rowOf(field);
    if (field && row) this.host.edit(row, field.dataset['field'] as SettingKey);
  }

  private key(event: KeyboardEvent): void {
    const row = this.rowOf(event.target);
    const command = row && commandOf(event);
    if (!row || !command) return;
    if (command.kind === 'clear' && this.selection.ids.size === 0) return;
    event.preventDefault();
    this.obey(command, row);
  }

  private obey(command: TableCommand, row: Row): void {
    const { id } = row.instance;
    if (command.kind === 'go') this.go(id, command);
    else if (command.kind === 'shift') this.host.shift(id, command.step);
    else if (command.kind === 'edit') this.host.edit(row, command.key);
    else if (command.kind === 'toggle') this.selection.pick(id, false);
    else if (command.kind === 'all') this.selection.all();
    else if (command.kind === 'clear') this.selection.clear();
    else row.setOpen(command.kind === 'disclose');
  }

  private go(id: number, { by, isExtending }: Extract<TableCommand, { kind: 'go' }>): void {
    const last = this.shown.length - 1;
    const at = this.list.offsets.indexOf(id) + stepOf(by, last, this.list.pageLength);
    const next = this.shown[Math.min(last, Math.max(0, at))];
    if (next === undefined) return;
    if (isExtending) this.selection.extend(id, next);
    this.focus(next);
  }

  private showSelection(): void {
    for (const row of this.rows.values()) row.showSelected();
    this.head.show(this.selection.coverage);
  }

  private tick(): void {
    const nowMs = Date.now();
    for (const row of this.rows.values()) row.tick(nowMs);
  }

  private rowOf(target: EventTarget | null): Row | null {
    const element = target instanceof Element ? target.closest<HTMLElement>('.row') : null;
    return element && this.body.contains(element)
      ? (this.rows.get(Number(element.dataset['id'])) ?? null)
      : null;
  }
}
