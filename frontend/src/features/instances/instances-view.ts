import type { Instance, Remedy } from '../../../../src/contracts/instance.js';
import type { InstanceFigures, SystemStats } from '../../../../src/contracts/system.js';
import type { Action } from '../../actions/action.js';
import type { ActionRegistry } from '../../actions/registry.js';
import { h, setText } from '../../base/dom.js';
import { whenIdle } from '../../base/lazy.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { matchesFilter } from '../../domain/filter.js';
import { kinships } from '../../domain/row-order.js';
import type { Kinship } from '../../domain/row-order.js';
import type { SettingKey } from '../../domain/settings.js';
import { countStatuses } from '../../domain/status.js';
import type { Api } from '../../net/api.js';
import type { BlueprintStore } from '../../state/blueprints.js';
import type { InstanceChange, InstanceStore } from '../../state/instances.js';
import type { NoticeStore } from '../../state/notices.js';
import type { PendingChanges } from '../../state/pending-changes.js';
import type { RowOrderKeeper } from '../../state/row-order.js';
import { reportFailure } from '../../state/report-error.js';
import type { SystemStore } from '../../state/system.js';
import type { BulkParts } from './bulk.js';
import { ChangesButton } from './changes-button.js';
import type { Density } from './density.js';
import { InstancesHead } from './instances-head.js';
import type * as LateParts from './late.js';
import type { Row } from './row.js';
import type { RowMoving } from './row-moving.js';
import type { SelectionBar } from './selection-bar.js';
import { skeleton } from './skeleton.js';
import { InstanceTable } from './table.js';

export interface InstancesHost {
  api: Api;
  registry: ActionRegistry;
  store: InstanceStore;
  system: SystemStore;
  blueprints: BlueprintStore;
  notices: NoticeStore;
  pending: PendingChanges;
  order: RowOrderKeeper;
  density: Density;
  /** What is shown while there are no instances. */
  welcome: { readonly element: HTMLElement; show(isShown: boolean): void };
  run(action: Action<Instance>, instance: Instance): void;
  runGlobal(id: string): void;
  canMend(remedy: Remedy): boolean;
  mend(instance: Instance, remedy: Remedy): void;
  openTrash(): void;
  /** What the table needs only once somebody does something with it. @throws when it cannot be fetched */
  late(): Promise<typeof LateParts>;
  /** Shows the changes that wait, to be saved. */
  reviewChanges(): void;
}

const SKELETON_AFTER_MS = 150;
const PLACE_WITHIN_MS = 16;

/** The instances: how many, a filter, the table, what is selected, and a welcome where there are none. */
export class InstancesView implements Disposable {
  readonly table: InstanceTable;
  private readonly resources = new DisposableStore();
  private readonly head: InstancesHead;
  private bar: SelectionBar | null = null;
  private readonly nothing = h('p', { class: 'instances-nothing', hidden: true, 'data-testid': 'no-match' });
  private readonly skeleton = skeleton();
  private readonly announcer = h('p', { class: 'is-off-screen', role: 'status', 'data-testid': 'announcer' });
  private readonly scroller = h('div', { class: 'instances-scroll' });
  private moving: RowMoving | null = null;
  private figures = new Map<number, InstanceFigures>();
  private placed = new Map<number, number>();
  private kin = new Map<number, Kinship>();
  private isPlacing = false;
  readonly element: HTMLElement;

  constructor(private readonly host: InstancesHost) {
    const changes = this.resources.add(
      new ChangesButton({ pending: host.pending, notices: host.notices, review: () => host.reviewChanges() }),
    );
    this.head = new InstancesHead({
      changes: changes.element,
      filterChanged: () => this.showAll(),
      leaveFilter: () => this.table.focusActive(),
      create: () => host.runGlobal('instance.new'),
    });
    this.table = this.resources.add(this.buildTable());
    this.scroller.append(this.skeleton, this.nothing, host.welcome.element);
    this.element = h(
      'section',
      { class: 'instances', 'aria-label': 'Instances' },
      this.head.element,
      this.scroller,
      this.announcer,
    );
    this.listen();
    this.showAll();
    whenIdle(() => this.attempt(this.attachLate()));
  }

