import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { Server as TcpServer, Socket } from 'node:net';
import { SetupLab } from '../support/setup-lab.js';
import type { Finished } from '../support/setup-lab.js';

let lab: SetupLab;

beforeEach(() => {
  lab = new SetupLab({ name: `it's "an" $inst\u00e4nce` });
});
afterEach(() => lab.remove());

/** Runs lines with the helpers there, outside of a setup. */
function helpers(lines: string, env: Record<string, string> = {}): Promise<Finished> {
  lab.write('launch.sh', `set -euo pipefail\nsource "$AIKORE_FUNCTIONS"\n${lines}\n`);
  return lab.run(env);
}

describe('addresses of repositories', () => {
  it.each([
    '--upload-pack=touch ran',
    '-u touch ran',
    'ext::sh -c "touch ran"',
    'ext::touch%20ran',
    'fd::17/foo',
    'ssh://-oProxyCommand=touch ran/x',
    'git@-oProxyCommand=touch:x',
    'git://example.org/x',
    'file:relative',
    'relative/path',
    './x',
    'https://',
    'https://-x/y',
    'javascript:alert(1)',
    'https://example.org/\nx',
    'git@host::x',
  ])('are refused where git would take them for something else: %j', async (url) => {
    const { code, out } = await helpers('aikore_clone "$URL" app', { URL: url });
    expect(code).toBe(1);
    expect(out).toContain('is not the address of a repository');
    expect([lab.has('ran'), lab.has('app'), lab.has('app.partial')]).toEqual([false, false, false]);
  });

  it.each(['--upload-pack=touch ran', '-x', 'a b', 'a\nb', '--orphan'])('references: %j', async (ref) => {
    lab.commit('one');
    const { code, out } = await helpers('aikore_clone "$ORIGIN" app GIT_REF', { GIT_REF: ref });
    expect([code, lab.has('app')]).toEqual([1, false]);
    expect(out).toContain('GIT_REF is not a tag, branch or commit');
    expect(lab.has('ran')).toBe(false);
  });

  it('follow no submodule that runs a program', async () => {
    lab.commit('one', { '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch%20ran\n' });
    lab.git('update-index', '--add', '--cacheinfo', `160000,${lab.git('rev-parse', 'HEAD')},x`);
    lab.git('commit', '-qm', 'with a submodule');
    const { code, out } = await helpers('aikore_clone "$ORIGIN" app', { GIT_CONFIG_COUNT: '0' });
    expect([code, lab.has('app')]).toEqual([1, false]);
    expect(out).toMatch(/transport 'ext' not allowed|not allowed/);
    expect(lab.has('ran')).toBe(false);
  });

  it('keep their password to themselves', async () => {
    const { code, out } = await helpers('aikore_clone http://me:hunter2@127.0.0.1:9/x.git app');
    expect(code).not.toBe(0);
    expect(out).toContain('http://***@127.0.0.1:9/x.git');
    expect(out).not.toContain('hunter2');
  });
});

