import type { Instance } from '../../../src/contracts/instance.js';
import { h } from '../base/dom.js';
import { DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { readPreference, writePreference } from '../base/preferences.js';
import { LogPanel } from '../features/logs/log-panel.js';
import type { InstancesView } from '../features/instances/instances-view.js';
import { reportFailure } from '../state/report-error.js';
import { SplitDivider } from '../ui/split.js';
import type { Services } from './services.js';
import { ToolsPane } from './tools-pane.js';

const USUAL_SHARE = '0.42';

/** The instances above, the tools of one of them below, a divider between. The address remembers whose tools are open. */
export class Workspace implements Disposable {
  readonly element: HTMLElement;
  private readonly resources = new DisposableStore();
  private readonly divider: SplitDivider;
  private open: { instance: Instance; pane: ToolsPane; parts: DisposableStore } | null = null;
  /** The row from which the tools were opened gets the focus back. */
  private openedFrom: number | null = null;

  constructor(
    private readonly services: Services,
    private readonly view: InstancesView,
  ) {
    this.element = h('main', { class: 'workspace' }, view.element);
    this.divider = this.resources.add(
      new SplitDivider(this.element, {
        label: 'Height of the tools',
        share: Number(readPreference('tools.share') ?? USUAL_SHARE),
        onChange: (share) => writePreference('tools.share', share.toFixed(3)),
      }),
    );
    this.resources.add(services.instances.on(() => this.refresh()));
    this.resources.add(view.table.chosen.on((instance) => this.open && this.showTools(instance)));
    this.resources.defer(() => this.closeTools());
  }

  dispose(): void {
    this.resources.dispose();
  }

  showTools(instance: Instance): void {
    this.openedFrom = instance.id;
    this.open ??= this.openPane(instance);
    this.open.instance = instance;
    this.open.pane.show(instance);
    this.view.table.keepInSight(instance.id);
    setAddress(instance.id);
  }

  /** Opens the tools that the address names, as after a reload. */
  restore(): void {
    const instance = this.services.instances.get(addressedId() ?? -1);
    if (instance) this.showTools(instance);
  }

  private closeTools(): void {
    if (!this.open) return;
    const hadFocus = this.open.pane.element.contains(document.activeElement);
    this.open.parts.dispose();
    this.open = null;
    setAddress(null);
    if (hadFocus && this.openedFrom !== null) this.view.table.focus(this.openedFrom);
  }

  private openPane(instance: Instance): NonNullable<typeof this.open> {
    const { api, events, notices } = this.services;
    const parts = new DisposableStore();
    const log = parts.add(new LogPanel(api, events, (error) => reportFailure(notices, error)));
    const pane = parts.add(new ToolsPane({ onClose: () => this.closeTools() }, log));
    this.element.append(this.divider.element, pane.element);
    this.element.classList.add('has-tools');
    parts.defer(() => {
      this.divider.element.remove();
      pane.element.remove();
      this.element.classList.remove('has-tools');
    });
    return { instance, pane, parts };
  }

  private refresh(): void {
    if (!this.open) {
      return;
    }
    const { instance, pane } = this.open;
    const present = this.services.instances.get(instance.id);
    if (!present) this.closeTools();
    else if (present !== instance) {
      this.open.instance = present;
      pane.show(present);
    }
  }
}

/** `#log=7`, so that a reload and a bookmark come back to the same place. */
function setAddress(id: number | null): void {
  history.replaceState(null, '', id === null ? location.pathname : `#log=${String(id)}`);
}

function addressedId(): number | null {
  const match = /^#log=(\d+)$/.exec(location.hash);
  return match ? Number(match[1]) : null;
}
