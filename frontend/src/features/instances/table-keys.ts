import type { SettingKey } from '../../domain/settings.js';

export type TableCommand =
  | { kind: 'go'; by: number | 'first' | 'last' | 'page-up' | 'page-down'; isExtending: boolean }
  | { kind: 'shift'; step: 1 | -1 }
  | { kind: 'edit'; key: SettingKey }
  | { kind: 'toggle' | 'all' | 'clear' | 'disclose' | 'conceal' };

const GOES: Readonly<Record<string, Extract<TableCommand, { kind: 'go' }>['by']>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: 'first',
  End: 'last',
  PageUp: 'page-up',
  PageDown: 'page-down',
};

/** What a key means in the table, or null when it is not the table's. */
export function commandOf(event: KeyboardEvent): TableCommand | null {
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (!target || target.matches('input:not([type="checkbox"]), pre')) return null;
  const { key } = event;
  if (event.ctrlKey || event.metaKey)
    return key.toLowerCase() === 'a' && !event.altKey && !event.shiftKey ? { kind: 'all' } : null;
  if (event.altKey) return key === 'ArrowDown' ? down : key === 'ArrowUp' ? up : null;
  const by = GOES[key];
  if (by !== undefined) return { kind: 'go', by, isExtending: event.shiftKey };
  if (key === 'ArrowRight') return { kind: 'disclose' };
  if (key === 'ArrowLeft') return { kind: 'conceal' };
  if (key === 'Escape') return { kind: 'clear' };
  if (key === ' ' && target.matches('.row, .cell')) return { kind: 'toggle' };
  return editOf(key, target);
}

/** How many rows a command goes on. @param last index of the last row */
export function stepOf(by: Extract<TableCommand, { kind: 'go' }>['by'], last: number, page: number): number {
  const steps = { first: -last, last, 'page-up': -page, 'page-down': page };
  return typeof by === 'number' ? by : steps[by];
}

const down: TableCommand = { kind: 'shift', step: 1 };
const up: TableCommand = { kind: 'shift', step: -1 };

function editOf(key: string, target: HTMLElement): TableCommand | null {
  const field = target.dataset['field'] as SettingKey | undefined;
  if (field !== undefined && (key === 'Enter' || key === 'F2')) return { kind: 'edit', key: field };
  return key === 'F2' ? { kind: 'edit', key: 'name' } : null;
}

/** Whether a click selects a row. A finger has no Ctrl key: while rows are selected, its tap does. */
export function isSelecting(event: MouseEvent, hasSelection: boolean): boolean {
  const isTap = event instanceof PointerEvent && event.pointerType === 'touch';
  return event.shiftKey || event.ctrlKey || event.metaKey || (isTap && hasSelection);
}

/** The second press of a double click would mark the text that is about to be edited. */
export function keepUnselected(event: MouseEvent): void {
  const { target } = event;
  const isOnField = target instanceof Element && target.closest('[data-field]') !== null;
  if (event.detail > 1 && isOnField && !(target instanceof HTMLInputElement)) event.preventDefault();
}
