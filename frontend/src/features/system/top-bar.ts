import type { Action } from '../../actions/action.js';
import { shortcutLabel } from '../../actions/action.js';
import { h, setAttribute } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import type { Observable } from '../../base/observable.js';
import type { EventStream } from '../../net/events.js';
import type { NoticeStore } from '../../state/notices.js';
import type { SystemStore } from '../../state/system.js';
import { button } from '../../ui/button.js';
import { icon, setIcon } from '../../ui/icon.js';
import { openMenu } from '../../ui/menu.js';
import type { MenuEntry } from '../../ui/menu.js';
import { ConnectionBadge } from './connection-badge.js';
import { ConnectionBanner } from './connection-banner.js';
import { Meters } from './meters.js';
import { NoticeBell } from './notice-bell.js';
import { THEMES } from './theme.js';
import type { Theme, ThemeChoice } from './theme.js';

export interface TopBarHost {
  system: SystemStore;
  events: EventStream;
  theme: ThemeChoice;
  monitoring: Action;
  isMonitoringOpen: Observable<boolean>;
  openMonitoring(): void;
  notices: NoticeStore;
  /** Says what long work is under way. */
  work: HTMLElement;
  /** The entries of the menu, in order. */
  menuActions: readonly Action[];
  run(action: Action): void;
  openPalette(): void;
  openNotices(): void;
}

const THEME_ICONS = { system: 'screen', light: 'sun', dark: 'moon' } as const;
const THEME_LABELS: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };

/** The bar over everything: mark, command search, figures, connection, theme and menu. */
export class TopBar implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly theme = button({
    label: 'Theme',
    icon: 'screen',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'theme',
    attributes: { 'aria-haspopup': 'menu' },
    onClick: () => this.openThemes(),
  });
  private readonly monitoring = button({
    label: 'Machine monitoring (M)',
    icon: 'chart',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'monitoring',
    onClick: () => this.host.run(this.host.monitoring),
  });
  private readonly menu = button({
    label: 'Menu',
    icon: 'sliders',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'menu-button',
    attributes: { 'aria-haspopup': 'menu' },
    onClick: () => this.openMenu(),
  });
  readonly element: HTMLElement;
  readonly banner: HTMLElement;

  constructor(private readonly host: TopBarHost) {
    const meters = this.resources.add(new Meters(host.system, () => host.openMonitoring()));
    const connection = this.resources.add(new ConnectionBadge(host.events));
    const banner = this.resources.add(new ConnectionBanner(host.events));
    const bell = this.resources.add(new NoticeBell(host.notices, () => host.openNotices()));
    this.banner = banner.element;
    this.element = h(
      'header',
      { class: 'top-bar' },
      h('span', { class: 'mark', 'data-testid': 'mark' }, markIcon(), 'AiKore'),
      this.paletteButton(),
      meters.element,
      this.monitoring,
      host.work,
      connection.element,
      bell.element,
      this.theme,
      this.menu,
    );
    this.resources.add(
      host.isMonitoringOpen.watch((isOpen) => setAttribute(this.monitoring, 'aria-pressed', String(isOpen))),
    );
    this.resources.add(host.theme.theme.watch((theme) => this.showTheme(theme)));
  }

  dispose(): void {
    this.resources.dispose();
  }

  private paletteButton(): HTMLElement {
    return h(
      'button',
      {
        type: 'button',
        class: 'palette-button',
        'aria-keyshortcuts': 'Control+K',
        'data-testid': 'palette-button',
        onclick: () => this.host.openPalette(),
      },
      icon('search'),
      h('span', null, 'Search or command'),
      h('kbd', null, 'Ctrl K'),
    );
  }

  private showTheme(theme: Theme): void {
    const symbol = this.theme.querySelector('svg');
    if (symbol) setIcon(symbol, THEME_ICONS[theme]);
    setAttribute(this.theme, 'data-tip', `Theme: ${THEME_LABELS[theme].toLowerCase()}`);
  }

  private openThemes(): void {
    const present = this.host.theme.theme.value;
    const entries: MenuEntry[] = THEMES.map((theme) => ({
      label: THEME_LABELS[theme],
      icon: THEME_ICONS[theme],
      isChecked: theme === present,
      testId: `theme-${theme}`,
      run: () => this.host.theme.set(theme),
    }));
    openMenu(this.theme, 'Theme', entries);
  }

  private openMenu(): void {
    const entries: MenuEntry[] = this.host.menuActions.map((action) => ({
      label: action.label,
      ...(action.icon ? { icon: action.icon } : {}),
      ...(action.shortcut ? { shortcut: shortcutLabel(action.shortcut) } : {}),
      ...(action.isChecked ? { isChecked: action.isChecked() } : {}),
      disabledReason: action.disabledReason(),
      testId: `menu-${action.id}`,
      run: () => this.host.run(action),
    }));
    openMenu(this.menu, 'Menu', entries);
  }
}

function markIcon(): HTMLElement {
  return h('span', { class: 'mark-sign', 'aria-hidden': 'true' });
}
