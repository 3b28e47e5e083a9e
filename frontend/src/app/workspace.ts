import type { Instance } from '../../../src/contracts/instance.js';
import { h } from '../base/dom.js';
import { DisposableStore, listen } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { Observable } from '../base/observable.js';
import type { InstancesView } from '../features/instances/instances-view.js';
import { reportFailure } from '../state/report-error.js';
import { clearAddress, onAddress, readAddress, writeAddress } from './layout/address.js';
import type { Address } from './layout/address.js';
import { Fill } from './layout/fill.js';
import { installFocusCycle } from './layout/focus-cycle.js';
import type { FocusStop } from './layout/focus-cycle.js';
import { LowerPart } from './layout/lower-part.js';
import { MonitorSlot } from './layout/monitor-slot.js';
import { hasSheets, isNarrow } from './layout/small-window.js';
import type { Services } from './services.js';
import { toolNamed } from './tools/tool-catalogue.js';
import type { Tool, ToolId } from './tools/tool-catalogue.js';
import { ToolsPane, isFind } from './tools/tools-pane.js';

/**
 * The instances above; below them the tools of one of them and the machine's monitoring. Each can fill the window. The
 * address remembers whose tools are open.
 */
export class Workspace implements Disposable {
  readonly element: HTMLElement;
  readonly monitor: MonitorSlot;
  /** The instance that the operator looks at, for what follows the choice. */
  readonly chosen = new Observable<Instance | null>(null);
  private readonly resources = new DisposableStore();
  private readonly fill: Fill;
  private readonly lower: LowerPart;
  private open: { instance: Instance; tool: Tool; pane: ToolsPane; parts: DisposableStore } | null = null;
  /** The row from which the tools were opened gets the focus back. */
  private openedFrom: number | null = null;

  constructor(
    private readonly services: Services,
    private readonly view: InstancesView,
  ) {
    this.element = h('main', { class: 'workspace' }, view.element);
    this.fill = this.resources.add(new Fill(this.element));
    this.lower = this.resources.add(new LowerPart(this.element));
    this.monitor = this.resources.add(
      new MonitorSlot({
        services,
        lower: this.lower,
        fill: this.fill,
        chosen: this.chosen,
        reveal: (id) => view.reveal(id),
        focusBack: () => view.table.focusActive(),
      }),
    );
    view.addToHead(this.fill.button('instances'));
    this.resources.add(services.instances.on(() => this.refresh()));
    this.resources.add(view.table.chosen.on((instance) => this.follow(instance)));
    this.resources.add(onAddress((address) => this.goTo(address)));
    this.resources.add(installFocusCycle(() => this.focusStops()));
    this.resources.add(listen(view.element, 'keydown', (event) => this.key(event)));
    this.resources.defer(() => this.closeTools());
  }

  dispose(): void {
    this.resources.dispose();
  }

  /**
   * Opens a tool of an instance, in front of what is there. What is typed into gets the focus; what is read leaves it with
   * the row, unless it covers the rows.
   */
  showTools(instance: Instance, toolId: ToolId): void {
    const shown = this.show(instance, toolId);
    this.lower.bringToFront('tools');
    if (this.fill.pane.value !== 'tools') this.fill.pane.set(null);
    this.view.table.keepInSight(instance.id);
    if (this.open?.tool.isTypedInto !== true && !hasSheets()) return;
    // At once, for what is typed while its code is on its way must not act on the row.
    this.open?.pane.focus();
    void shown?.then(() => this.open?.pane.focus());
  }

  /** Opens what the address names and what was open, as after a reload. */
  restore(): void {
    this.goTo(readAddress());
    if (!isNarrow()) this.monitor.restore();
  }

  private show(instance: Instance, toolId: ToolId): Promise<void> | null {
    const tool = toolNamed(toolId);
    if (!tool) return null;
    this.openedFrom = instance.id;
    const wasClosed = this.open === null;
    this.open ??= this.openPane(instance, tool);
    this.open.instance = instance;
    this.open.tool = tool;
    this.chosen.set(instance);
    writeAddress({ tool: tool.id, id: instance.id }, hasSheets());
    if (wasClosed && !isNarrow()) this.monitor.accompany();
    return this.open.pane.show(instance, tool);
  }

  /** Somebody clicked on a row: open tools are of that one from now on. */
  private follow(instance: Instance): void {
    this.chosen.set(instance);
    if (!this.open) return;
    void this.show(instance, this.open.tool.id);
    this.view.table.keepInSight(instance.id);
  }

  private goTo(address: Address | null): void {
    const instance = address && this.services.instances.get(address.id);
    const tool = address && toolNamed(address.tool);
    if (instance && tool) void this.show(instance, tool.id);
    else if (!address) this.closeTools();
  }

  private closeTools(): void {
    if (!this.open) return;
    const hadFocus = this.open.pane.element.contains(document.activeElement);
    this.fill.leave('tools');
    this.open.parts.dispose();
    this.open = null;
    this.monitor.leave();
    clearAddress();
    if (hadFocus && this.openedFrom !== null) this.view.table.focus(this.openedFrom);
  }

  private openPane(instance: Instance, tool: Tool): NonNullable<typeof this.open> {
    const parts = new DisposableStore();
    const pane = parts.add(
      new ToolsPane({
        fill: this.fill.button('tools'),
        open: (chosen) => chosen.open(this.services),
        onChosen: (id) => this.open && void this.show(this.open.instance, id),
        onFailure: (error) => reportFailure(this.services.notices, error),
        onEscape: () => this.fill.leave('tools') || this.closeTools(),
        onClose: () => this.closeTools(),
      }),
    );
    this.lower.open('tools', pane.element);
    parts.defer(() => this.lower.close('tools'));
    return { instance, tool, pane, parts };
  }

  private refresh(): void {
    const chosen = this.chosen.value && this.services.instances.get(this.chosen.value.id);
    this.chosen.set(chosen ?? null);
    if (!this.open) return;
    const { instance, tool, pane } = this.open;
    const present = this.services.instances.get(instance.id);
    if (!present) this.closeTools();
    else if (present !== instance) {
      this.open.instance = present;
      void pane.show(present, tool);
    }
  }

  /** A log that was opened with a key leaves the focus with the row, and is what one wants to find something in. */
  private key(event: KeyboardEvent): void {
    if (isFind(event) && this.open?.pane.focusSearch() === true) event.preventDefault();
  }

  private focusStops(): FocusStop[] {
    const filling = this.fill.pane.value;
    const { view, open, monitor } = this;
    const stops: (FocusStop & { name: string })[] = [
      { name: 'instances', element: view.element, focus: () => view.focus() },
    ];
    if (open) stops.push({ name: 'tools', element: open.pane.element, focus: () => open.pane.focus() });
    const { pane } = monitor;
    if (pane) stops.push({ name: 'monitor', element: pane.element, focus: () => pane.focus() });
    return stops.filter(({ name, element }) =>
      filling === null ? getComputedStyle(element).visibility !== 'hidden' : name === filling,
    );
  }
}
