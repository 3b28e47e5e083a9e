import type { ErrorBody, ErrorKind } from '../../contracts/errors.js';
import { AppError, diskFull, isDiskFull, systemCodeOf } from '../errors.js';

const STATUS_OF: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_large: 413,
  unsupported_media_type: 415,
  misdirected: 421,
  invalid: 422,
  precondition_required: 428,
  rate_limited: 429,
  unavailable: 503,
  timed_out: 504,
  disk_full: 507,
  internal: 500,
};

/** What the framework answers by itself, as the kinds of ours. */
const FRAMEWORK_ERRORS: Record<number, [ErrorKind, string, string]> = {
  400: ['malformed', 'BAD_REQUEST', 'The request cannot be understood. Bodies are JSON objects.'],
  403: ['forbidden', 'FORBIDDEN', 'That is not allowed.'],
  404: ['not_found', 'NO_SUCH_ROUTE', 'There is nothing at this address.'],
  // An address with a piece longer than any name.
  414: ['not_found', 'NO_SUCH_ROUTE', 'There is nothing at this address.'],
  413: ['too_large', 'BODY_TOO_LARGE', 'The body of the request is too large.'],
  415: ['unsupported_media_type', 'NOT_JSON', 'Bodies are JSON: send Content-Type: application/json.'],
};

export interface ErrorAnswer {
  status: number;
  body: ErrorBody;
  headers: Record<string, string>;
}

/** Turns whatever was thrown into an `AppError`; what is not known to be harmless becomes `internal` without its text. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const known = FRAMEWORK_ERRORS[statusCodeOf(error) ?? 0];
  if (known !== undefined) return new AppError(...known);
  const code = systemCodeOf(error);
  if (isDiskFull(error)) return diskFull();
  if (code?.startsWith('SQLITE_BUSY')) {
    return new AppError(
      'unavailable',
      'DATABASE_BUSY',
      'The database is locked by another program. Try again in a moment.',
    );
  }
  return new AppError(
    'internal',
    'INTERNAL',
    'Something went wrong inside AiKore. Its log has the details under this request id.',
  );
}

/** The answer for an error: status, body and headers. */
export function answerFor(error: AppError, requestId: string): ErrorAnswer {
  const { code, message, details } = error;
  const headers: Record<string, string> = {};
  const retryAfter = details['retry_after_seconds'];
  if (typeof retryAfter === 'number') headers['retry-after'] = String(Math.ceil(retryAfter));
  return { status: STATUS_OF[error.kind], body: { code, message, details, request_id: requestId }, headers };
}

/** Status that Nest's or Fastify's own errors carry. */
function statusCodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('getStatus' in error && typeof error.getStatus === 'function') {
    const status: unknown = (error as { getStatus: () => unknown }).getStatus();
    return typeof status === 'number' ? status : undefined;
  }
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
