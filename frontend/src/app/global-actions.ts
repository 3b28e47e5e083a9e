import type { Action } from '../actions/action.js';
import { SECTIONS } from '../features/settings/section-names.js';
import type { SectionId } from '../features/settings/section-names.js';
import type { Services } from './services.js';

export interface GlobalActionHost {
  services: Services;
  openCreate(): void;
  /** Whether rows are low. */
  density: { isCompact: { value: boolean }; toggle(): void };
  reviewChanges(): void;
  openBlueprints(): void;
  openTasks(): void;
  openArchives(): void;
  openTrash(): void;
  openPassword(): void;
  openSettings(section: SectionId): void;
  openNotices(): void;
  openShortcuts(): void;
  openPalette(): void;
  openMachineTerminal(): void;
  focusFilter(): void;
  toggleMonitoring(): void;
  signOut(): Promise<void>;
}

const always = () => null;

/** What can be done without choosing an instance, in the order of the menu. */
export function globalActions(host: GlobalActionHost): Action[] {
  return [
    {
      id: 'instance.new',
      label: 'New instance…',
      icon: 'plus',
      shortcut: 'n',
      disabledReason: always,
      run: () => host.openCreate(),
    },
    {
      id: 'instances.filter',
      label: 'Filter instances',
      icon: 'search',
      shortcut: '/',
      disabledReason: always,
      run: () => host.focusFilter(),
    },
    {
      id: 'palette',
      label: 'Commands…',
      icon: 'chevron-right',
      shortcut: 'Ctrl+k',
      disabledReason: always,
      run: () => host.openPalette(),
    },
    {
      id: 'monitoring',
      label: 'Machine monitoring',
      icon: 'chart',
      shortcut: 'm',
      disabledReason: always,
      run: () => host.toggleMonitoring(),
    },
    {
      id: 'instances.compact',
      label: 'Compact rows',
      isChecked: () => host.density.isCompact.value,
      disabledReason: always,
      run: () => host.density.toggle(),
    },
    {
      id: 'instances.save',
      label: 'Save changes…',
      icon: 'check',
      disabledReason: () => (host.services.pending.count > 0 ? null : 'Nothing was changed.'),
      run: () => host.reviewChanges(),
    },
    {
      id: 'settings',
      label: 'Settings…',
      icon: 'gear',
      shortcut: ',',
      disabledReason: always,
      run: () => host.openSettings('password'),
    },
    {
      id: 'notices',
      label: 'Messages',
      icon: 'bell',
      disabledReason: always,
      run: () => host.openNotices(),
    },
    {
      id: 'blueprints',
      label: 'Blueprints…',
      icon: 'box',
      shortcut: 'b',
      disabledReason: always,
      run: () => host.openBlueprints(),
    },
    {
      id: 'machine-terminal',
      label: 'Machine terminal',
      icon: 'terminal',
      disabledReason: () => adminReason(host.services),
      run: () => host.openMachineTerminal(),
    },
    {
      id: 'archives',
      label: 'Archives…',
      icon: 'archive',
      disabledReason: always,
      run: () => host.openArchives(),
    },
    { id: 'tasks', label: 'Tasks…', icon: 'clock', disabledReason: always, run: () => host.openTasks() },
    { id: 'trash', label: 'Trash…', icon: 'trash', disabledReason: always, run: () => host.openTrash() },
    {
      id: 'shortcuts',
      label: 'Keyboard shortcuts',
      icon: 'keyboard',
      shortcut: '?',
      disabledReason: always,
      run: () => host.openShortcuts(),
    },
    { id: 'api-docs', label: 'API documentation', icon: 'book', disabledReason: always, run: openDocs },
    {
      id: 'password',
      label: 'Password…',
      icon: 'key',
      disabledReason: always,
      run: () => host.openPassword(),
    },
    {
      id: 'sign-out',
      label: 'Sign out',
      icon: 'exit',
      disabledReason: () => signOutReason(host.services),
      run: () => host.signOut(),
    },
    ...themeActions(host.services),
    ...settingsActions(host),
  ];
}

/** Each page of the settings by its name, for the palette. */
function settingsActions(host: GlobalActionHost): Action[] {
  return SECTIONS.filter(({ id }) => id !== 'password').map(({ id, label, icon }) => ({
    id: `settings.${id}`,
    label: `Settings: ${label}`,
    icon,
    disabledReason: always,
    run: () => host.openSettings(id),
  }));
}

function themeActions({ theme }: Services): Action[] {
  const choices = [
    ['system', 'Theme as the system', 'screen'],
    ['light', 'Light theme', 'sun'],
    ['dark', 'Dark theme', 'moon'],
  ] as const;
  return choices.map(([value, label, icon]) => ({
    id: `theme.${value}`,
    label,
    icon,
    disabledReason: () => (theme.theme.value === value ? `The theme is ${value} already.` : null),
    run: () => theme.set(value),
  }));
}

/** Those of the top bar's menu. */
export const MENU_ACTION_IDS = [
  'settings',
  'instances.compact',
  'blueprints',
  'machine-terminal',
  'tasks',
  'archives',
  'trash',
  'shortcuts',
  'api-docs',
  'password',
  'sign-out',
] as const;

function openDocs(): void {
  window.open('/api/docs', '_blank', 'noopener');
}

function signOutReason(services: Services): string | null {
  return services.session.session ? null : 'You are not signed in.';
}

function adminReason(services: Services): string | null {
  return services.session.session?.scopes.includes('admin') ? null : 'Only administrators may use it.';
}
