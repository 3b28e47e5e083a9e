import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { Emitter } from '../support/emitter.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { LogClient, sha256 } from '../support/log-client.js';
import { residentBytes, startTicksOf } from '../support/processes.js';
import { staysTrue, waitFor } from '../support/wait.js';

const MIB = 1024 * 1024;
/** The smallest: segments of 1 MiB. */
const SMALL = { AIKORE_STOP_GRACE: '1', AIKORE_LOG_MAX_MB: '8' };
const lab = useLab();
let aikore: AiKoreProcess;
let logs: LogClient;

beforeAll(async () => {
  aikore = await lab.start(SMALL);
  logs = new LogClient(aikore);
});

/** Names of a run's old segments, oldest first. */
const oldSegments = (name: string, run: number, of = aikore): string[] =>
  existsSync(of.home(name, 'logs'))
    ? readdirSync(of.home(name, 'logs'))
        .filter((file) => file.startsWith(`${run}.`) && file.endsWith('.log'))
        .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    : [];

/** What `numbers-lines.sh` prints. */
function numbered(lines: number): Buffer {
  return Buffer.from(
    Array.from({ length: lines }, (_, line) => `${String(line + 1).padStart(99, '0')}\n`).join(''),
  );
}

async function startNumbering(of: AiKoreProcess, name: string): Promise<number> {
  const { id } = await of.api.create({ name, base_blueprint: 'numbers-lines.sh' });
  await of.api.startUp(id);
  return id;
}

const go = (of: AiKoreProcess, name: string, lines: number) => writeFileSync(of.home(name, 'go'), `${lines}`);
const isDone = (of: AiKoreProcess, name: string) => existsSync(of.home(name, 'done'));

