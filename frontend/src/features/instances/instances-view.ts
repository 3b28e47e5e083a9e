import type { Instance, Remedy } from '../../../../src/contracts/instance.js';
import type { Action } from '../../actions/action.js';
import type { ActionRegistry } from '../../actions/registry.js';
import { h, setText } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { countStatuses, describeCounts } from '../../domain/status.js';
import type { BlueprintStore } from '../../state/blueprints.js';
import type { InstanceChange, InstanceStore } from '../../state/instances.js';
import { button } from '../../ui/button.js';
import { InstanceTable } from './table.js';

export interface InstancesHost {
  registry: ActionRegistry;
  store: InstanceStore;
  blueprints: BlueprintStore;
  /** What is shown while there are no instances. */
  welcome: HTMLElement;
  run(action: Action<Instance>, instance: Instance): void;
  runGlobal(id: string): void;
  canMend(remedy: Remedy): boolean;
  mend(instance: Instance, remedy: Remedy): void;
}

const SKELETON_AFTER_MS = 150;

/** The instances: how many, a filter, the table, and a welcome where there are none. */
export class InstancesView implements Disposable {
  readonly table: InstanceTable;
  private readonly resources = new DisposableStore();
  private readonly count = h('p', { class: 'instances-count', role: 'status', 'data-testid': 'count' });
  private readonly filter = h('input', {
    type: 'search',
    class: 'input instances-filter',
    placeholder: 'Filter',
    'aria-label': 'Filter instances',
    'aria-keyshortcuts': '/',
    'data-testid': 'filter',
    oninput: () => this.showAll(),
    onkeydown: (event) => this.filterKey(event),
  });
  private readonly nothing = h('p', { class: 'instances-nothing', hidden: true, 'data-testid': 'no-match' });
  private readonly skeleton = skeleton();
  readonly element: HTMLElement;

  constructor(private readonly host: InstancesHost) {
    this.table = new InstanceTable({
      registry: host.registry,
      run: (action, instance) => host.run(action, instance),
      blueprintLabel: (filename) => host.blueprints.label(filename),
      canMend: (remedy) => host.canMend(remedy),
      mend: (instance, remedy) => host.mend(instance, remedy),
    });
    this.element = this.build();
    this.resources.add(this.table);
    this.resources.add(host.store.on((change) => this.onChange(change)));
    this.resources.add(host.blueprints.catalogue.on(() => this.relabel()));
    const timer = window.setTimeout(() => (this.skeleton.hidden = host.store.hasLoaded), SKELETON_AFTER_MS);
    this.resources.defer(() => window.clearTimeout(timer));
    this.showAll();
  }

  dispose(): void {
    this.resources.dispose();
  }

  focusFilter(): void {
    this.filter.focus();
    this.filter.select();
  }

  /** A place for buttons of the window. */
  addToHead(element: HTMLElement): void {
    this.element.querySelector('.instances-head')?.append(element);
  }

  /** The row that had the focus last, else the filter. */
  focus(): void {
    if (this.table.active) this.table.focusActive();
    else this.filter.focus();
  }

  /** Shows an instance's row even when the filter would hide it. */
  reveal(id: number): void {
    const instance = this.host.store.get(id);
    if (!instance) return;
    if (!this.matches(instance)) {
      this.filter.value = '';
      this.showAll();
    }
    this.table.focus(id);
  }

  private build(): HTMLElement {
    const { host } = this;
    return h(
      'section',
      { class: 'instances', 'aria-label': 'Instances' },
      h(
        'header',
        { class: 'instances-head' },
        h('h1', null, 'Instances'),
        this.count,
        h('div', { class: 'instances-search' }, this.filter, h('kbd', { 'aria-hidden': 'true' }, '/')),
        button({
          label: 'New instance',
          icon: 'plus',
          kind: 'primary',
          testId: 'new-instance',
          onClick: () => host.runGlobal('instance.new'),
        }),
      ),
      h('div', { class: 'instances-scroll' }, this.table.element, this.skeleton, this.nothing, host.welcome),
    );
  }

  private onChange(change: InstanceChange): void {
    if (change.kind === 'updated' && !this.needsPlacing(change.instance)) {
      this.table.update(change.instance);
      this.showCount();
      return;
    }
    this.showAll();
  }

  /** Whether a change can make a row come, go or move. */
  private needsPlacing(instance: Instance): boolean {
    const place = this.placed.get(instance.id);
    const isShown = place !== undefined;
    return isShown !== this.matches(instance) || (isShown && place !== instance.position);
  }

  private placed = new Map<number, number>();

  private showAll(): void {
    const { store } = this.host;
    const shown = store.sorted().filter((instance) => this.matches(instance));
    this.placed = new Map(shown.map(({ id, position }) => [id, position]));
    this.table.show(shown);
    this.table.prune((id) => store.get(id) !== null);
    const isEmpty = store.hasLoaded && store.size === 0;
    if (store.hasLoaded) this.skeleton.hidden = true;
    this.host.welcome.hidden = !isEmpty;
    this.table.element.hidden = store.size === 0;
    this.nothing.hidden = shown.length > 0 || store.size === 0;
    setText(
      this.nothing,
      `No instance matches “${this.filter.value}”. Press Esc in the filter to see all of them.`,
    );
    this.showCount();
  }

  private showCount(): void {
    const { store } = this.host;
    setText(this.count, store.hasLoaded ? describeCounts(countStatuses(store.values())) : '');
  }

  private relabel(): void {
    for (const instance of this.host.store.values()) this.table.update(instance);
  }

  private matches(instance: Instance): boolean {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const label = this.host.blueprints.label(instance.base_blueprint);
    const text = `${instance.name} ${label} ${instance.status}`.toLowerCase();
    // A port counts as a whole: the digits of a name would be found in every third one.
    const isPort = (word: string) => Number(word) === (instance.public_port ?? instance.port);
    return words.every((word) => text.includes(word) || isPort(word));
  }

  private filterKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.filter.value = '';
      this.showAll();
      this.table.focusActive();
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      this.table.focusActive();
    }
  }
}

function skeleton(): HTMLElement {
  const lines = Array.from({ length: 6 }, () => h('div', { class: 'skeleton-line' }));
  return h('div', { class: 'skeleton', hidden: true, 'aria-hidden': 'true' }, ...lines);
}
