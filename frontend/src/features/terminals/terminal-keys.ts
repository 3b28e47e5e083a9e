/** What keys do to the terminal itself; every other key is the program's. */
export type TerminalCommand =
  'copy' | 'paste' | 'find' | 'leave' | 'bigger' | 'smaller' | 'usual-size' | 'new' | 'previous' | 'next';

export type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>;

const WITH_CONTROL_AND_SHIFT: Record<string, TerminalCommand> = {
  c: 'copy',
  v: 'paste',
  f: 'find',
  escape: 'leave',
  enter: 'new',
  arrowleft: 'previous',
  arrowright: 'next',
  '+': 'bigger',
};

const WITH_CONTROL: Record<string, TerminalCommand> = {
  v: 'paste',
  insert: 'copy',
  '+': 'bigger',
  '=': 'bigger',
  '-': 'smaller',
  '0': 'usual-size',
  f6: 'leave',
};

const WITH_COMMAND: Record<string, TerminalCommand> = { c: 'copy', v: 'paste', f: 'find' };

/**
 * F6 alone stays with the program (htop and Midnight Commander use it); Ctrl+Shift+Esc opens the task manager on some
 * machines, where Ctrl+F6 is the way out.
 */
export function terminalCommand(event: Key): TerminalCommand | null {
  const key = event.key.toLowerCase();
  if (event.altKey) return null;
  if (event.metaKey && !event.ctrlKey) return WITH_COMMAND[key] ?? null;
  if (event.ctrlKey) return (event.shiftKey ? WITH_CONTROL_AND_SHIFT : WITH_CONTROL)[key] ?? null;
  return event.shiftKey && key === 'insert' ? 'paste' : null;
}

/** The list for people. */
export const TERMINAL_SHORTCUTS: readonly { keys: string; label: string }[] = [
  { keys: 'Ctrl Shift C', label: 'Copy the selection' },
  { keys: 'Ctrl V', label: 'Paste' },
  { keys: 'Ctrl Shift F', label: 'Find' },
  { keys: 'Ctrl Shift Enter', label: 'New terminal' },
  { keys: 'Ctrl Shift ← →', label: 'Previous, next terminal' },
  { keys: 'Ctrl + − 0', label: 'Larger, smaller, usual letters' },
  { keys: 'Ctrl Shift Esc', label: 'Leave the terminal with the keyboard (or Ctrl F6)' },
];
