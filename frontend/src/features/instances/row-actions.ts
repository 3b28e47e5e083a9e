import type { Instance } from '../../../../src/contracts/instance.js';
import type { Action } from '../../actions/action.js';
import { shortcutLabel } from '../../actions/action.js';
import type { ActionRegistry } from '../../actions/registry.js';
import { h, safeHref, setAttribute } from '../../base/dom.js';
import { isActive } from '../../domain/status.js';
import { setDisabledReason } from '../../ui/button.js';
import { icon, setIcon } from '../../ui/icon.js';
import { openMenu } from '../../ui/menu.js';
import type { MenuEntry } from '../../ui/menu.js';

export interface RowActionsHost {
  registry: ActionRegistry;
  run(action: Action<Instance>, instance: Instance): void;
}

/** Ids behind which the menu draws a line. */
const BEFORE_LINE = new Set(['copy-address', 'details', 'export', 'rebuild'].map((id) => `instance.${id}`));

/**
 * The buttons of a row. Each keeps its place and its element for ever; what makes no sense now is invisible, so that nothing
 * jumps and the focus stays.
 */
export class RowActions {
  private readonly power = this.button('power', () => this.powerAction());
  private readonly restart = this.button('restart', () => this.host.registry.forInstance('instance.restart'));
  private readonly log = this.button('log', () => this.host.registry.forInstance('instance.log'));
  private readonly terminal = this.button('terminal', () =>
    this.host.registry.forInstance('instance.terminal'),
  );
  private readonly open = h(
    'a',
    {
      class: 'button is-quiet is-icon',
      target: '_blank',
      rel: 'noopener',
      'data-testid': 'action-open',
      tabindex: -1,
    },
    icon('open'),
  );
  private readonly menu = h(
    'button',
    {
      type: 'button',
      class: 'button is-quiet is-icon',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'data-testid': 'action-menu',
      tabindex: -1,
      onclick: () => this.openMenu(),
    },
    icon('more'),
  );
  readonly element = h(
    'div',
    { class: 'cell cell-actions', role: 'gridcell' },
    this.power,
    this.restart,
    this.open,
    this.log,
    this.terminal,
    this.menu,
  );

  constructor(
    private readonly host: RowActionsHost,
    private instance: Instance,
  ) {}

  update(instance: Instance): void {
    this.instance = instance;
    this.show(this.power, this.powerAction());
    this.show(this.restart, this.host.registry.forInstance('instance.restart'), true);
    this.show(this.log, this.host.registry.forInstance('instance.log'));
    this.show(this.terminal, this.host.registry.forInstance('instance.terminal'));
    const canOpen = this.host.registry.forInstance('instance.open').disabledReason(instance) === null;
    this.open.classList.toggle('is-absent', !canOpen);
    setAttribute(this.open, 'href', canOpen ? safeHref(instance.url) : null);
    setAttribute(this.open, 'aria-label', `Open ${instance.name} in a new tab`);
    setAttribute(this.open, 'data-tip', `Open in a new tab (O)`);
    setAttribute(this.menu, 'aria-label', `More for ${instance.name}`);
  }

  /** Only the row that has the focus offers its buttons to the Tab key. */
  setReachable(isReachable: boolean): void {
    for (const element of this.element.children) setAttribute(element, 'tabindex', isReachable ? 0 : -1);
  }

  private powerAction(): Action<Instance> {
    const { registry } = this.host;
    const isStoppable = isActive(this.instance.status) || this.instance.next_restart_at !== null;
    return registry.forInstance(isStoppable ? 'instance.stop' : 'instance.start');
  }

  private button(testId: string, action: () => Action<Instance>): HTMLButtonElement {
    return h(
      'button',
      {
        type: 'button',
        class: 'button is-quiet is-icon',
        'data-testid': `action-${testId}`,
        tabindex: -1,
        onclick: (event) => {
          // The second click of a double click would stop what the first one started.
          if (event.detail > 1) return;
          const chosen = action();
          if (chosen.disabledReason(this.instance) === null) this.host.run(chosen, this.instance);
        },
      },
      icon('play'),
    );
  }

  private show(element: HTMLElement, action: Action<Instance>, isHiddenWhenDisabled = false): void {
    const reason = action.disabledReason(this.instance);
    const symbol = element.querySelector('svg');
    if (symbol && action.icon) setIcon(symbol, action.icon);
    element.classList.toggle('is-absent', isHiddenWhenDisabled && reason !== null);
    setAttribute(element, 'aria-label', `${action.label} ${this.instance.name}`);
    setAttribute(element, 'data-action', action.id);
    setDisabledReason(element, reason, tipOf(action));
  }

  /** All actions, where a right click or the key for menus asked for them. */
  openMenuFor(event: MouseEvent): void {
    if (!isForRow(event)) return;
    event.preventDefault();
    this.openMenu(new DOMRect(event.clientX, event.clientY));
  }

  private openMenu(at: DOMRectReadOnly | null = null): void {
    const { instance } = this;
    const entries: MenuEntry[] = [];
    for (const action of this.host.registry.instanceActions()) {
      entries.push({
        label: action.label,
        ...(action.icon ? { icon: action.icon } : {}),
        ...(action.shortcut ? { shortcut: shortcutLabel(action.shortcut) } : {}),
        isDangerous: action.isDangerous === true,
        disabledReason: action.disabledReason(instance),
        testId: `menu-${action.id}`,
        run: () => this.host.run(action, this.instance),
      });
      if (BEFORE_LINE.has(action.id)) entries.push('separator');
    }
    openMenu(this.menu, `Actions for ${instance.name}`, entries, at);
  }
}

/** The browser’s own menu stays for links, for what is typed into, for marked text, and for who holds Shift. */
function isForRow(event: MouseEvent): boolean {
  const { target } = event;
  // A long press of a finger marks rows.
  if (event.shiftKey || (event instanceof PointerEvent && event.pointerType === 'touch')) return false;
  if (target instanceof Element && target.closest('a, input:not([type="checkbox"]), pre') !== null)
    return false;
  return document.getSelection()?.isCollapsed !== false;
}

function tipOf(action: Action<Instance>): string {
  return action.shortcut ? `${action.label} (${shortcutLabel(action.shortcut)})` : action.label;
}
