import { isDiskFull, messageOf, systemCodeOf } from '../../../core/errors.js';
import type { WorkerFailure } from '../domain/transfer-job.js';

/** Why a worker gives up, with a sentence for a person where there is more to say than the word does. */
export class TransferFailed extends Error {
  constructor(
    readonly failure: WorkerFailure,
    message = '',
  ) {
    super(message);
  }
}

/** What went wrong, in a worker's words. */
export function failureOf(error: unknown): { failure: WorkerFailure; message: string } {
  if (error instanceof TransferFailed) return { failure: error.failure, message: error.message };
  if (isDiskFull(error)) return { failure: 'disk_full', message: '' };
  const isDenied = ['EACCES', 'EPERM'].includes(systemCodeOf(error) ?? '');
  return { failure: isDenied ? 'unreadable' : 'internal', message: messageOf(error) };
}
