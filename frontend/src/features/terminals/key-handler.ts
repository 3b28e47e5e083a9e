import { terminalCommand } from './terminal-keys.js';
import type { TerminalCommand } from './terminal-keys.js';
import type { TerminalSettings } from './terminal-settings.js';

/** Commands that are not about one session alone. */
export type DeckCommand = Extract<TerminalCommand, 'leave' | 'new' | 'previous' | 'next'>;

export interface KeyHandlerHost {
  settings: TerminalSettings;
  copy(): void;
  find(): void;
  onCommand(command: DeckCommand): void;
}

/** For xterm.js: runs what a key does to the terminal itself. @returns a function that says whether a key is the program's */
export function keyHandler(host: KeyHandlerHost): (event: KeyboardEvent) => boolean {
  return (event) => {
    const command = terminalCommand(event);
    if (command === null) return true;
    // The browser's own paste brings the text along, so its key is left to it.
    if (command === 'paste') return false;
    if (event.type === 'keydown') {
      event.preventDefault();
      event.stopPropagation();
      run(command, host);
    }
    return false;
  };
}

function run(command: Exclude<TerminalCommand, 'paste'>, host: KeyHandlerHost): void {
  switch (command) {
    case 'copy':
      host.copy();
      break;
    case 'find':
      host.find();
      break;
    case 'bigger':
      host.settings.stepFont(1);
      break;
    case 'smaller':
      host.settings.stepFont(-1);
      break;
    case 'usual-size':
      host.settings.stepFont(0);
      break;
    default:
      host.onCommand(command);
  }
}
