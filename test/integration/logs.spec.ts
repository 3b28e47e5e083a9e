import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { LogSlice } from '../../src/contracts/instance.js';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';

const lab = useLab();
let aikore: AiKoreProcess;
let quiet: number;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
  quiet = (await aikore.api.create({ name: 'quiet', base_blueprint: 'idles.sh' })).id;
  await aikore.api.startUp(quiet);
  await aikore.api.shutDown(quiet);
});

const slice = (id: number, query = '') =>
  aikore.api.expect<LogSlice>(200, 'GET', `api/instances/${id}/logs${query}`);
const log = () => aikore.home('quiet', 'output.log');

async function download(
  id: number,
  query = '',
): Promise<{ bytes: Buffer; headers: Headers; status: number }> {
  const answer = await fetch(`${aikore.dashboardUrl}api/instances/${id}/logs/download${query}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  return {
    bytes: Buffer.from(await answer.arrayBuffer()),
    headers: answer.headers,
    status: answer.status,
  };
}

describe('a piece of a log', () => {
  it('is cut by byte offsets, counted from the end when negative', async () => {
    writeFileSync(log(), '0123456789');
    expect(await slice(quiet)).toEqual({
      content: '0123456789',
      offset: 0,
      next_offset: 10,
      size: 10,
      run: 1,
    });
    expect(await slice(quiet, '?offset=4')).toMatchObject({ content: '456789', offset: 4, next_offset: 10 });
    expect(await slice(quiet, '?offset=-3')).toMatchObject({ content: '789', offset: 7, next_offset: 10 });
    expect(await slice(quiet, '?offset=-300')).toMatchObject({ content: '0123456789', offset: 0 });
    expect(await slice(quiet, '?offset=300')).toMatchObject({
      content: '',
      offset: 10,
      next_offset: 10,
      size: 10,
    });
    expect(await slice(quiet, '?offset=2&limit=5')).toMatchObject({
      content: '23456',
      offset: 2,
      next_offset: 7,
    });
    expect(await slice(quiet, '?offset=-8&limit=4')).toMatchObject({
      content: '2345',
      offset: 2,
      next_offset: 6,
    });
  });

  it('never cuts a character, and reading on from piece to piece gives all of it', async () => {
    const text = 'aé€🙂'.repeat(50);
    writeFileSync(log(), text);
    for (const limit of [1, 2, 3, 4, 5, 7, 64]) {
      let read = '';
      let offset = 0;
      for (let rounds = 0; offset < Buffer.byteLength(text); rounds += 1) {
        expect(rounds).toBeLessThan(600);
        const piece = await slice(quiet, `?offset=${offset}&limit=${limit}`);
        expect(piece.offset).toBe(offset);
        expect(piece.next_offset).toBe(offset + Buffer.byteLength(piece.content));
        read += piece.content;
        offset = piece.next_offset;
      }
      expect(read).toBe(text);
    }
    for (let back = 1; back <= 12; back += 1) {
      const piece = await slice(quiet, `?offset=-${back}`);
      expect(text.endsWith(piece.content)).toBe(true);
      expect(piece.content).not.toContain('\ufffd');
      expect(piece.offset + Buffer.byteLength(piece.content)).toBe(piece.size);
    }
  });

  it('of a log that does not exist is empty', async () => {
    const { id } = await aikore.api.create({ name: 'never started', base_blueprint: 'idles.sh' });
    expect(await slice(id)).toEqual({ content: '', offset: 0, next_offset: 0, size: 0, run: 0 });
    expect((await download(id)).status).toBe(404);
  });

  it.each([
    '?offset=x',
    '?offset=1.5',
    '?limit=0',
    '?limit=-1',
    '?run=-1',
    '?run=x',
    '?offset=1&offset=2',
    '?limit=',
  ])('%s is refused', async (query) => {
    expect((await aikore.api.refused('GET', `api/instances/${quiet}/logs${query}`)).status).toBe(422);
  });

  it('is never larger than four megabytes, whatever is asked for', async () => {
    writeFileSync(log(), 'x'.repeat(6_000_000));
    const piece = await slice(quiet, '?limit=999999999');
    expect(piece.content.length).toBe(4 * 1024 * 1024);
    expect(piece.size).toBe(6_000_000);
  });
});

describe('logs of earlier runs', () => {
  it('are kept and asked for by their number', async () => {
    writeFileSync(
      aikore.path('custom_blueprints', 'numbered.sh'),
      'n=$(($(cat n 2>/dev/null || echo 0) + 1)); echo "$n" >n; echo "this is run $n"\n',
    );
    const { id } = await aikore.api.create({ name: 'numbered', base_blueprint: 'numbered.sh' });
    for (let run = 1; run <= 5; run += 1) {
      await aikore.api.command(id, 'start');
      await aikore.api.reaches(id, 'error');
    }
    expect(await slice(id)).toMatchObject({ content: 'this is run 5\n', run: 5 });
    expect(await slice(id, '?run=5')).toMatchObject({ content: 'this is run 5\n', run: 5 });
    for (let run = 1; run < 5; run += 1) {
      expect(await slice(id, `?run=${run}`)).toMatchObject({ content: `this is run ${run}\n`, run });
      expect((await download(id, `?run=${run}`)).bytes.toString()).toBe(`this is run ${run}\n`);
    }
    rmSync(aikore.home('numbered', 'logs', '1.log'));
    for (const run of [0, 1, 13, 999_999]) {
      const answer = await aikore.api.refused('GET', `api/instances/${id}/logs?run=${run}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'RUN_NOT_FOUND']);
    }
  });
});

