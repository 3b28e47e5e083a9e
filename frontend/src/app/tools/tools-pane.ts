import type { Instance } from '../../../../src/contracts/instance.js';
import { h, replaceChildren, setAttribute, setText } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { statusLook } from '../../domain/status.js';
import { workOf } from '../../domain/work.js';
import { button } from '../../ui/button.js';
import { icon, setIcon } from '../../ui/icon.js';
import { ProgressLine } from '../../ui/progress-line.js';
import type { ToolView } from '../../ui/tool-view.js';
import { backButton } from '../layout/fill.js';
import { missingTool } from './missing-tool.js';
import { TOOLS } from './tool-catalogue.js';
import type { Tool, ToolId } from './tool-catalogue.js';
import { ToolTabs } from './tool-tabs.js';

export interface ToolsHost {
  /** The button that fills the window with this pane. */
  fill: HTMLElement;
  open(tool: Tool): ToolView<Instance> | Promise<ToolView<Instance>>;
  /** A tab was chosen here. */
  onChosen(tool: ToolId): void;
  onFailure(error: unknown): void;
  onEscape(): void;
  onClose(): void;
}

/** The tools of one instance, each under a tab. What a tab holds stays in the page while another one is chosen. */
export class ToolsPane implements Disposable {
  private readonly symbol = icon('status-stopped');
  private readonly name = h('h2', { 'data-testid': 'tools-name' });
  private readonly status = h(
    'span',
    { class: 'status-badge', 'data-testid': 'tools-status' },
    this.symbol,
    h('span', null),
  );
  private readonly phase = h('span', { class: 'tools-phase', 'data-testid': 'tools-phase' });
  private readonly progress = new ProgressLine();
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
  /** What stands in the place of a tool whose code did not come. */
  private missing: HTMLElement | null = null;
  readonly element: HTMLElement;

  constructor(private readonly host: ToolsHost) {
    this.element = h(
      'section',
      { class: 'pane tools', 'aria-label': 'Tools', 'data-testid': 'tools' },
      h(
        'header',
        { class: 'pane-head tools-head' },
        backButton('tools-back', () => host.onClose()),
        h('div', { class: 'pane-title tools-title' }, this.name, this.status),
        this.tabs.element,
        this.phase,
        this.toolbar,
        h(
          'div',
          { class: 'pane-window tools-window' },
          host.fill,
          button({
            label: 'Close tools (Esc)',
            icon: 'close',
            isIconOnly: true,
            kind: 'quiet',
            testId: 'tools-close',
            onClick: () => host.onClose(),
          }),
        ),
        this.progress.element,
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
    // What did not come is asked for again when somebody wants it, and not with every news of the instance.
    if (before === tool.id && this.missing) return;
    if (before !== tool.id) {
      this.forgetMissing();
      if (before !== null) this.views.get(before)?.hide?.();
      this.tabs.mark(tool.id);
      setAttribute(this.body, 'aria-labelledby', `tool-tab-${tool.id}`);
      replaceChildren(this.toolbar);
      for (const child of this.body.children) (child as HTMLElement).hidden = true;
    }
    const view = this.views.get(tool.id) ?? (await this.opened(tool));
    // Another tab may have been chosen while this one's code was on its way.
    if (view === null || this.current.tool !== tool.id) return;
    if (view.toolbar && view.toolbar.parentElement !== this.toolbar)
      replaceChildren(this.toolbar, view.toolbar);
    // Never taken out of the page: an embedded application would begin anew.
    if (view.element.parentElement !== this.body) this.body.append(view.element);
    view.element.hidden = false;
    view.show(this.current.instance);
  }

  /** Puts the focus into the tool that is shown. @returns false for a tool that does not take it */
  focusTool(): boolean {
    const view = this.view();
    view?.focus?.();
    return view?.focus !== undefined;
  }

  /** Puts the focus into the tool's search. @returns false for a tool that has none */
  focusSearch(): boolean {
    const view = this.view();
    view?.focusSearch?.();
    return view?.focusSearch !== undefined;
  }

  /** Puts the focus into the tool, or on its tab. */
  focus(): void {
    if (!this.focusTool()) this.tabs.focus();
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
      const { mark, count } = view;
      if (mark) this.resources.add(mark.watch((words) => this.tabs.setMark(tool.id, words)));
      if (count) this.resources.add(count.watch((number) => this.tabs.setCount(tool.id, number)));
      return view;
    } catch (error) {
      this.host.onFailure(error);
      if (this.current?.tool === tool.id) this.showMissing(tool, error);
      return null;
    }
  }

  private showMissing(tool: Tool, error: unknown): void {
    this.forgetMissing();
    this.missing = missingTool(error, () => {
      this.forgetMissing();
      if (this.current) void this.show(this.current.instance, tool);
    });
    this.body.append(this.missing);
  }

  private forgetMissing(): void {
    this.missing?.remove();
    this.missing = null;
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
    const work = workOf(instance);
    setText(this.phase, work?.phase ?? '');
    setAttribute(this.phase, 'data-tip', work?.phase ?? null);
    this.progress.update(work?.phase ?? '', work?.fraction ?? null);
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const view = this.view();
    const isInTool = event.target instanceof Node && this.body.contains(event.target);
    if (event.key === 'Escape') {
      if (isInTool && view?.keepsEscape === true) return;
      event.preventDefault();
      this.host.onEscape();
    } else if (isFind(event) && this.focusSearch()) event.preventDefault();
  }
}

/** Ctrl+F, as browsers and editors have it. */
export function isFind({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'f';
}