  dispose(): void {
    this.resources.dispose();
  }

  focusFilter(): void {
    this.head.focusFilter();
  }

  /** A place for buttons of the window. */
  addToHead(element: HTMLElement): void {
    this.element.querySelector('.instances-head')?.append(element);
  }

  /** The row that had the focus last, else the filter. */
  focus(): void {
    if (this.table.active) this.table.focusActive();
    else this.focusFilter();
  }

  /** Shows an instance's row even when the filter would hide it. */
  reveal(id: number): void {
    const instance = this.host.store.get(id);
    if (!instance) return;
    if (!this.matches(instance)) this.head.clearFilter();
    else if (this.isPlacing) this.showAll();
    this.table.focus(id);
  }

  private buildTable(): InstanceTable {
    const { host } = this;
    return new InstanceTable(
      {
        registry: host.registry,
        get: (id) => host.store.get(id),
        run: (action, instance) => host.run(action, instance),
        blueprintLabel: (filename) => host.blueprints.label(filename),
        canMend: (remedy) => host.canMend(remedy),
        mend: (instance, remedy) => host.mend(instance, remedy),
        pendingOf: (id) => host.pending.of(id),
        figuresOf: (id) => this.figures.get(id) ?? null,
        vramSource: () => host.system.stats.value?.vram_source ?? 'none',
        kinOf: (instance) => ({ place: this.kin.get(instance.id) ?? null, parent: this.parentOf(instance) }),
        edit: (row, key) => this.attempt(this.edit(row, key)),
        shift: (id, step) => this.attempt(this.shift(id, step)),
      },
      this.scroller,
    );
  }

  /** The parts that nobody needs before the table is there. */
  private async attachLate(): Promise<void> {
    const { RowDrag, RowPress, SelectionBar, bulkShare, runBulk } = await this.host.late();
    if (this.bar) return;
    const { host } = this;
    const parts: BulkParts = { ...host, openTrash: () => host.openTrash() };
    this.bar = new SelectionBar({
      share: (verb, instances) => bulkShare(parts, verb, instances),
      run: (verb, instances) => void runBulk(parts, verb, instances),
      clear: () => {
        this.table.selection.clear();
        this.table.focusActive();
      },
    });
    this.element.append(this.bar.element);
    const dragHost = this.table.dragHost(await this.rowMoving());
    const select = (id: number): void => this.table.selection.pick(id, false);
    this.resources.add(new RowDrag(dragHost));
    this.resources.add(new RowPress({ body: dragHost.body, select }));
    this.showSelection();
  }

  private async edit(row: Row, key: SettingKey): Promise<void> {
    const { RowEditing } = await this.host.late();
    new RowEditing(this.host).edit(row, key);
  }

  private async shift(id: number, step: 1 | -1): Promise<void> {
    (await this.rowMoving()).shift(id, step);
  }

  private async rowMoving(): Promise<RowMoving> {
    const { RowMoving } = await this.host.late();
    const { host } = this;
    this.moving ??= new RowMoving({
      order: host.order,
      notices: host.notices,
      nameOf: (id) => host.store.get(id)?.name ?? '',
      shown: () => this.table.order,
      announce: (text) => setText(this.announcer, text),
    });
    return this.moving;
  }

  private parentOf({ parent_instance_id: id }: Instance): Instance | null {
    return id === null ? null : this.host.store.get(id);
  }

  private attempt(work: Promise<void>): void {
    work.catch((error: unknown) => reportFailure(this.host.notices, error));
  }

