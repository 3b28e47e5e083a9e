const MAX_HEADER_LENGTH = 2048;
const SCHEME = /^Bearer(?: |$)/i;

/** Whether an `Authorization` header uses the scheme `Bearer`, well formed or not. */
export function hasBearerScheme(authorization: string | undefined): boolean {
  return SCHEME.test(authorization ?? '');
}

/**
 * The bytes after `Bearer` in an `Authorization` header, or null when it has another scheme or no sensible length. Node
 * hands each byte of a header over as one character, so that a token beyond ASCII has to be turned back into bytes.
 */
export function readBearer(authorization: string | undefined): Buffer | null {
  if (authorization === undefined || authorization.length > MAX_HEADER_LENGTH) return null;
  if (!hasBearerScheme(authorization)) return null;
  const token = authorization.slice('Bearer'.length).trim();
  return token === '' ? null : Buffer.from(token, 'latin1');
}
