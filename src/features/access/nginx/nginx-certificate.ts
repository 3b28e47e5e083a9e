import type { NginxFolder } from '../../../host/nginx/nginx-folder.js';
import { digestOf } from './digest.js';
import { NGINX_FILES } from './domain/names.js';

/** A certificate chain and its key, in PEM format, that fit each other. */
export interface Pair {
  cert: string | Uint8Array;
  key: string | Uint8Array;
}

/**
 * Keeps copies of the certificate in NGINX's folder: of the pair that was checked, not of files that may be half way
 * through a renewal.
 */
export class NginxCertificate {
  private written = '';

  constructor(
    private readonly folder: Pick<NginxFolder, 'rewrite'>,
    private readonly pair: () => Pair,
  ) {}

  /** Brings the copies up to date. @returns a name of their content. @throws the system's error */
  fingerprint(): string {
    const { cert, key } = this.pair();
    const [certificate, secret] = [textOf(cert), textOf(key)];
    const fingerprint = digestOf(certificate + secret);
    if (fingerprint !== this.written) {
      this.folder.rewrite(NGINX_FILES.certificate, certificate);
      this.folder.rewrite(NGINX_FILES.key, secret);
      this.written = fingerprint;
    }
    return fingerprint;
  }
}

function textOf(pem: string | Uint8Array): string {
  return typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1');
}
