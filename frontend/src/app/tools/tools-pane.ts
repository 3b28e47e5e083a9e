import type { Instance } from '../../../../src/contracts/instance.js';
import { h, replaceChildren, setAttribute, setText } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { statusLook } from '../../domain/status.js';
import { button } from '../../ui/button.js';
import { icon, setIcon } from '../../ui/icon.js';
import type { ToolView } from '../../ui/tool-view.js';
import { TOOLS } from './tool-catalogue.js';
import type { Tool, ToolId } from './tool-catalogue.js';
import { ToolTabs } from './tool-tabs.js';

export interface ToolsHost {
  open(tool: Tool): ToolView<Instance> | Promise<ToolView<Instance>>;
  /** A tab was chosen here. */
  onChosen(tool: ToolId): void;
  onFailure(error: unknown): void;
  onClose(): void;
}

/** The lower part of the window: the tools of one instance, each under a tab. It can fill the window. */
export class ToolsPane implements Disposable {
  private readonly symbol = icon('status-stopped');
  private readonly name = h('h2', { 'data-testid': 'tools-name' });
  private readonly status = h(
    'span',
    { class: 'status-badge', 'data-testid': 'tools-status' },
    this.symbol,
    h('span', null),
  );
  private readonly fill = button({
    label: 'Fill the window',
    icon: 'expand',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'tools-fill',
    onClick: () => this.setFilling(!this.isFilling),
  });
  private readonly tabs = new ToolTabs(TOOLS, (id) => this.chosen(id));
  private readonly toolbar = h('div', { class: 'tools-toolbar' });
  private readonly body = h('div', {
    class: 'tools-body',
    role: 'tabpanel',
    id: 'tool-panel',
    'data-testid': 'tool-panel',
  });
  private readonly resources = new DisposableStore();
  private readonly views = new Map<ToolId, ToolView<Instance>>();
  private current: { tool: ToolId; instance: Instance } | null = null;
  private isFilling = false;
  readonly element: HTMLElement;

  constructor(private readonly host: ToolsHost) {
    this.element = h(
      'section',
      { class: 'tools', 'aria-label': 'Tools', 'data-testid': 'tools' },
      h(
        'header',
        { class: 'tools-head' },
        h('div', { class: 'tools-title' }, this.name, this.status),
        this.tabs.element,
        this.toolbar,
        h(
          'div',
          { class: 'tools-window' },
          this.fill,
          button({
            label: 'Close tools (Esc)',
            icon: 'close',
            isIconOnly: true,
            kind: 'quiet',
            testId: 'tools-close',
            onClick: () => host.onClose(),
          }),
        ),
      ),
      this.body,
    );
    this.resources.add(listen(this.element, 'keydown', (event) => this.key(event)));
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** Shows a tool of an instance; the same again brings what is said of the instance up to date. */
  async show(instance: Instance, tool: Tool): Promise<void> {
    this.showHead(instance);
    const before = this.current?.tool ?? null;
    this.current = { instance, tool: tool.id };
    if (before !== tool.id) {
      if (before !== null) this.views.get(before)?.hide?.();
      this.tabs.mark(tool.id);
      setAttribute(this.body, 'aria-labelledby', `tool-tab-${tool.id}`);
      replaceChildren(this.toolbar);
      replaceChildren(this.body);
    }
    const view = this.views.get(tool.id) ?? (await this.opened(tool));
    // Another tab may have been chosen while this one's code was on its way.
    if (view === null || this.current.tool !== tool.id) return;
    if (this.body.firstChild !== view.element) {
      replaceChildren(this.toolbar, view.toolbar);
      replaceChildren(this.body, view.element);
    }
    view.show(this.current.instance);
  }

  /** Puts the focus into the tool that is shown, or on its tab while it is on its way. */
  focusTool(): void {
    const view = this.view();
    if (view?.focus) view.focus();
    else this.tabs.focus();
  }

  private async opened(tool: Tool): Promise<ToolView<Instance> | null> {
    try {
      const view = await this.host.open(tool);
      const known = this.views.get(tool.id);
      if (known) {
        view.dispose();
        return known;
      }
      this.views.set(tool.id, this.resources.add(view));
      const { mark } = view;
      if (mark) this.resources.add(mark.watch((words) => this.tabs.setMark(tool.id, words)));
      return view;
    } catch (error) {
      this.host.onFailure(error);
      return null;
    }
  }

  private view(): ToolView<Instance> | null {
    return this.current ? (this.views.get(this.current.tool) ?? null) : null;
  }

  private chosen(id: ToolId): void {
    this.host.onChosen(id);
  }

  private showHead(instance: Instance): void {
    setText(this.name, instance.name);
    setAttribute(this.name, 'data-tip', instance.name);
    const look = statusLook(instance.status);
    setIcon(this.symbol, look.symbol);
    setAttribute(this.status, 'data-meaning', look.meaning);
    const word = this.status.lastElementChild;
    if (word) setText(word, instance.status);
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const view = this.view();
    const isInTool = event.target instanceof Node && this.body.contains(event.target);
    if (event.key === 'Escape') {
      if (isInTool && view?.keepsEscape === true) return;
      event.preventDefault();
      if (this.isFilling) this.setFilling(false);
      else this.host.onClose();
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f' && view?.focusSearch) {
      event.preventDefault();
      view.focusSearch();
    }
  }

  private setFilling(isFilling: boolean): void {
    this.isFilling = isFilling;
    this.element.classList.toggle('is-filling', isFilling);
    const symbol = this.fill.querySelector('svg');
    if (symbol) setIcon(symbol, isFilling ? 'shrink' : 'expand');
    const label = isFilling ? 'Back to its place' : 'Fill the window';
    setAttribute(this.fill, 'aria-label', label);
    setAttribute(this.fill, 'data-tip', label);
    setAttribute(this.fill, 'aria-pressed', String(isFilling));
  }
}
