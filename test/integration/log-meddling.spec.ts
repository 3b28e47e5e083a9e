import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { LogClient, sha256 } from '../support/log-client.js';
import { residentBytes } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const lab = useLab();
let aikore: AiKoreProcess;
let logs: LogClient;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1', AIKORE_LOG_MAX_MB: '8' });
  logs = new LogClient(aikore);
});

/** An instance that does to its log what it is told, and somebody who follows that log. */
async function meddler(name: string) {
  const { id } = await aikore.api.create({ name, base_blueprint: 'handles-log.sh' });
  await aikore.api.startUp(id);
  const viewer = await EventsClient.open(aikore);
  viewer.follow(id, 0);
  await waitFor('it follows', () => viewer.pieces(id).length === 1);
  let count = 0;
  const run = (script: string) => {
    count += 1;
    writeFileSync(aikore.home(name, 'do.part'), script);
    renameSync(aikore.home(name, 'do.part'), aikore.home(name, `do-${count}`));
  };
  const end = async () => {
    viewer.end();
    await aikore.api.command(id, 'kill');
    await aikore.api.reaches(id, 'stopped');
  };
  return {
    id,
    viewer,
    run,
    end,
    sees: (text: string) => waitFor(`it sees ${text}`, () => viewer.text(id).includes(text)),
  };
}

describe('an application that meddles with its log', () => {
  it.each([
    ['truncates it', ': >output.log'],
    ['cuts most of it off', 'truncate -s 5 output.log'],
    ['deletes it', 'rm output.log'],
    ['moves it away', 'mv output.log mine.log'],
    ['puts another file in its place', 'echo "other text" >other; mv other output.log'],
    ['deletes it with all that belongs to it', 'rm -rf output.log output.times logs'],
    ['truncates it and its times', ': >output.log; : >output.times'],
  ])('and %s is followed on, its offsets go on, nothing that follows is lost', async (what, meddling) => {
    const { id, viewer, run, end, sees } = await meddler(`meddles ${what}`);
    const long = 'x'.repeat(50_000);
    run(`echo first ${long}; echo "before it"`);
    await sees('before it\n');
    for (const round of [1, 2, 3]) {
      run(`${meddling}; sleep 0.3; echo "after it ${round}"; sleep 0.1; echo "and on ${round}"`);
      // What is printed before the runner has noticed that the file is elsewhere goes there.
      await sees(`and on ${round}\n`);
    }
    const pieces = viewer.pieces(id);
    for (const [index, piece] of pieces.entries()) {
      const before = pieces[index - 1];
      if (before !== undefined) expect(piece.offset).toBe(before.next_offset + piece.skipped_bytes);
    }
    const { size, content } = await logs.slice(id, '?offset=-9');
    expect(content).toBe('and on 3\n');
    expect(size).toBeGreaterThanOrEqual(50_000);
    expect(pieces.at(-1)?.next_offset).toBe(size);
    // Who comes later sees what is left, under the same offsets.
    const later = await EventsClient.open(aikore);
    later.follow(id, size - 9);
    await waitFor('the later one sees it', () => later.text(id) === 'and on 3\n');
    later.end();
    await end();
    const ended = await logs.slice(id, '?offset=-9');
    expect([ended.content, ended.size]).toEqual(['and on 3\n', size]);
  });

  it('leads nobody to another file by a link in its place', async () => {
    const secret = aikore.path('secret');
    writeFileSync(secret, 'the secret');
    const { id, viewer, run, end, sees } = await meddler('links');
    run('echo "before it"');
    await sees('before it\n');
    run(`rm output.log; ln -s ${secret} output.log; sleep 0.2; echo poison; sleep 0.3; echo more`);
    await sleep(800);
    run('rm output.log; sleep 0.3; echo "after it"; sleep 0.3; echo "and on"');
    await sees('and on\n');
    expect(readFileSync(secret, 'utf8')).toBe('the secret');
    expect(viewer.text(id)).not.toContain('secret');
    expect(viewer.text(id)).toContain('bytes of output dropped');
    run(
      `mkdir -p logs; ln -s ${secret} logs/1.log; rm -r logs; ln -s / logs; head -c 3000000 /dev/zero | tr '\\0' z; echo; echo "the end"`,
    );
    await sees('the end\n');
    expect(existsSync('/1.log')).toBe(false);
    expect((await logs.download(id)).status).toBe(200);
    await end();
    await aikore.api.startUp(id);
    expect(existsSync('/1.log')).toBe(false);
    await aikore.api.command(id, 'kill');
  });
});

