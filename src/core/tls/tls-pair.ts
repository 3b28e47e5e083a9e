import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { systemCodeOf } from '../errors.js';
import { TLS_RULES } from './tls-rules.js';

/** Where a certificate and its key lie. */
export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

/** A certificate (with its chain) and its key, which belong together. */
export interface TlsPair {
  cert: string;
  key: string;
  validFromMs: number;
  validToMs: number;
}

/** A certificate or a key cannot be used. The message is for the operator and tells nothing of what the files hold. */
export class TlsProblem extends Error {
  override readonly name = 'TlsProblem';

  constructor(
    /** Whose file it is. */
    readonly variable: 'AIKORE_TLS_CERT' | 'AIKORE_TLS_KEY',
    predicate: string,
  ) {
    super(`${variable} ${predicate}`);
  }
}

/** A chain of certificates has some kilobytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Reads both files and makes sure that a server can work with them.
 * @throws TlsProblem
 */
export function readTlsPair({ certFile, keyFile }: TlsFiles): TlsPair {
  const cert = readSmallFile('AIKORE_TLS_CERT', certFile);
  const key = readSmallFile('AIKORE_TLS_KEY', keyFile);
  const certificate = parseCertificate(cert);
  requireMatch(certificate, key);
  requireUsable(cert, key);
  return {
    cert,
    key,
    validFromMs: Date.parse(certificate.validFrom),
    validToMs: Date.parse(certificate.validTo),
  };
}

function readSmallFile(variable: TlsProblem['variable'], path: string): string {
  try {
    const stats = statSync(path);
    // A pipe would hold up the start for ever.
    if (!stats.isFile() || stats.size > MAX_FILE_BYTES)
      throw new TlsProblem(variable, 'must name an ordinary file in PEM format.');
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (error instanceof TlsProblem) throw error;
    const code = systemCodeOf(error) ?? 'unknown error';
    throw new TlsProblem(variable, `must name a file that AiKore can read (${code}).`);
  }
}

function parseCertificate(cert: string): X509Certificate {
  try {
    return new X509Certificate(cert);
  } catch {
    throw new TlsProblem('AIKORE_TLS_CERT', 'must name a file with a certificate in PEM format.');
  }
}

function requireMatch(certificate: X509Certificate, key: string): void {
  let doMatch: boolean;
  try {
    doMatch = certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new TlsProblem(
      'AIKORE_TLS_KEY',
      'must name a file with a private key in PEM format that has no passphrase.',
    );
  }
  if (!doMatch)
    throw new TlsProblem('AIKORE_TLS_KEY', 'must name the key of the certificate in AIKORE_TLS_CERT.');
}

/** What OpenSSL refuses besides, such as keys that are too short or a broken certificate further down the chain. */
function requireUsable(cert: string, key: string): void {
  try {
    createSecureContext({ ...TLS_RULES, cert, key });
  } catch (error) {
    throw new TlsProblem(
      'AIKORE_TLS_CERT',
      `must name a certificate that OpenSSL accepts (${reasonOf(error)}).`,
    );
  }
}

/** OpenSSL's word for it, from a list of its own: `ee key too small`. */
function reasonOf(error: unknown): string {
  const hasReason = typeof error === 'object' && error !== null && 'reason' in error;
  return hasReason && typeof error.reason === 'string' ? error.reason : 'it gives no reason';
}
