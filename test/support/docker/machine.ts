import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

// What this machine needs to reach its package mirrors; the images that the tests build reach them the same way.

const TRUSTED = '/etc/ssl/certs/ca-certificates.crt';
const OF_DEBIAN = '/usr/share/ca-certificates/mozilla';
const SOURCES = '/etc/apt';
const REACH_LIMIT_MS = 5_000;

/** Addresses of the machine's own mirrors of Debian, as far as its sources name them. */
export function debianMirrors(): { main?: string; security?: string } {
  const uris = sourceFiles().flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/https?:\/\/[^\s\]]+/g),
  ]);
  const mirrors = uris.map(([uri]) => uri.replace(/\/$/, ''));
  const find = (end: string): string | undefined =>
    mirrors.find((uri) => uri.endsWith(end) && !uri.includes('snapshot'));
  const [main, security] = [find('/debian'), find('-security')];
  return { ...(main === undefined ? {} : { main }), ...(security === undefined ? {} : { security }) };
}

function sourceFiles(): string[] {
  const folder = join(SOURCES, 'sources.list.d');
  const parts = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  return [join(SOURCES, 'sources.list'), ...parts].filter((file) => existsSync(file));
}

/** Certificates (PEM) that this machine trusts beside Debian's: those of a company's or a provider's proxy. */
export function extraCertificates(): string[] {
  const known = new Set(
    existsSync(OF_DEBIAN)
      ? readdirSync(OF_DEBIAN).flatMap((name) => certificatesIn(join(OF_DEBIAN, name)).map(fingerprint))
      : [],
  );
  return certificatesIn(TRUSTED).filter((certificate) => !known.has(fingerprint(certificate)));
}

function certificatesIn(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

function fingerprint(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256;
}

/** The registry that npm uses here. */
export function npmRegistry(): string {
  const command = ['config', 'get', 'registry'];
  return execFileSync('npm', command, {
    cwd: '/',
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy'];

/** Proxies that programs of this machine go through, by the names that Docker passes on by itself. */
export function proxies(): Record<string, string> {
  const found = PROXIES.map((name) => [name, process.env[name] ?? process.env[name.toUpperCase()] ?? '']);
  return Object.fromEntries(found.filter(([, value]) => value !== '')) as Record<string, string>;
}

/** Whether an address answers with what it is asked for, within 5 s. */
export async function canFetch(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(REACH_LIMIT_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}
