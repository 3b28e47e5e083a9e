import { AppError } from '../errors.js';

/** The id in a path. @throws AppError `not_found` for a text that is no id, as for an id that does not exist. */
export function recordId(text: string, what: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw notFound(what);
  return Number(text);
}

/** @param what `session`, `token` */
export function notFound(what: string): AppError {
  return new AppError('not_found', `${what.toUpperCase()}_NOT_FOUND`, `There is no such ${what}.`);
}
