import type { Action } from '../actions/action.js';
import type { Services } from './services.js';

export interface GlobalActionHost {
  services: Services;
  openCreate(): void;
  openBlueprints(): Promise<void>;
  openTrash(): void;
  openPassword(): void;
  openShortcuts(): void;
  openPalette(): void;
  focusFilter(): void;
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
      id: 'blueprints',
      label: 'Blueprints…',
      icon: 'box',
      shortcut: 'b',
      disabledReason: always,
      run: () => host.openBlueprints(),
    },
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
  ];
}

/** Those of the top bar's menu. */
export const MENU_ACTION_IDS = [
  'blueprints',
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
