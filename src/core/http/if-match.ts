import { AppError } from '../errors.js';

/** Whether somebody who knew one version of something may change it: `true` for the version's ETag. */
export type VersionGuard = (etag: string) => boolean;

/** Of who does not say what they knew. */
export const ANY_VERSION: VersionGuard = () => true;

/** An `If-Match` (RFC 9110, 13.1.1): `*`, or a list of ETags, of which weak ones match nothing. */
export function readIfMatch(header: string | undefined): VersionGuard {
  if (header === undefined || header.trim() === '*') return ANY_VERSION;
  const known = new Set(header.split(',').map((etag) => etag.trim()));
  return (etag) => known.has(etag);
}

/** @throws AppError `precondition_required` */
export function requireIfMatch(header: string | undefined): VersionGuard {
  if (header !== undefined) return readIfMatch(header);
  throw new AppError(
    'precondition_required',
    'IF_MATCH_MISSING',
    'Say which version you have changed: send its ETag as If-Match, or "*" to overwrite whatever is there.',
  );
}
