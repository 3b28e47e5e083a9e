import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/** 256 random bits as 43 characters of base64url: fits a cookie, a header and a path without escapes. */
export function randomSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/**
 * SHA-256 of a secret. A plain digest is enough for 256 random bits (nothing to guess), and makes what the database
 * holds useless to its reader.
 */
export function digestOf(secret: string | Buffer): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** {@link digestOf} as the hexadecimal text that the database holds. */
export function hexDigestOf(secret: string | Buffer): string {
  return digestOf(secret).toString('hex');
}

/** Compares in a time that does not depend on where two digests differ. */
export function isSameDigest(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
