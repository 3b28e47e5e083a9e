import type { ErrorKind } from '../contracts/errors.js';

/**
 * The one error type that AiKore throws on purpose. Whatever else is thrown is a fault of the program and is told to
 * nobody but the log.
 */
export class AppError extends Error {
  constructor(
    readonly kind: ErrorKind,
    /** Stable, upper snake case. */
    readonly code: string,
    /** A sentence for a person: what is wrong and, where one is known, what to do. */
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'AppError';
  }
}

/** Several fields at once: `details` maps each field to its sentence. */
export function invalidFields(details: Record<string, string>): AppError {
  const fields = Object.keys(details);
  const first = fields[0];
  const message =
    fields.length === 1 && first !== undefined
      ? `${first}: ${details[first] ?? ''}`
      : `${fields.length} values need a change: ${fields.join(', ')}.`;
  return new AppError('invalid', 'VALIDATION_FAILED', message, details);
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  return hasMessage ? String(error.message) : String(error);
}

/** What the kernel, a quota and SQLite say when there is no room; SQLite's index of a write-ahead log is a file too. */
const DISK_FULL_CODES: ReadonlySet<string | undefined> = new Set([
  'ENOSPC',
  'EDQUOT',
  'SQLITE_FULL',
  'SQLITE_IOERR_SHMSIZE',
]);

/** Whether something failed because the disk has no room for it. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof AppError ? error.kind === 'disk_full' : DISK_FULL_CODES.has(systemCodeOf(error));
}

/** @param message what else there is to say; by default that nothing was changed */
export function diskFull(
  message = 'The disk of the data directory is full. Free some space and try again; nothing was changed.',
): AppError {
  return new AppError('disk_full', 'DISK_FULL', message);
}

/** Waits for something that need not be stored at once; its other errors come through. */
export async function despiteFullDisk(task: Promise<unknown>): Promise<void> {
  try {
    await task;
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}

/**
 * The `code` of a system error (`ENOENT`, `EADDRINUSE`…), or undefined. By its shape, not its class: an error that was
 * made in another context (a worker, a test runner's sandbox) has another `Error`.
 */
export function systemCodeOf(error: unknown): string | undefined {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : undefined;
}
