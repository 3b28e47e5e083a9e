import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance } from '../../src/contracts/instance.js';
import type { Archive, Operation } from '../../src/contracts/operation.js';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { archiveOf } from '../support/archives.js';
import { EventsClient } from '../support/events-client.js';
import { createInline, SERVES, withVenv } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';
import { done, ended, picture, unfinished, upload } from '../support/transfers.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start();
});

const archives = (): Promise<Archive[]> => aikore.api.expect(200, 'GET', 'api/archives');
const exportOf = ({ id }: Instance, body: object = {}): Promise<Operation> =>
  done(aikore, `api/instances/${id}/export`, body);
const importOf = (file: string, new_name: string): Promise<Operation> =>
  done(aikore, `api/archives/${encodeURIComponent(file)}/import`, { new_name });
const download = (file: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(new URL(`api/archives/${encodeURIComponent(file)}`, aikore.dashboardUrl), {
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
  });

async function furnished(): Promise<{ instance: Instance; home: string }> {
  const instance = await createInline(aikore, `${withVenv('./env')}${SERVES}`);
  const home = aikore.home(instance.name);
  mkdirSync(`${home}/app/ein Ordner`, { recursive: true });
  mkdirSync(aikore.path('outputs', instance.name), { recursive: true });
  writeFileSync(aikore.path('outputs', instance.name, 'picture.png'), 'drawn');
  writeFileSync(`${home}/app/ein Ordner/größer ${'x'.repeat(150)}`, 'a long name');
  writeFileSync(`${home}/app/large`, Buffer.alloc(3 * 1024 * 1024, 'large '));
  writeFileSync(`${home}/app/tool`, '#!/bin/sh\n');
  chmodSync(`${home}/app/tool`, 0o755);
  symlinkSync('large', `${home}/app/beside`);
  symlinkSync(aikore.path('models'), `${home}/app/models`);
  writeFileSync(`${home}/output.log`, 'of the original');
  return { instance, home };
}

describe('an archive', () => {
  it('brings an instance back with its files and settings', async () => {
    const { instance, home } = await furnished();
    symlinkSync(`${home}/app`, `${home}/own`);
    await aikore.api.expect(200, 'PATCH', `api/instances/${instance.id}`, {
      env: { GREETING: 'hello', HF_TOKEN: 'hf_secret', MONKEY: 'ape', INDEX: 'https://me:pass@index.lan/' },
      launch_args: '--some',
      autostart: true,
      git_ref: 'v1.2',
    });
    const viewer = await EventsClient.open(aikore);
    const { subject: file } = await exportOf(instance);
    expect(file).toMatch(/^inline \d+-\d{8}-\d{6}\.aikore\.tar\.gz$/);
    const listed = (await archives()).find((archive) => archive.file === file);
    expect(listed).toMatchObject({
      problem: null,
      contents: {
        instance_name: instance.name,
        has_environment: false,
        has_outputs: false,
        withheld: ['HF_TOKEN', 'INDEX'],
      },
    });
    const { instance_id: id } = await importOf(file, 'back again');
    const left = ['output.log', 'app/models', 'own'];
    expect(picture(aikore.home('back again'), left)).toEqual(picture(home, left));
    expect(readlinkSync(`${aikore.home('back again')}/own`)).toBe('app');
    expect(await aikore.api.instance(id ?? 0)).toMatchObject({
      env: { GREETING: 'hello', MONKEY: 'ape' },
      launch_args: '--some',
      git_ref: 'v1.2',
      autostart: false,
      status: 'stopped',
    });
    await aikore.api.startUp(id ?? 0);
    await aikore.api.shutDown(id ?? 0);
    await waitFor('it is told', () => viewer.events.some(({ type }) => type === 'archives.changed'));
    viewer.end();
    expect(unfinished(aikore)).toEqual([]);
  });

  it('holds environment, outputs and secrets where it is asked to', async () => {
    const { instance, home } = await furnished();
    execFileSync('python3', ['-m', 'venv', '--without-pip', `${home}/env`]);
    writeFileSync(`${home}/env/bin/tell`, `#!${home}/env/bin/python\nimport sys\nprint(sys.prefix)\n`, {
      mode: 0o755,
    });
    await aikore.api.expect(200, 'PATCH', `api/instances/${instance.id}`, { env: { API_KEY: 'k' } });
    const { subject } = await exportOf(instance, { environment: true, outputs: true, secrets: true });
    const { instance_id: id } = await importOf(subject, 'with all');
    expect((await aikore.api.instance(id ?? 0)).env).toEqual({ API_KEY: 'k' });
    expect(readFileSync(aikore.path('outputs', 'with all', 'picture.png'), 'utf8')).toBe('drawn');
    const prefix = execFileSync(`${aikore.home('with all')}/env/bin/tell`, { encoding: 'utf8' });
    expect(prefix.trim()).toBe(`${aikore.home('with all')}/env`);
  });

  it('is downloaded whole or from where a download broke, and comes back by an upload', async () => {
    const { instance } = await furnished();
    const { subject: file } = await exportOf(instance);
    const answer = await download(file);
    const content = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-type')).toBe('application/gzip');
    expect(content.equals(readFileSync(aikore.path('archives', file)))).toBe(true);
    const etag = answer.headers.get('etag') ?? '';
    const rest = await download(file, { range: 'bytes=100-', 'if-range': etag });
    expect([rest.status, rest.headers.get('content-range')]).toEqual([
      206,
      `bytes 100-${content.length - 1}/${content.length}`,
    ]);
    expect(Buffer.from(await rest.arrayBuffer()).equals(content.subarray(100))).toBe(true);
    const last = await download(file, { range: 'bytes=-10' });
    expect(Buffer.from(await last.arrayBuffer()).equals(content.subarray(-10))).toBe(true);
    expect((await download(file, { range: `bytes=${content.length}-` })).status).toBe(416);
    expect((await download(file, { range: 'bytes=100-', 'if-range': '"other"' })).status).toBe(200);
    const sent = await upload(aikore, 'sent (1).aikore.tar.gz', content);
    expect([sent.status, ((await sent.json()) as Archive).contents?.instance_name]).toEqual([
      201,
      instance.name,
    ]);
    expect((await upload(aikore, 'sent (1).aikore.tar.gz', content)).status).toBe(409);
    await importOf('sent (1).aikore.tar.gz', 'by upload');
    await aikore.api.expect(204, 'DELETE', 'api/archives/sent (1).aikore.tar.gz');
    expect((await download('sent (1).aikore.tar.gz')).status).toBe(404);
  });

  it('that was put into the folder and is none is listed with what is wrong with it', async () => {
    writeFileSync(aikore.path('archives', 'text.tar.gz'), 'no archive');
    writeFileSync(aikore.path('archives', 'other.tar.gz'), archiveOf([], { format: 'else' }));
    symlinkSync('/etc/hostname', aikore.path('archives', 'link.tar.gz'));
    execFileSync('mkfifo', [aikore.path('archives', 'pipe.tar.gz')]);
    const problems = Object.fromEntries((await archives()).map(({ file, problem }) => [file, problem]));
    expect(problems['text.tar.gz']).toBe('It is no archive of an instance.');
    expect(problems['other.tar.gz']).toContain('aikore.json');
    expect(problems).not.toHaveProperty('link.tar.gz');
    expect(problems).not.toHaveProperty('pipe.tar.gz');
    for (const name of ['link.tar.gz', '..%2faikore.db', '%2e%2e', 'no.txt'])
      expect((await aikore.api.refused('GET', `api/archives/${name}`)).status).toBe(404);
  });
});

describe('an upload', () => {
  /** Sends pieces of a body as they are, and hangs up after the last one when asked to. */
  function sends(
    name: string,
    lengths: Record<string, string>,
    pieces: Buffer[],
    isCut: boolean,
  ): Promise<number> {
    return new Promise((resolve) => {
      const url = new URL(`api/archives/${name}`, aikore.dashboardUrl);
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/gzip', ...lengths };
      const outgoing = request(url, { method: 'PUT', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      outgoing.on('error', () => resolve(0));
      void (async () => {
        for (const piece of pieces) {
          outgoing.write(piece);
          await new Promise((pause) => setTimeout(pause, 50));
        }
        if (isCut) outgoing.destroy();
        else outgoing.end();
      })();
    });
  }
  const whole = (): Buffer => archiveOf([{ name: 'files/text', content: 'text' }]);

  it('that is cut off, is no archive, or has a name that is none leaves nothing', async () => {
    const content = whole();
    const length = { 'content-length': String(content.length + 1000) };
    expect(await sends('cut.tar.gz', length, [content], true)).toBe(0);
    await waitFor('it is tidied up', () => unfinished(aikore).length === 0);
    expect(existsSync(aikore.path('archives', 'cut.tar.gz'))).toBe(false);
    const refusals: [string, Uint8Array, number][] = [
      ['text.gz.gz', Buffer.from('no archive'), 422],
      ['empty.tar.gz', Buffer.alloc(0), 422],
      ['zeros.tar.gz', archiveOf([]).subarray(0, 40), 422],
      ['.hidden.tar.gz', content, 422],
      ['a'.repeat(181) + '.tar.gz', content, 422],
    ];
    for (const [name, body, status] of refusals)
      expect((await upload(aikore, name, body)).status).toBe(status);
    const typed = await upload(aikore, 'json.tar.gz', content, { 'content-type': 'text/plain' });
    expect([typed.status, ((await typed.json()) as ErrorBody).code]).toEqual([415, 'NOT_JSON']);
    expect(unfinished(aikore)).toEqual([]);
    expect((await archives()).map(({ file }) => file)).not.toContain('zeros.tar.gz');
  });

  it('may be slow, and need not say how long it is', async () => {
    const content = whole();
    const pieces = Array.from({ length: 10 }, (_each, at) =>
      content.subarray(Math.floor((at * content.length) / 10), Math.floor(((at + 1) * content.length) / 10)),
    );
    expect(await sends('slow.tar.gz', { 'transfer-encoding': 'chunked' }, pieces, false)).toBe(201);
    expect(lstatSync(aikore.path('archives', 'slow.tar.gz')).size).toBe(content.length);
  });

  it('larger than the disk is refused before it comes', async () => {
    const length = { 'content-length': String(1e15) };
    expect(await sends('huge.tar.gz', length, [whole()], false)).toBe(507);
    expect(unfinished(aikore)).toEqual([]);
  });

  it('keeps bodies elsewhere to JSON', async () => {
    const answer = await fetch(new URL('api/instances', aikore.dashboardUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/gzip' },
      body: 'x',
    });
    expect(answer.status).toBe(415);
  });
});

describe('an import', () => {
  it('of settings that could not be written today is refused', async () => {
    await upload(aikore, 'preload.tar.gz', archiveOf([], { settings: { env: { LD_PRELOAD: '/x' } } }));
    const preload = await aikore.api.refused('POST', 'api/archives/preload.tar.gz/import', { new_name: 'p' });
    expect(preload.status).toBe(422);
    await upload(aikore, 'named.tar.gz', archiveOf([], { settings: { base_blueprint: '../../x.sh' } }));
    expect(
      (await aikore.api.refused('POST', 'api/archives/named.tar.gz/import', { new_name: 'p' })).status,
    ).toBe(422);
  });

  it('keeps its archive from being deleted', async () => {
    const large = { name: 'files/large', content: Buffer.alloc(100 * 1024 * 1024, 'x') };
    await upload(aikore, 'used.tar.gz', archiveOf([large]));
    const path = 'api/archives/used.tar.gz/import';
    const operation = await aikore.api.expect<Operation>(202, 'POST', path, { new_name: 'uses it' });
    const refused = await aikore.api.refused('DELETE', 'api/archives/used.tar.gz');
    expect([refused.status, refused.body.code]).toEqual([409, 'ARCHIVE_IN_USE']);
    expect((await ended(aikore, operation)).phase).toBe('done');
  });
});
