import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A self-signed certificate with its key, in files. */
export interface Certificate {
  certFile: string;
  keyFile: string;
  /** For clients that shall trust it. */
  ca: Buffer;
  env: { AIKORE_TLS_CERT: string; AIKORE_TLS_KEY: string };
}

const NAMES = 'subjectAltName=DNS:localhost,DNS:*.localhost,DNS:ai.test,DNS:apps.ai.test,IP:127.0.0.1';

/** Makes a certificate in a folder of its own. @param days how long it is valid from now on */
export function makeCertificate(parent: string, name: string, days = 30): Certificate {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  const certFile = join(folder, 'cert.pem');
  const keyFile = join(folder, 'key.pem');
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  openssl([
    'req',
    '-x509',
    ...curve,
    '-out',
    certFile,
    '-days',
    String(days),
    '-subj',
    `/CN=${name}`,
    '-addext',
    NAMES,
  ]);
  return {
    certFile,
    keyFile,
    ca: readFileSync(certFile),
    env: { AIKORE_TLS_CERT: certFile, AIKORE_TLS_KEY: keyFile },
  };
}

function openssl(args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
