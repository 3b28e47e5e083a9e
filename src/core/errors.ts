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
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a system error (`ENOENT`, `EADDRINUSE`…), or undefined. */
export function systemCodeOf(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return undefined;
}