describe('a log that grows beyond a segment', () => {
  it('is cut at line ends, loses nothing and keeps its order, and every offset of it can be read', async () => {
    const id = await startNumbering(aikore, 'flood');
    const expected = numbered(60_000);
    go(aikore, 'flood', 60_000);
    await waitFor('it has printed all', () => isDone(aikore, 'flood'), 60_000);
    await waitFor(
      'all is in the log',
      async () => (await logs.slice(id, '?offset=-1')).size === expected.length,
    );

    const segments = oldSegments('flood', 1);
    expect(segments.length).toBe(5);
    let base = 0;
    for (const file of segments) {
      expect(file).toBe(base === 0 ? '1.log' : `1.${String(base).padStart(15, '0')}.log`);
      const bytes = readFileSync(aikore.home('flood', 'logs', file));
      expect(bytes.at(-1)).toBe(10);
      expect(bytes.length).toBeLessThanOrEqual(1.2 * MIB);
      base += bytes.length;
    }
    expect(base + statSync(aikore.home('flood', 'output.log')).size).toBe(expected.length);

    const whole = await logs.download(id);
    expect([whole.sizeBytes, whole.sha256]).toEqual([expected.length, sha256(expected)]);
    expect(whole.headers.get('content-length')).toBe(String(expected.length));
    for (const offset of [0, 1, base - 150, base - 1, base, base + 1, 3 * MIB, expected.length - 7]) {
      const piece = await logs.slice(id, `?offset=${offset}&limit=400`);
      expect(piece).toMatchObject({ offset, size: expected.length });
      expect(piece.content).toBe(expected.toString('latin1', offset, offset + 400));
    }
    expect(sha256(await logs.readAll(id, 700_001))).toBe(sha256(expected));
    const head = await logs.request(id, '', 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(expected.length)]);

    // The times of each segment begin with its offset.
    for (const file of segments.slice(1)) {
      const times = readFileSync(aikore.home('flood', 'logs', `${file}.times`));
      expect(times.length % 16).toBe(0);
      expect(Number(times.readBigUInt64LE())).toBe(Number(file.split('.')[1]));
    }
    await aikore.api.shutDown(id);
    rmSync(aikore.home('flood', 'go'));
    await aikore.api.startUp(id);
    const former = await logs.download(id, '?run=1');
    expect([former.sizeBytes, former.sha256]).toEqual([expected.length, sha256(expected)]);
    await aikore.api.shutDown(id);
  });

  it('goes on being cut while AiKore is dead, and is whole when it is back', async () => {
    let own = await lab.start({ ...SMALL, AIKORE_KEEP_INSTANCES: '1' });
    const id = await startNumbering(own, 'orphan');
    const { pid } = await own.api.instance(id);
    const ticks = startTicksOf(Number(pid));
    await own.signal('SIGKILL');
    const expected = numbered(50_000);
    go(own, 'orphan', 50_000);
    await waitFor('it has printed all', () => isDone(own, 'orphan'), 60_000);
    expect(oldSegments('orphan', 1, own).length).toBe(4);
    own = await lab.start(SMALL, own.dataDir);
    const back = await own.api.reaches(id, 'started');
    expect([back.pid, startTicksOf(Number(pid))]).toEqual([pid, ticks]);
    const whole = await new LogClient(own).download(id);
    expect([whole.sizeBytes, whole.sha256]).toEqual([expected.length, sha256(expected)]);
    await own.stop();
  });

  it('is followed across the cuts without a gap and without anything twice', async () => {
    const emitter = await Emitter.start(aikore, 'followed');
    const viewer = await EventsClient.open(aikore);
    viewer.follow(emitter.id, 0);
    await waitFor('it follows', () => viewer.pieces(emitter.id).length === 1);
    let printed = '';
    for (let round = 0; round < 30; round += 1) {
      const text = `round ${round} ${'größer 🙂 '.repeat(8_000)}\n`;
      printed += text;
      await emitter.print(text);
      await waitFor(
        'the viewer has it',
        () => viewer.pieces(emitter.id).at(-1)?.next_offset === emitter.totalBytes,
      );
    }
    expect(oldSegments('followed', 1).length).toBeGreaterThanOrEqual(2);
    expect(sha256(viewer.text(emitter.id))).toBe(sha256(printed));
    expect(viewer.pieces(emitter.id).reduce((sum, piece) => sum + piece.skipped_bytes, 0)).toBe(0);
    viewer.end();
    await aikore.api.shutDown(emitter.id);
  });

  it('is downloaded whole while it is cut and its oldest segments are dropped', async () => {
    const id = await startNumbering(aikore, 'moving');
    go(aikore, 'moving', 400_000);
    const hashes: boolean[] = [];
    while (!isDone(aikore, 'moving') || hashes.length < 3) {
      const answer = await logs.request(id);
      if (answer.status === 404) continue;
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(String(bytes.length)).toBe(answer.headers.get('content-length'));
      const first = Number(
        /-from-(\d+)\.log/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 0,
      );
      hashes.push(isNumbering(bytes, first));
    }
    expect(hashes).not.toContain(false);
    await aikore.api.shutDown(id);
  });

  it('that ends no line is cut all the same', async () => {
    const emitter = await Emitter.start(aikore, 'endless');
    const line = Buffer.alloc(5 * MIB, 'aé€🙂');
    await emitter.print(line);
    expect(oldSegments('endless', 1).length).toBe(4);
    expect((await logs.download(emitter.id)).sha256).toBe(sha256(line));
    expect(sha256(await logs.readAll(emitter.id, 4 * MIB))).toBe(sha256(line.toString('utf8')));
    await aikore.api.shutDown(emitter.id);
  });

  it('stays in its file as long as the folder cannot be used, and is cut when it can', async () => {
    const emitter = await Emitter.start(aikore, 'stubborn');
    writeFileSync(emitter.file('logs'), 'in the way');
    const first = numbered(30_000);
    await emitter.print(first);
    expect(statSync(emitter.file('output.log')).size).toBe(first.length);
    rmSync(emitter.file('logs'));
    mkdirSync(emitter.file('logs'));
    // It tries again after a second, with the next output.
    await waitFor(
      'it is cut',
      async () => {
        await emitter.print('and on\n');
        return oldSegments('stubborn', 1).length === 1;
      },
      20_000,
    );
    const { content } = await logs.slice(emitter.id, `?offset=${first.length}`);
    expect(content).toBe('and on\n'.repeat((emitter.totalBytes - first.length) / 7));
    await aikore.api.shutDown(emitter.id);
  });
});

/** Whether bytes are numbered lines without a gap, from an offset on. */
function isNumbering(bytes: Buffer, offset: number): boolean {
  const expected = createHash('sha256');
  for (let line = offset / 100 + 1, done = 0; done < bytes.length; line += 1, done += 100) {
    const text = `${String(line).padStart(99, '0')}\n`;
    expected.update(text.slice(0, bytes.length - done));
  }
  return offset % 100 === 0 && expected.digest('hex') === sha256(bytes);
}