describe('a download', () => {
  it('is the file byte for byte, NULs and half characters included', async () => {
    const { id } = await aikore.api.create({ name: 'binary', base_blueprint: 'prints-bytes.sh' });
    await aikore.api.command(id, 'start');
    await aikore.api.reaches(id, 'error');
    const expected = Buffer.from('a\0b\r\n\xff\xfe\0\xc3', 'latin1');
    expect(readFileSync(aikore.home('binary', 'output.log'))).toEqual(expected);
    const { bytes, headers, status } = await download(id);
    expect(status).toBe(200);
    expect(bytes).toEqual(expected);
    expect(headers.get('content-length')).toBe(String(expected.length));
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="binary-run-1\.log"$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    // As text it is shown, not refused; what is no character becomes the sign for that.
    expect((await slice(id)).content).toBe('a\0b\r\n\ufffd\ufffd\0\ufffd');
  });

  it('of an empty log is empty', async () => {
    writeFileSync(log(), '');
    const { bytes, status } = await download(quiet);
    expect([status, bytes.length]).toEqual([200, 0]);
  });
});

describe('a log that is not a file', () => {
  it('is not followed when it is a link, by no way of asking', async () => {
    rmSync(log());
    symlinkSync('/etc/passwd', log());
    expect(await slice(quiet)).toMatchObject({ content: '', size: 0 });
    expect((await download(quiet)).status).toBe(404);
    const old = aikore.home('quiet', 'logs');
    mkdirSync(old, { recursive: true });
    symlinkSync('/etc/passwd', aikore.home('quiet', 'logs', '7.log'));
    expect((await aikore.api.refused('GET', `api/instances/${quiet}/logs?run=7`)).status).toBe(404);
    expect((await download(quiet, '?run=7')).status).toBe(404);
  });

  it('does not block when it is a pipe, nor fail when it is a folder', async () => {
    rmSync(log());
    execFileSync('mkfifo', [log()]);
    expect(await slice(quiet)).toMatchObject({ content: '', size: 0 });
    rmSync(log());
    mkdirSync(log());
    expect(await slice(quiet)).toMatchObject({ content: '', size: 0 });
    expect((await download(quiet)).status).toBe(404);
    rmSync(log(), { recursive: true });
  });
});
