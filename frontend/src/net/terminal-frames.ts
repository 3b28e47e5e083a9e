/** What the server says beside the bytes of a terminal. */
export type TerminalFrame =
  | { type: 'session'; id: string; replayBytes: number }
  | { type: 'resized'; cols: number; rows: number }
  | { type: 'exit'; code: number | null; signal: string | null; message: string | null }
  | { type: 'note'; message: string }
  | { type: 'error'; code: string; message: string };

/** A text frame of the server, or null for what is none of those known here. */
export function parseTerminalFrame(text: string): TerminalFrame | null {
  const frame = parseObject(text);
  switch (frame?.['type']) {
    case 'session':
      return sessionFrame(frame);
    case 'resized':
      return resizedFrame(frame);
    case 'exit':
      return {
        type: 'exit',
        code: wholeNumber(frame['code']),
        signal: words(frame['signal']),
        message: words(frame['message']),
      };
    case 'note': {
      const message = words(frame['message']);
      return message === null ? null : { type: 'note', message };
    }
    case 'error': {
      const message = words(frame['message']);
      return message === null ? null : { type: 'error', code: words(frame['code']) ?? '', message };
    }
    default:
      return null;
  }
}

function sessionFrame(frame: Record<string, unknown>): TerminalFrame | null {
  const id = words(frame['id']);
  return id === null ? null : { type: 'session', id, replayBytes: wholeNumber(frame['replay_bytes']) ?? 0 };
}

function resizedFrame(frame: Record<string, unknown>): TerminalFrame | null {
  const cols = wholeNumber(frame['cols']);
  const rows = wholeNumber(frame['rows']);
  const isSize = cols !== null && rows !== null && isTerminalSize({ cols, rows });
  return isSize ? { type: 'resized', cols, rows } : null;
}

export interface TerminalSize {
  cols: number;
  rows: number;
}

const MOST = 1000;

/** Whether a terminal can have this size; a hidden pane measures as nothing. */
export function isTerminalSize({ cols, rows }: TerminalSize): boolean {
  return isBetween(cols, 2, MOST) && isBetween(rows, 1, MOST);
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function wholeNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function words(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
