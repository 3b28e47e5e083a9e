import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect as connectPlain, createServer as createRelay } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import { recordingLogger } from '../../../test/fixtures/auth-database.js';
import type { Certificate } from '../../../test/support/certificates.js';
import { makeCertificate } from '../../../test/support/certificates.js';
import { sendBytes, sendRequest } from '../../../test/support/raw-request.js';
import { readTlsFiles } from '../config/tls-files.js';
import { StandingWarnings } from '../warnings/standing-warnings.js';
import { expiryWarning } from './expiry.js';
import { createWebServer } from './serve-tls.js';
import { TlsCertificate } from './tls-certificate.js';

const folder = mkdtempSync(join(tmpdir(), 'aikore-tls-'));
const first = makeCertificate(folder, 'first');
const second = makeCertificate(folder, 'second');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('AIKORE_TLS_CERT and AIKORE_TLS_KEY', () => {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  const refusal = (cert: string | null, key: string | null): string => {
    try {
      readTlsFiles(cert, key);
      return 'nothing was refused';
    } catch (error) {
      return String(error);
    }
  };
  const weak = { cert: join(folder, 'weak.pem'), key: join(folder, 'weak.key') };
  const locked = join(folder, 'locked.key');
  beforeAll(() => {
    const rsa = ['-newkey', 'rsa:512', '-nodes', '-subj', '/CN=weak', '-days', '1'];
    openssl('req', '-x509', ...rsa, '-keyout', weak.key, '-out', weak.cert);
    openssl('ec', '-in', first.keyFile, '-aes128', '-passout', 'pass:secret', '-out', locked);
  });

  it('are a pair, or nothing', () => {
    expect(readTlsFiles(null, null)).toBeNull();
    expect(readTlsFiles(first.certFile, first.keyFile)).toEqual({
      certFile: first.certFile,
      keyFile: first.keyFile,
    });
    expect(refusal(first.certFile, null)).toContain(
      'AIKORE_TLS_KEY must be set together with AIKORE_TLS_CERT.',
    );
    expect(refusal(null, first.keyFile)).toContain(
      'AIKORE_TLS_CERT must be set together with AIKORE_TLS_KEY.',
    );
  });

  it.each<[string, () => [string, string], string]>([
    [
      'a certificate that is not there',
      () => [join(folder, 'none'), first.keyFile],
      'CERT must name a file that',
    ],
    ['a key that is not there', () => [first.certFile, join(folder, 'none')], 'KEY must name a file that'],
    ['a folder', () => [folder, first.keyFile], 'CERT must name an ordinary file'],
    ['a device that never ends', () => [first.certFile, '/dev/zero'], 'KEY must name an ordinary file'],
    ['the two exchanged', () => [first.keyFile, first.certFile], 'CERT must name a file with a certificate'],
    [
      'no certificate',
      () => [inFolder('x.pem', 'private words'), first.keyFile],
      'CERT must name a file with',
    ],
    [
      'no key',
      () => [first.certFile, inFolder('x.key', 'private words')],
      'KEY must name a file with a private',
    ],
    ['an empty key', () => [first.certFile, inFolder('e.key', '')], 'KEY must name a file with a private'],
    ['a key with a passphrase', () => [first.certFile, locked], 'that has no passphrase'],
    [
      'the key of another',
      () => [first.certFile, second.keyFile],
      'KEY must name the key of the certificate',
    ],
    ['a key that is too short', () => [weak.cert, weak.key], 'that OpenSSL accepts (ee key too small)'],
  ])('%s is refused by one line without anything of the files', (_what, files, sentence) => {
    const message = refusal(...files());
    expect(message).toMatch(/^ConfigError: AIKORE_TLS_(CERT|KEY) [^\n]+\.$/);
    expect(message).toContain(sentence);
    expect(message).not.toMatch(/private words|BEGIN|MI[A-Z]/);
  });
});

