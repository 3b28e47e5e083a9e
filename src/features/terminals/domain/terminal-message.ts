import type { TerminalClientMessage } from '../../../contracts/terminal.js';

/** A screen's measure, in cells. */
export interface ScreenSize {
  cols: number;
  rows: number;
}

export const USUAL_SIZE: ScreenSize = { cols: 80, rows: 24 };

/** Nobody has a screen of more; programs reserve memory for each cell. */
const MAX_CELLS = 1000;

/** Reads the size of an address such as `?cols=120&rows=30`; what is no size is the usual one. */
export function sizeInQuery(query: { get(name: string): string | null }): ScreenSize {
  const read = (name: string, usual: number): number => {
    const text = query.get(name) ?? '';
    return /^\d{1,9}$/.test(text) ? clampCells(Number(text)) : usual;
  };
  return { cols: read('cols', USUAL_SIZE.cols), rows: read('rows', USUAL_SIZE.rows) };
}

/** The nearest number of cells that a screen may have. */
function clampCells(cells: number): number {
  return Math.min(Math.max(Math.floor(cells), 1), MAX_CELLS);
}

/** Reads a text message of a viewer; null for what is none. */
export function parseTerminalMessage(text: string): TerminalClientMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { type, cols, rows, bytes } = value as Record<string, unknown>;
  if (type === 'resize' && isNumber(cols) && isNumber(rows))
    return { type, cols: clampCells(cols), rows: clampCells(rows) };
  if (type === 'ack' && isNumber(bytes) && Number.isSafeInteger(bytes) && bytes >= 0) return { type, bytes };
  return null;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
