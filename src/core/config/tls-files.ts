import { resolve } from 'node:path';
import type { TlsFiles } from '../tls/tls-pair.js';
import { TlsProblem, readTlsPair } from '../tls/tls-pair.js';
import { ConfigError } from './readers.js';

/**
 * The files of `AIKORE_TLS_CERT` and `AIKORE_TLS_KEY`, which are looked into: a start that could not serve is none.
 * @throws ConfigError when only one is set, or when a server cannot work with them
 */
export function readTlsFiles(cert: string | null, key: string | null): TlsFiles | null {
  if (cert === null && key === null) return null;
  if (cert === null || key === null) {
    const [set, missing] = cert === null ? ['KEY', 'CERT'] : ['CERT', 'KEY'];
    throw new ConfigError(`AIKORE_TLS_${missing} must be set together with AIKORE_TLS_${set}.`);
  }
  const files = { certFile: resolve(cert), keyFile: resolve(key) };
  try {
    readTlsPair(files);
  } catch (error) {
    throw error instanceof TlsProblem ? new ConfigError(error.message) : error;
  }
  return files;
}