describe('a log of a gigabyte (R26)', () => {
  let id: number;
  const path = () => aikore.home('huge', 'output.log');

  beforeAll(async () => {
    ({ id } = await aikore.api.create({ name: 'huge', base_blueprint: 'idles.sh' }));
    await aikore.api.startUp(id);
    await aikore.api.shutDown(id);
    rmSync(path());
    // One line, a hole of NULs but for its ends.
    writeFileSync(path(), 'the beginning');
    truncateSync(path(), GIB);
    writeFileSync(path(), 'the Needle and the end', { flag: 'a' });
  });

  it('that is one line opens at any place at once and costs no memory', async () => {
    await logs.slice(id, '?offset=-262144');
    const beforeBytes = residentBytes(aikore.pid);
    const size = GIB + 22;
    for (const offset of [0, 500_000_000, GIB - 5, -262_144]) {
      const started = performance.now();
      const piece = await logs.slice(id, `?offset=${offset}&limit=262144`);
      // The promise is 50 ms on a quiet machine.
      expect(performance.now() - started).toBeLessThan(1000);
      expect(piece).toMatchObject({ offset: offset < 0 ? size + offset : offset, size });
    }
    expect((residentBytes(aikore.pid) - beforeBytes) / MIB).toBeLessThan(16);
  });

  it('is searched and downloaded in constant memory', async () => {
    const beforeBytes = residentBytes(aikore.pid);
    let highestBytes = beforeBytes;
    const timer = setInterval(() => (highestBytes = Math.max(highestBytes, residentBytes(aikore.pid))), 20);
    let from: string | undefined;
    let found: unknown;
    do {
      const answer = await logs.search(id, { q: 'NEEDLE', ...(from === undefined ? {} : { from }) });
      found = answer.hits[0] ?? found;
      from = answer.next ?? undefined;
    } while (from !== undefined);
    expect(found).toMatchObject({ line_offset: 0, offset: GIB + 4, line: '…the Needle and the end' });
    const { sizeBytes } = await logs.download(id);
    clearInterval(timer);
    expect(sizeBytes).toBe(GIB + 22);
    // When the collector runs is its own affair; a twentieth of the file is no copy of it.
    expect((highestBytes - beforeBytes) / MIB).toBeLessThan(52);
  });

  it('that is truncated while it is downloaded ends the download instead of holding it up', async () => {
    const answer = await logs.request(id);
    const reader = answer.body!.getReader();
    await reader.read();
    truncateSync(path(), 1000);
    const rest = (async () => {
      for (;;) if ((await reader.read()).done) return 'complete';
    })();
    await expect(rest).rejects.toThrow();
    expect((await logs.slice(id)).size).toBe(1000);
  });
});

describe('output that is no text (R26)', () => {
  it('passes the real pipe byte for byte: NULs, half characters, storms of escapes, ten million carriage returns', async () => {
    writeFileSync(
      aikore.path('custom_blueprints', 'noise.sh'),
      `node -e '
        const { writeSync } = require("node:fs");
        const out = (bytes) => { for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at); };
        out(Buffer.alloc(500000));
        out(Buffer.from([0xc3]));
        out(Buffer.from("\\u001b[2J\\u001b[1;31mx".repeat(100000)));
        for (let round = 0; round < 10; round += 1) out(Buffer.alloc(1000000, "\\r"));
        out(Buffer.alloc(3000000, "\\u{1f642}"));
        out(Buffer.from([0xf0, 0x9f]));
      '`,
    );
    const expected = Buffer.concat([
      Buffer.alloc(500_000),
      Buffer.from([0xc3]),
      Buffer.from('\u001b[2J\u001b[1;31mx'.repeat(100_000)),
      Buffer.alloc(10_000_000, '\r'),
      Buffer.alloc(3_000_000, '🙂'),
      Buffer.from([0xf0, 0x9f]),
    ]);
    const big = await lab.start({ AIKORE_STOP_GRACE: '1', AIKORE_LOG_MAX_MB: '64' });
    writeFileSync(
      big.path('custom_blueprints', 'noise.sh'),
      readFileSync(aikore.path('custom_blueprints', 'noise.sh')),
    );
    const { id } = await big.api.create({ name: 'noise', base_blueprint: 'noise.sh' });
    const viewer = await EventsClient.open(big);
    viewer.follow(id, 0);
    await big.api.command(id, 'start');
    await big.api.reaches(id, 'error', 30_000);
    const own = new LogClient(big);
    const whole = await own.download(id);
    expect([whole.sizeBytes, whole.sha256]).toEqual([expected.length, sha256(expected)]);
    expect(readdirSync(big.home('noise', 'logs')).filter((file) => file.endsWith('.log')).length).toBe(1);
    expect(sha256(await own.readAll(id, 1_000_003))).toBe(sha256(expected.toString('utf8')));
    await waitFor('the viewer has the end', () => viewer.pieces(id).at(-1)?.next_offset === expected.length);
    viewer.end();
    await big.stop();
  });
});

describe('an application’s own files in the folder of old logs', () => {
  it('are neither shown as runs nor removed', async () => {
    const { id } = await aikore.api.create({ name: 'diary', base_blueprint: 'idles.sh' });
    mkdirSync(aikore.home('diary', 'logs'), { recursive: true });
    for (const file of ['20240101.log', 'x.log', '5.1.log', '01.log'])
      writeFileSync(aikore.home('diary', 'logs', file), 'idling elsewhere\n');
    for (let run = 1; run <= 2; run += 1) {
      await aikore.api.startUp(id);
      await aikore.api.shutDown(id);
    }
    const { hits } = await logs.search(id, { q: 'idling' });
    expect(hits.map(({ run, line }) => [run, line])).toEqual([
      [2, 'idling'],
      [1, 'idling'],
    ]);
    expect(readdirSync(aikore.home('diary', 'logs')).filter((file) => file.endsWith('.log'))).toHaveLength(5);
  });
});