describe('the limit', () => {
  it('drops the oldest first: segments of the run while it runs, then runs; what is left is told honestly', async () => {
    const id = await startNumbering(aikore, 'limited');
    go(aikore, 'limited', 200_000);
    await waitFor('it has printed all', () => isDone(aikore, 'limited'), 60_000);
    const size = 20_000_000;
    await waitFor('all is in the log', async () => (await logs.slice(id, '?offset=-1')).size === size);
    const first = Number(oldSegments('limited', 1)[0]?.split('.')[1]);
    expect(first).toBeGreaterThan(11 * MIB);
    expect(await logs.slice(id, '?limit=100')).toMatchObject({
      offset: first,
      next_offset: first + 100,
      size,
      content: `${String(first / 100 + 1).padStart(99, '0')}\n`,
    });
    const kept = await logs.download(id);
    expect(kept.sizeBytes).toBe(size - first);
    expect(kept.headers.get('content-disposition')).toContain(`limited-run-1-from-${first}.log`);

    const totalBytes = () =>
      readdirSync(aikore.home('limited', 'logs')).reduce(
        // A segment may be dropped between the listing and this look at it.
        (sum, file) =>
          sum + (statSync(aikore.home('limited', 'logs', file), { throwIfNoEntry: false })?.size ?? 0),
        statSync(aikore.home('limited', 'output.log')).size,
      );
    expect(totalBytes()).toBeLessThanOrEqual(8.3 * MIB);
    await aikore.api.shutDown(id);
    // The next run takes its place step by step; the end of the one before stays longest.
    rmSync(aikore.home('limited', 'go'));
    rmSync(aikore.home('limited', 'done'));
    await aikore.api.startUp(id);
    expect((await logs.slice(id, '?run=1&offset=-100')).content).toBe(`${'200000'.padStart(99, '0')}\n`);
    go(aikore, 'limited', 40_000);
    await waitFor('it has printed all', () => isDone(aikore, 'limited'), 60_000);
    await waitFor(
      'the first run made room',
      () => totalBytes() <= 8.3 * MIB && oldSegments('limited', 1).length > 0,
    );
    expect((await logs.slice(id, '?run=1&offset=-100')).content).toBe(`${'200000'.padStart(99, '0')}\n`);
    expect((await logs.download(id)).sha256).toBe(sha256(numbered(40_000)));
    rmSync(aikore.home('limited', 'go'));
    rmSync(aikore.home('limited', 'done'));
    await aikore.api.shutDown(id);
    await aikore.api.startUp(id);
    go(aikore, 'limited', 100_000);
    await waitFor('the first run is dropped', () => oldSegments('limited', 1).length === 0, 60_000);
    const gone = await aikore.api.refused('GET', `api/instances/${id}/logs?run=1`);
    expect([gone.status, gone.body.message]).toEqual([404, 'The log of run 1 is not kept.']);
    expect(await aikore.api.expect<unknown[]>(200, 'GET', `api/instances/${id}/runs`)).toHaveLength(3);
    await aikore.api.shutDown(id);
  });
});

describe('a viewer that does not read', () => {
  it('costs little memory while the log is cut and dropped under it, and then gets what is left (R24)', async () => {
    const id = await startNumbering(aikore, 'unread');
    const viewer = await EventsClient.open(aikore);
    viewer.follow(id, 0);
    await waitFor('it follows', () => viewer.pieces(id).length === 1);
    viewer.socket.pause();
    const beforeBytes = residentBytes(aikore.pid);
    let highestBytes = beforeBytes;
    go(aikore, 'unread', 300_000);
    await waitFor(
      'it has printed all',
      () => {
        highestBytes = Math.max(highestBytes, residentBytes(aikore.pid));
        return isDone(aikore, 'unread');
      },
      60_000,
    );
    expect((highestBytes - beforeBytes) / MIB).toBeLessThan(32);
    viewer.socket.resume();
    await waitFor('it has the end', () => viewer.pieces(id).at(-1)?.next_offset === 30_000_000, 20_000);
    const told = viewer
      .pieces(id)
      .reduce((sum, { content, skipped_bytes }) => sum + content.length + skipped_bytes, 0);
    expect(told).toBe(30_000_000);
    await staysTrue('nothing comes twice', () => viewer.pieces(id).at(-1)?.next_offset === 30_000_000, 300);
    viewer.end();
    await aikore.api.shutDown(id);
  });
});
