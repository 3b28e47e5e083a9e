import type { Instance } from '../../../src/contracts/instance.js';
import { h } from '../base/dom.js';
import { DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { readPreference, writePreference } from '../base/preferences.js';
import type { InstancesView } from '../features/instances/instances-view.js';
import { reportFailure } from '../state/report-error.js';
import { SplitDivider } from '../ui/split.js';
import type { Services } from './services.js';
import { toolNamed } from './tools/tool-catalogue.js';
import type { Tool, ToolId } from './tools/tool-catalogue.js';
import { ToolsPane } from './tools/tools-pane.js';

const USUAL_SHARE = '0.42';

/** The instances above, the tools of one of them below, a divider between. The address remembers whose tools are open. */
export class Workspace implements Disposable {
  readonly element: HTMLElement;
  private readonly resources = new DisposableStore();
  private readonly divider: SplitDivider;
  private open: { instance: Instance; tool: Tool; pane: ToolsPane; parts: DisposableStore } | null = null;
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
    this.resources.add(
      view.table.chosen.on((instance) => this.open && this.showTools(instance, this.open.tool.id)),
    );
    this.resources.defer(() => this.closeTools());
  }

  dispose(): void {
    this.resources.dispose();
  }

  showTools(instance: Instance, toolId: ToolId, { takesFocus = false } = {}): void {
    const tool = toolNamed(toolId);
    if (!tool) return;
    this.openedFrom = instance.id;
    this.open ??= this.openPane(instance, tool);
    this.open.instance = instance;
    this.open.tool = tool;
    const { pane } = this.open;
    void pane.show(instance, tool).then(() => takesFocus && pane.focusTool());
    this.view.table.keepInSight(instance.id);
    setAddress(`#${tool.id}=${String(instance.id)}`);
  }

  /** Opens the tools that the address names, as after a reload. */
  restore(): void {
    const addressed = readAddress();
    const instance = addressed && this.services.instances.get(addressed.id);
    if (instance) this.showTools(instance, addressed.tool.id);
  }

  private closeTools(): void {
    if (!this.open) return;
    const hadFocus = this.open.pane.element.contains(document.activeElement);
    this.open.parts.dispose();
    this.open = null;
    setAddress(null);
    if (hadFocus && this.openedFrom !== null) this.view.table.focus(this.openedFrom);
  }

  private openPane(instance: Instance, tool: Tool): NonNullable<typeof this.open> {
    const parts = new DisposableStore();
    const pane = parts.add(
      new ToolsPane({
        open: (chosen) => chosen.open(this.services),
        onChosen: (id) => this.open && this.showTools(this.open.instance, id),
        onFailure: (error) => reportFailure(this.services.notices, error),
        onClose: () => this.closeTools(),
      }),
    );
    this.element.append(this.divider.element, pane.element);
    this.element.classList.add('has-tools');
    parts.defer(() => {
      this.divider.element.remove();
      pane.element.remove();
      this.element.classList.remove('has-tools');
    });
    return { instance, tool, pane, parts };
  }

  private refresh(): void {
    if (!this.open) {
      return;
    }
    const { instance, tool, pane } = this.open;
    const present = this.services.instances.get(instance.id);
    if (!present) this.closeTools();
    else if (present !== instance) {
      this.open.instance = present;
      void pane.show(present, tool);
    }
  }
}

/** `#log=7`, so that a reload and a bookmark come back to the same place. */
function setAddress(address: string | null): void {
  history.replaceState(null, '', address ?? location.pathname);
}

function readAddress(): { tool: Tool; id: number } | null {
  const match = /^#([a-z]+)=(\d+)$/.exec(location.hash);
  const tool = toolNamed(match?.[1] ?? '');
  return tool && match ? { tool, id: Number(match[2]) } : null;
}
