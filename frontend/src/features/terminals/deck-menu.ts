import { h } from '../../base/dom.js';
import { openMenu } from '../../ui/menu.js';
import type { MenuEntry } from '../../ui/menu.js';
import type { SessionView } from './session-view.js';
import type { TerminalSettings } from './terminal-settings.js';

export interface DeckMenuHost {
  view: SessionView | null;
  settings: TerminalSettings;
  openNew(): void;
  close(): void;
}

/** What can be done with a terminal, below a button or where a right click was. */
export function openDeckMenu(
  at: HTMLElement | { x: number; y: number },
  container: HTMLElement,
  host: DeckMenuHost,
): void {
  const anchor = at instanceof HTMLElement ? at : pointAnchor(at, container, host.view);
  openMenu(anchor, 'Terminal', entries(host));
}

/** A menu hangs on an element and gives the focus back to it; this one passes it on to the terminal and goes. */
function pointAnchor(
  { x, y }: { x: number; y: number },
  container: HTMLElement,
  view: SessionView | null,
): HTMLElement {
  const anchor = h('span', {
    class: 'terminal-point',
    tabindex: -1,
    onfocus: () => {
      anchor.remove();
      view?.focus();
    },
  });
  for (const old of container.querySelectorAll('.terminal-point')) old.remove();
  anchor.style.left = `${String(x)}px`;
  anchor.style.top = `${String(y)}px`;
  container.append(anchor);
  return anchor;
}

function entries(host: DeckMenuHost): MenuEntry[] {
  const { view, settings } = host;
  const isOver = view?.isEnded === true;
  return [
    {
      label: 'Copy',
      icon: 'copy',
      shortcut: 'Ctrl Shift C',
      disabledReason: view?.hasSelection === true ? null : 'Nothing is selected.',
      testId: 'terminal-menu-copy',
      run: () => void view?.copy(),
    },
    {
      label: 'Paste',
      shortcut: 'Ctrl V',
      disabledReason: isOver ? 'The shell has ended.' : null,
      testId: 'terminal-menu-paste',
      run: () => void view?.paste(),
    },
    { label: 'Select all', testId: 'terminal-menu-select-all', run: () => view?.selectAll() },
    {
      label: 'Find…',
      icon: 'search',
      shortcut: 'Ctrl Shift F',
      testId: 'terminal-menu-find',
      run: () => view?.openSearch(),
    },
    'separator',
    { label: 'Larger letters', shortcut: 'Ctrl +', run: () => settings.stepFont(1) },
    { label: 'Smaller letters', shortcut: 'Ctrl −', run: () => settings.stepFont(-1) },
    {
      label: 'For screen readers',
      isChecked: settings.isForScreenReader.value,
      testId: 'terminal-menu-screen-reader',
      run: () => settings.toggleScreenReader(),
    },
    'separator',
    { label: 'New terminal', icon: 'plus', shortcut: 'Ctrl Shift Enter', run: () => host.openNew() },
    { label: 'Close terminal', icon: 'close', testId: 'terminal-menu-close', run: () => host.close() },
  ];
}