  private listen(): void {
    const { host, resources } = this;
    resources.add(host.store.on((change) => this.onChange(change)));
    resources.add(host.order.on(() => this.showAll()));
    resources.add(host.pending.on(() => this.table.showSettings()));
    // What rows say of their blueprint.
    resources.add(host.blueprints.catalogue.on(() => this.table.showKin()));
    resources.add(host.system.stats.watch((stats) => this.showFigures(stats)));
    resources.add(this.table.selection.state.on(() => this.showSelection()));
    resources.add(
      host.density.isCompact.watch((isCompact) => {
        this.element.classList.toggle('is-compact', isCompact);
        this.table.remeasure();
      }),
    );
    resources.add(listen(this.element, 'keydown', (event) => this.key(event)));
    const timer = window.setTimeout(() => (this.skeleton.hidden = host.store.hasLoaded), SKELETON_AFTER_MS);
    resources.defer(() => window.clearTimeout(timer));
  }

  private onChange(change: InstanceChange): void {
    if (change.kind === 'updated' && !this.needsPlacing(change.instance)) {
      this.table.update(change.instance);
      // Its satellites say its name.
      if (this.kin.size > 0) this.table.showKin();
      this.showCounts();
      if (this.table.selection.has(change.instance.id)) this.showSelection();
      return;
    }
    if (change.kind === 'reset' || change.kind === 'removed') this.showAll();
    else this.placeSoon();
  }

  /** A new order comes as many events; it is shown once. */
  private placeSoon(): void {
    if (this.isPlacing) return;
    this.isPlacing = true;
    window.setTimeout(() => this.isPlacing && this.showAll(), PLACE_WITHIN_MS);
  }

  /** Whether a change can make a row come, go or move. */
  private needsPlacing(instance: Instance): boolean {
    const place = this.placed.get(instance.id);
    const isShown = place !== undefined;
    return isShown !== this.matches(instance) || (isShown && place !== instance.position);
  }

  private showAll(): void {
    this.isPlacing = false;
    const { store, order } = this.host;
    const shown = order.rows().filter((instance) => this.matches(instance));
    this.placed = new Map(shown.map(({ id, position }) => [id, position]));
    this.kin = kinships(shown);
    this.table.show(shown);
    this.table.prune((id) => store.get(id) !== null);
    const isEmpty = store.hasLoaded && store.size === 0;
    if (store.hasLoaded) this.skeleton.hidden = true;
    this.host.welcome.show(isEmpty);
    this.table.element.hidden = store.size === 0;
    this.nothing.hidden = shown.length > 0 || store.size === 0;
    const query = this.head.query.slice(0, 80);
    setText(this.nothing, `No instance matches “${query}”. Press Esc in the filter to see all of them.`);
    this.showCounts();
    this.showSelection();
  }

  private showCounts(): void {
    const { store } = this.host;
    this.head.showCounts(store.hasLoaded ? countStatuses(store.values()) : null, this.placed.size);
  }

  private showSelection(): void {
    const { ids } = this.table.selection;
    const instances = [...ids].flatMap((id) => this.host.store.get(id) ?? []);
    const hidden = instances.filter(({ id }) => !this.placed.has(id)).length;
    this.bar?.show(instances, hidden);
    if (!this.bar && instances.length > 0) this.attempt(this.attachLate());
    this.element.classList.toggle('has-selection', instances.length > 0);
  }

  private showFigures(stats: SystemStats | null): void {
    this.figures = new Map((stats?.instances ?? []).map((figures) => [figures.id, figures]));
    this.table.showFigures();
  }

  private matches(instance: Instance): boolean {
    const label = this.host.blueprints.label(instance.base_blueprint);
    return matchesFilter(instance, label, this.head.query, this.parentOf(instance)?.name);
  }

  /** Ctrl+S anywhere in the instances. */
  private key(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's' || event.altKey) return;
    event.preventDefault();
    // What is being typed in a cell counts.
    if (document.activeElement instanceof HTMLElement && document.activeElement.matches('.cell-editor'))
      document.activeElement.blur();
    if (this.host.pending.count > 0) this.host.reviewChanges();
  }
}