describe('expiryWarning', () => {
  const DAY_MS = 24 * 3600 * 1000;
  const quarter = { validFromMs: 0, validToMs: 90 * DAY_MS };
  const days = { validFromMs: 0, validToMs: 6 * DAY_MS };
  it.each([
    [quarter, 82, null],
    [quarter, 84, /expires on 1970-04-01/],
    [quarter, 91, /has expired on 1970-04-01/],
    [quarter, -1, /not valid yet/],
    [days, 4, null],
    [days, 5, /expires on 1970-01-07/],
  ])('%j on day %d', (pair, day, expected) => {
    const warning = expiryWarning(pair, day * DAY_MS);
    if (expected === null) expect(warning).toBeNull();
    else expect(warning).toMatch(expected);
  });
});

describe('a server with a certificate', () => {
  const files = { certFile: join(folder, 'live.pem'), keyFile: join(folder, 'live.key') };
  const told: string[] = [];
  const { logger, lines } = recordingLogger();
  const warnings = new StandingWarnings({
    tell: ({ message }) => told.push(message),
    onChange: () => undefined,
  });
  let certificate: TlsCertificate;
  let server: Server;
  let port: number;
  let nowMs = Date.now();

  const put = (pair: Certificate, only?: 'cert' | 'key'): void => {
    if (only !== 'key') copyFileSync(pair.certFile, files.certFile);
    if (only !== 'cert') copyFileSync(pair.keyFile, files.keyFile);
  };
  const served = async (options: object = {}): Promise<{ name: string; socket: TLSSocket }> => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    await once(socket, 'secureConnect');
    return { name: new X509Certificate(socket.getPeerCertificate().raw).subject, socket };
  };
  const servedName = async (): Promise<string> => {
    const { name, socket } = await served();
    socket.destroy();
    return name;
  };

  beforeAll(async () => {
    put(first);
    certificate = new TlsCertificate({
      files,
      warnings,
      logger,
      clock: () => nowMs,
    });
    server = createWebServer({}, certificate);
    server.on('request', (request, response) => response.end(`over TLS: ${request.url ?? ''}`));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => {
    told.length = 0;
  });
  afterAll(async () => {
    certificate.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  it('speaks TLS 1.2 and 1.3 and nothing older, and HTTP/1.1', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const { socket } = await served({
        minVersion: version,
        maxVersion: version,
        ALPNProtocols: ['h2', 'http/1.1'],
      });
      expect([socket.getProtocol(), socket.alpnProtocol]).toEqual([version, 'http/1.1']);
      socket.destroy();
    }
    const old = served({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    await expect(old).rejects.toThrow(/alert|version|protocol/);
    const weak = served({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' });
    await expect(weak).rejects.toThrow(/handshake failure/);
  });

  it('reads a handshake whose first byte comes alone, and what is sent with its last one', async () => {
    const relay = createRelay((client) => {
      const inner = connectPlain({ port, host: '127.0.0.1', noDelay: true });
      client.once('data', (chunk) => {
        inner.write(chunk.subarray(0, 1));
        setTimeout(() => {
          inner.write(chunk.subarray(1));
          client.pipe(inner);
        }, 30);
      });
      inner.pipe(client);
    });
    await new Promise<void>((done) => relay.listen(0, '127.0.0.1', done));
    const { socket } = await served({ port: (relay.address() as AddressInfo).port });
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.write('GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await once(socket, 'end');
    expect(text).toContain('over TLS: /a');
    expect(text).toContain('over TLS: /b');
    relay.close();
  });

  it('answers who speaks plain HTTP by a sentence, and no redirect', async () => {
    const answer = await sendRequest(port, 'GET /api/instances', ['Authorization: Bearer x']);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'TLS_REQUIRED',
      message: expect.stringContaining('https://') as unknown,
    });
    expect(answer.head).not.toMatch(/^location:/im);
    expect((await sendBytes(port, '\0\0garbage')).status).toBe(400);
  });

  it('answers a browser with a page that leads on, and repeats nothing that is no host', async () => {
    const asPage = (host: string) =>
      sendRequest(port, 'GET /secret?x', ['Accept: text/html,*/*', `Host: ${host}`]);
    const page = await asPage('box.lan:9000');
    expect([page.status, page.head]).toEqual([400, expect.stringContaining('text/html')]);
    expect(page.body).toContain('<a href="https://box.lan:9000/">');
    expect(page.body).not.toContain('secret');
    for (const host of ['"><script>alert(1)</script>', 'a b', 'x/../', 'evil"onclick=']) {
      const { body } = await asPage(host);
      expect(body).not.toContain('href');
      expect(body).toContain('begin the address with https://');
    }
  });

  it('endures who leaves in the middle of a handshake, before and after the first byte', async () => {
    for (const bytes of ['', '\x16', '\x16\x03\x01\x00\xff', '\x16 GET / HTTP/1.1\r\n\r\n']) {
      const socket = connectPlain(port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      if (bytes !== '') socket.write(Buffer.from(bytes, 'latin1'));
      socket.end();
      await once(socket.resume(), 'close');
    }
    expect(await servedName()).toBe('CN=first');
  });

  it('takes up a renewed certificate at once, while connections go on', async () => {
    const { socket } = await served();
    put(second);
    certificate.look();
    expect(await servedName()).toBe('CN=second');
    socket.write('GET /still HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(String(chunk)).toContain('over TLS: /still');
    expect([told, warnings.list]).toEqual([[], []]);
    expect(lines.join('')).toContain('A renewed TLS certificate is in use');
  });

  it('is not held by the certificate once it is closed, nor when it could not listen at all', async () => {
    let followers = 0;
    const counting = Object.create(certificate, {
      onRenewed: {
        value: () => {
          followers += 1;
          return () => void (followers -= 1);
        },
      },
    }) as TlsCertificate;
    const late = createWebServer({}, counting);
    late.listen(port, '127.0.0.1');
    await once(late, 'error');
    expect(followers).toBe(0);
    late.listen(0, '127.0.0.1');
    await once(late, 'listening');
    expect(followers).toBe(1);
    await new Promise((done) => late.close(done));
    expect(followers).toBe(0);
  });

  it('says nothing of files that are half way through a renewal', async () => {
    put(first, 'cert');
    certificate.look();
    expect([told, warnings.list, await servedName()]).toEqual([[], [], 'CN=second']);
    put(first, 'key');
    certificate.look();
    expect([warnings.list, await servedName()]).toEqual([[], 'CN=first']);
  });

  it.each<[string, () => void, string]>([
    ['do not fit', () => put(second, 'key'), 'AIKORE_TLS_KEY'],
    ['hold garbage', () => writeFileSync(files.certFile, 'garbage'), 'AIKORE_TLS_CERT'],
    ['are gone', () => rmSync(files.certFile), 'AIKORE_TLS_CERT'],
  ])(
    'keeps out files that %s, says so once, and is content when they are good again',
    async (_what, spoil, variable) => {
      spoil();
      for (let round = 0; round < 4; round += 1) certificate.look();
      expect(await servedName()).toBe('CN=first');
      expect(told).toHaveLength(1);
      expect(warnings.list).toEqual([expect.stringContaining(variable)]);
      expect(lines.join('')).not.toContain('garbage');
      put(first);
      certificate.look();
      expect(warnings.list).toEqual([]);
      expect(told).toHaveLength(2);
    },
  );

  it('warns of a certificate that runs out', () => {
    nowMs += 29 * 24 * 3600 * 1000;
    for (let round = 0; round < 3; round += 1) certificate.look();
    expect(told).toEqual([expect.stringContaining('expires on')]);
    expect(warnings.list).toEqual(told);
  });
});
