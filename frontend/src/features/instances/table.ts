import type { Instance } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { DisposableStore, everyVisible, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Emitter } from '../../base/observable.js';
import { Row } from './row.js';
import type { RowHost } from './row.js';

const COLUMNS = ['Name', 'Blueprint', 'Status', 'GPU', 'Port', 'Actions'] as const;
const TICK_MS = 1000;

/**
 * The rows, keyed by id: an element is made when an instance comes, written to when it changes, and removed when it goes.
 * One row at a time is reachable with Tab, arrows move between rows.
 */
export class InstanceTable implements Disposable {
  private readonly rows = new Map<number, Row>();
  /** Rows that a filter hides; they come back without being built anew. */
  private readonly parked = new Map<number, Row>();
  private readonly body = h('div', { class: 'table-body', role: 'rowgroup', 'data-testid': 'rows' });
  readonly element = h(
    'div',
    {
      class: 'table',
      role: 'grid',
      'aria-label': 'Instances',
      'aria-readonly': 'true',
      'data-testid': 'instances',
    },
    h(
      'div',
      { class: 'table-head', role: 'rowgroup' },
      h(
        'div',
        { class: 'row-line', role: 'row' },
        ...COLUMNS.map((title) =>
          h('div', { class: `cell cell-${title.toLowerCase()}`, role: 'columnheader' }, title),
        ),
      ),
    ),
    this.body,
  );
  /** The row somebody clicked on. */
  readonly chosen = new Emitter<Instance>();
  private readonly resources = new DisposableStore();
  private activeId: number | null = null;

  constructor(private readonly host: RowHost) {
    this.resources.add(everyVisible(TICK_MS, () => this.tick()));
    this.resources.add(listen(this.body, 'keydown', (event) => this.key(event)));
    this.resources.add(listen(this.body, 'focusin', (event) => this.activateOf(event.target)));
    this.resources.add(listen(this.body, 'click', (event) => this.click(event)));
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** The instance whose row has the focus inside. */
  get focused(): Instance | null {
    const row = document.activeElement?.closest<HTMLElement>('.row');
    return row && this.body.contains(row) ? (this.rowOf(row)?.instance ?? null) : null;
  }

  /** The row that Tab reaches, whether it has the focus or not. */
  get active(): Instance | null {
    return this.activeId === null ? null : (this.rows.get(this.activeId)?.instance ?? null);
  }

  /** Shows exactly these, in this order. Rows that stay keep their elements and the focus. */
  show(instances: readonly Instance[]): void {
    const wanted = new Set(instances.map(({ id }) => id));
    for (const [id, row] of this.rows) if (!wanted.has(id)) this.remove(id, row);
    let place = this.body.firstElementChild;
    for (const instance of instances) {
      const row = this.put(instance);
      if (row.element === place) place = place.nextElementSibling;
      else this.body.insertBefore(row.element, place);
    }
    if (this.activeId === null || !this.rows.has(this.activeId)) this.activate(instances[0]?.id ?? null);
  }

  /** Lets go of hidden rows whose instances are gone. */
  prune(exists: (id: number) => boolean): void {
    for (const id of this.parked.keys()) if (!exists(id)) this.parked.delete(id);
  }

  /** Writes one instance into its row, if it is shown. */
  update(instance: Instance): void {
    this.rows.get(instance.id)?.update(instance, Date.now());
  }

  focus(id: number): void {
    const row = this.rows.get(id);
    if (!row) return;
    this.activate(id);
    row.element.focus();
    row.element.scrollIntoView({ block: 'nearest' });
  }

  /** The room for the rows became smaller; this one stays in sight. */
  keepInSight(id: number): void {
    this.rows.get(id)?.element.scrollIntoView({ block: 'nearest' });
  }

  focusActive(): void {
    if (this.activeId !== null) this.focus(this.activeId);
  }

  private put(instance: Instance): Row {
    const present = this.rows.get(instance.id) ?? this.unpark(instance.id);
    if (present) {
      if (present.instance !== instance) present.update(instance, Date.now());
      return present;
    }
    const row = new Row(this.host, instance);
    this.rows.set(instance.id, row);
    return row;
  }

  private unpark(id: number): Row | null {
    const row = this.parked.get(id);
    if (!row) return null;
    this.parked.delete(id);
    this.rows.set(id, row);
    return row;
  }

  private remove(id: number, row: Row): void {
    const hadFocus = row.element.contains(document.activeElement);
    const neighbour = row.element.nextElementSibling ?? row.element.previousElementSibling;
    row.element.remove();
    this.rows.delete(id);
    this.parked.set(id, row);
    if (this.activeId !== id) return;
    const next = neighbour ? this.rowOf(neighbour) : null;
    this.activate(next?.instance.id ?? null);
    if (hadFocus) next?.element.focus();
  }

  private activate(id: number | null): void {
    if (this.activeId !== null) this.rows.get(this.activeId)?.setActive(false);
    this.activeId = id;
    if (id !== null) this.rows.get(id)?.setActive(true);
  }

  private activateOf(target: EventTarget | null): void {
    const row = target instanceof Element ? this.rowOf(target.closest('.row')) : null;
    if (row && row.instance.id !== this.activeId) this.activate(row.instance.id);
  }

  private click(event: MouseEvent): void {
    const { target } = event;
    if (!(target instanceof Element) || target.closest('button, a, .evidence')) return;
    const row = this.rowOf(target.closest('.row'));
    if (!row) return;
    row.element.focus();
    this.chosen.fire(row.instance);
  }

  private key(event: KeyboardEvent): void {
    const row = event.target instanceof Element ? event.target.closest('.row') : null;
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = rowFor(event.key, row, this.body);
    if (next) {
      event.preventDefault();
      const found = this.rowOf(next);
      if (found) this.focus(found.instance.id);
      return;
    }
    this.disclose(event, this.rowOf(row));
  }

  private disclose(event: KeyboardEvent, row: Row | null): void {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
    event.preventDefault();
    row?.setOpen(event.key === 'ArrowRight');
  }

  private tick(): void {
    const nowMs = Date.now();
    for (const row of this.rows.values()) row.tick(nowMs);
  }

  private rowOf(element: Element | null): Row | null {
    const id = element instanceof HTMLElement ? Number(element.dataset['id']) : Number.NaN;
    return this.rows.get(id) ?? null;
  }
}

function rowFor(key: string, row: Element, body: Element): Element | null {
  if (key === 'ArrowDown') return row.nextElementSibling;
  if (key === 'ArrowUp') return row.previousElementSibling;
  if (key === 'Home') return body.firstElementChild;
  return key === 'End' ? body.lastElementChild : null;
}
