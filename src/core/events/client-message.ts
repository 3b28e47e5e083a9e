import type { RawData } from 'ws';
import type { ClientMessage } from '../../contracts/events.js';
import { AppError } from '../errors.js';

/** A wish is a few dozen bytes. */
const MAX_LENGTH_BYTES = 1024;

/**
 * Reads what a viewer sent.
 * @throws AppError `malformed`
 */
export function parseClientMessage(data: RawData, isBinary: boolean): ClientMessage {
  const bytes = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
  if (isBinary || bytes.length > MAX_LENGTH_BYTES) throw malformed();
  const value = parseObject(bytes.toString('utf8'));
  const { id, offset } = value;
  if (!Number.isSafeInteger(id)) throw malformed();
  const number = id as number;
  if (value['unsubscribe'] === 'logs') return { unsubscribe: 'logs', id: number };
  if (value['subscribe'] !== 'logs') throw malformed();
  if (offset === undefined) return { subscribe: 'logs', id: number };
  if (!Number.isSafeInteger(offset)) throw malformed();
  return { subscribe: 'logs', id: number, offset: offset as number };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Answered below, like every other thing that is not a wish.
  }
  throw malformed();
}

function malformed(): AppError {
  return new AppError(
    'malformed',
    'BAD_MESSAGE',
    'Expected {"subscribe":"logs","id":1} or {"unsubscribe":"logs","id":1}.',
  );
}