describe('a server that says nothing', () => {
  let silent: TcpServer;
  const sockets = new Set<Socket>();
  let url: string;

  beforeEach(async () => {
    silent = createTcpServer((socket) => void sockets.add(socket.on('error', () => undefined)));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  const impatient = (): Record<string, string> => ({
    PIP_INDEX_URL: url,
    UV_DEFAULT_INDEX: url,
    PIP_DEFAULT_TIMEOUT: '1',
    PIP_RETRIES: '1',
    AIKORE_NETWORK_TIMEOUT: '1',
    NO_PROXY: '*',
  });

  it('is given up, with a sentence: an index', async () => {
    lab.script('aikore_venv ./env; aikore_install alpha');
    const { code, out, tookMs } = await lab.run(impatient());
    expect(code).toBe(1);
    expect(out).toMatch(/Read timed out|timed out/);
    expect(out).toContain('The installation of alpha failed');
    expect(tookMs).toBeLessThan(60_000);
  }, 90_000);

  it.each([
    ['a repository', 'aikore_clone "$SILENT/x.git" app'],
    ['a download', 'aikore_download "$SILENT/file" file'],
  ])(
    'is given up: %s',
    async (_what, call) => {
      const { code } = await helpers(call, { ...impatient(), SILENT: url });
      expect(code).not.toBe(0);
    },
    60_000,
  );
});

describe('aikore_download', () => {
  const CONTENT = Buffer.from('0123456789'.repeat(2000));
  const SUM = createHash('sha256').update(CONTENT).digest('hex');
  let server: Server;
  let url: string;
  let requests: string[];
  /** Breaks off after so many bytes. */
  let breaksAt: number | null;

  beforeEach(async () => {
    requests = [];
    breaksAt = null;
    server = createServer((request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      requests.push(`${request.url ?? ''} ${from}`);
      if (request.url === '/gone') return void response.writeHead(404).end();
      if (from >= CONTENT.length) return void response.writeHead(416).end();
      const rest = CONTENT.subarray(from);
      response.writeHead(from > 0 ? 206 : 200, {
        'content-length': rest.length,
        'content-range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}`,
      });
      if (breaksAt === null) return void response.end(rest);
      response.write(rest.subarray(0, breaksAt), () => setTimeout(() => response.destroy(), 100));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const download = (words: string, env: Record<string, string> = {}) =>
    helpers(`aikore_download ${words}`, { URL: url, NO_PROXY: '*', ...env });

  it('fetches once, and again when the address or the sum is another', async () => {
    const call = `"$URL/a" "folder/it's" ${SUM}`;
    for (let turn = 0; turn < 2; turn++) expect((await download(call)).code).toBe(0);
    expect(readFileSync(lab.own("folder/it's"))).toEqual(CONTENT);
    expect(requests).toEqual(['/a 0']);
    await download(`"$URL/b" "folder/it's"`);
    expect(requests).toEqual(['/a 0', '/b 0']);
    await download(`"https://github.com/c" other`, {
      DOWNLOAD_MIRRORS: `https://x/=y https://github.com/=${url}/m/`,
    });
    expect(requests.at(-1)).toBe('/m/c 0');
  });

  it('goes on where it was interrupted', async () => {
    breaksAt = 5000;
    expect((await download(`"$URL/a" file ${SUM}`)).code).not.toBe(0);
    expect(lab.has('file')).toBe(false);
    breaksAt = null;
    expect((await download(`"$URL/a" file ${SUM}`)).code).toBe(0);
    expect(Number(requests.at(-1)?.split(' ')[1])).toBeGreaterThanOrEqual(5000);
    expect(readFileSync(lab.own('file'))).toEqual(CONTENT);
    expect(lab.has('file.partial')).toBe(false);
  }, 60_000);

  it('begins anew where what is left is of no use', async () => {
    lab.write('file.partial', 'x'.repeat(CONTENT.length + 5));
    lab.write('file.partial.origin', `${createHash('sha256').update(`${url}/a`).digest('hex')}\n`);
    expect((await download(`"$URL/a" file ${SUM}`)).code).toBe(0);
    expect(readFileSync(lab.own('file'))).toEqual(CONTENT);
  });

  it.each([
    ['a wrong sum', '"$URL/a" file 0000000000000000000000000000000000000000000000000000000000000000'],
    ['what is not there', '"$URL/gone" file'],
    ['an option', '"-o/etc/passwd" file'],
    ['another protocol', '"ftp://127.0.0.1/x" file'],
    ['a sum that is none', '"$URL/a" file abc'],
  ])('leaves nothing under the name: %s', async (_what, words) => {
    const { code } = await download(words);
    expect([code, lab.has('file')]).toEqual([1, false]);
  });
});

describe('aikore_unpack', () => {
  it.each([
    ['tar.gz', ['tar', '-czf']],
    ['tar.xz', ['tar', '-cJf']],
    ['zip', ['zip', '-qr']],
  ])('unpacks once, without the folder that holds all: %s', async (kind, [program = '', option = '']) => {
    lab.write('pack/top-1.0/bin/tool', '#!/bin/sh\n');
    execFileSync('chmod', ['755', lab.own('pack/top-1.0/bin/tool')]);
    execFileSync(program, [option, lab.own(`a.${kind}`), 'top-1.0'], { cwd: lab.own('pack') });
    for (let turn = 0; turn < 2; turn++)
      expect((await helpers(`aikore_unpack a.${kind} "the app"`)).code).toBe(0);
    expect(statSync(lab.own('the app/bin/tool')).mode & 0o777).toBe(0o755);
    expect(lab.has('the app.partial')).toBe(false);
    lab.write('the app/changed');
    await helpers(`aikore_unpack a.${kind} "the app"`);
    expect(lab.has('the app/changed')).toBe(true);
  });

  it('lets no archive write elsewhere', async () => {
    lab.write('pack/escaped', 'x');
    symlinkSync(lab.at('outputs'), lab.own('pack/link'));
    execFileSync('tar', ['-cPf', lab.own('a.tar'), '../pack/escaped', 'link'], { cwd: lab.own('pack') });
    writeFileSync(lab.own('pack/second'), 'y');
    renameSync(lab.own('pack/link'), lab.own('pack/was'));
    lab.write('pack/link/through', 'z');
    execFileSync('tar', ['-rPf', lab.own('a.tar'), 'link/through'], { cwd: lab.own('pack') });
    await helpers('aikore_unpack a.tar out');
    expect(existsSync(lab.at('outputs/through'))).toBe(false);
    expect(existsSync(lab.own('escaped'))).toBe(false);
  });
});

it('aikore_need says what is missing and how to get it', async () => {
  const { code, out } = await helpers(
    'aikore_need bash; aikore_need no-such-program ninja-of-none; echo WENT ON',
  );
  expect(code).toBe(1);
  expect(out).toMatch(
    /"no-such-program" is missing on this machine\. On Debian: apt install no-such-program/,
  );
  expect(out).toContain('"ninja-of-none"');
  expect(out).not.toContain('WENT ON');
});
