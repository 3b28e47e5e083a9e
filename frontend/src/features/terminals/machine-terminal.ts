import { DisposableStore } from '../../base/lifecycle.js';
import { openDialog } from '../../ui/dialog.js';
import { TerminalDeck } from './terminal-deck.js';
import { TerminalSettings } from './terminal-settings.js';
import { adoptTerminalStyles, onReconnect } from './terminal-tool.js';
import type { TerminalServices } from './terminal-tool.js';
import '../../ui/late-styles.js';

/** The shells of the machine itself, in a sheet as large as the window. */
export function openMachineTerminal({ api, events, notices }: TerminalServices): void {
  adoptTerminalStyles();
  const resources = new DisposableStore();
  const deck = resources.add(
    new TerminalDeck({
      place: 'system',
      owner: 'this machine',
      api,
      notices,
      settings: new TerminalSettings(),
    }),
  );
  resources.add(onReconnect(events, (lostAtMs) => deck.reconnected(lostAtMs)));
  const dialog = openDialog({
    title: 'Machine terminal',
    testId: 'machine-terminal',
    content: [deck.element],
    width: 'wide',
    onClose: () => resources.dispose(),
  });
  dialog.element.classList.add('is-terminal');
  // Esc is the program's while one types; the close button and Esc elsewhere in the sheet close it.
  dialog.element.addEventListener('cancel', (event) => deck.isTyping && event.preventDefault());
  deck.show();
  deck.focus();
}
