import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { LogHit, LogSearchResult } from '../../src/contracts/instance.js';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { Emitter } from '../support/emitter.js';
import { useLab } from '../support/lab.js';
import { LogClient } from '../support/log-client.js';
import { waitFor } from '../support/wait.js';

const MIB = 1024 * 1024;
const lab = useLab();
let aikore: AiKoreProcess;
let logs: LogClient;
let emitter: Emitter;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1', AIKORE_LOG_MAX_MB: '8' });
  logs = new LogClient(aikore);
  emitter = await Emitter.start(aikore, 'searched');
});

/** Follows `next` to the end. */
async function searchAll(id: number, query: Record<string, string>): Promise<LogHit[]> {
  const hits: LogHit[] = [];
  let from: string | null = null;
  do {
    const answer: LogSearchResult = await logs.search(id, { ...query, ...(from === null ? {} : { from }) });
    hits.push(...answer.hits);
    from = answer.next;
    expect(answer.is_complete).toBe(from === null);
  } while (from !== null);
  return hits;
}

const matchOf = ({ line, match_start, match_length }: LogHit) =>
  line.slice(match_start, match_start + match_length);

describe('a search', () => {
  it('finds lines as plain text, with the place of the match, in both cases or exactly', async () => {
    const text =
      'first line\n\u001b[31mRuntimeError\u001b[0m: CUDA Out Of Memory\r\n' +
      ' 10 %|█| loss 1\r 20 %|██| loss 2\r\nGrüße aus der Ferne error ERROR error\nthe end, no line break';
    await emitter.print(text);
    const offsetOf = (part: string) => Buffer.from(text.slice(0, text.indexOf(part))).length;
    const { hits, is_complete, next, searched_bytes } = await logs.search(emitter.id, { q: 'out of memory' });
    expect(hits).toEqual([
      {
        run: 1,
        line_offset: offsetOf('\u001b[31mRuntime'),
        offset: offsetOf('Out Of'),
        line: 'RuntimeError: CUDA Out Of Memory',
        match_start: 19,
        match_length: 13,
      },
    ]);
    expect([is_complete, next, searched_bytes]).toEqual([true, null, Buffer.byteLength(text)]);
    expect((await logs.search(emitter.id, { q: 'out of memory', case: '1' })).hits).toEqual([]);
    // One hit a line; of a progress bar the state that holds it.
    const error = (await logs.search(emitter.id, { q: 'ERROR' })).hits;
    expect(error.map(matchOf)).toEqual(['Error', 'error']);
    expect((await logs.search(emitter.id, { q: 'loss 2' })).hits.map(({ line }) => line)).toEqual([
      ' 20 %|██| loss 2',
    ]);
    expect((await logs.search(emitter.id, { q: 'no line break' })).hits.map(matchOf)).toEqual([
      'no line break',
    ]);
    const umlaut = (await logs.search(emitter.id, { q: 'grüße' })).hits;
    expect(umlaut.map(matchOf)).toEqual(['Grüße']);
    expect((await logs.search(emitter.id, { q: 'GRÜSSE' })).hits).toEqual([]);
    expect((await logs.search(emitter.id, { q: 'GRÜßE' })).hits).toEqual([]);
  });

  it('finds matches across the borders of blocks and segments, each once, and agrees with a plain search', async () => {
    const own = await Emitter.start(aikore, 'bordering');
    // 1 MiB is the size of a block and of a segment: matches lie at all places around both.
    const lines = Array.from(
      { length: 45_000 },
      (_, line) => `${'.'.repeat(line % 97)}needle-${line}${'-'.repeat(line % 53)}\n`,
    );
    const text = lines.join('');
    await own.print(text);
    expect(readdirSync(own.file('logs')).length).toBeGreaterThan(4);
    const hits = await searchAll(own.id, { q: 'NEEDLE-', limit: '1000' });
    expect(hits.length).toBe(lines.length);
    let lineOffset = 0;
    for (const [index, line] of lines.entries()) {
      const hit = hits[index];
      expect([hit?.line_offset, hit?.offset, hit?.line]).toEqual([
        lineOffset,
        lineOffset + (index % 97),
        line.trimEnd(),
      ]);
      lineOffset += line.length;
    }
    await aikore.api.shutDown(own.id);
  });

  it('goes through a line without end and shows a window of it, matches apart told apart', async () => {
    const own = await Emitter.start(aikore, 'endless');
    const line = Buffer.alloc(6 * MIB, 'aé€🙂 ');
    const places = [0, 1 * MIB - 3, 2 * MIB + 5, 5_000_000, 5_010_000, 6 * MIB - 9];
    for (const place of places) line.write('<NEEDLE!>', place);
    await own.print(line);
    const hits = await searchAll(own.id, { q: '<needle!>' });
    expect(hits.map(({ offset }) => offset)).toEqual(places);
    for (const hit of hits) {
      expect([hit.line_offset, matchOf(hit)]).toEqual([0, '<NEEDLE!>']);
      expect(hit.line.length).toBeLessThan(2200);
    }
    expect(hits[2]?.line.startsWith('…')).toBe(true);
    expect(hits[2]?.line.endsWith('…')).toBe(true);
    // Where a search goes on in the middle of the line it still knows where that began.
    const one = await logs.search(own.id, { q: '<needle!>', limit: '1' });
    const two = await logs.search(own.id, { q: '<needle!>', limit: '1', from: String(one.next) });
    expect([two.hits[0]?.offset, two.hits[0]?.line_offset]).toEqual([places[1], 0]);
    await aikore.api.shutDown(own.id);
  });

  it('goes through NULs, bytes that are no text, escape sequences and overwritten lines', async () => {
    const own = await Emitter.start(aikore, 'noise');
    const storm = '\u001b[2K\u001b[38;5;196mx\u001b[0m'.repeat(40_000);
    const noise = Buffer.concat([
      Buffer.alloc(300_000),
      Buffer.from([0xff, 0xfe, 0xc3, 0x0a]),
      Buffer.from(`${storm}\nfound \u0000here\n`),
      Buffer.from(`${' 42 %\r'.repeat(100_000)}found there\n`),
      Buffer.from('half \ud83d\ude42'.slice(0, 6)).subarray(0, -1),
      Buffer.from('\xc3found last', 'latin1'),
    ]);
    await own.print(noise);
    const hits = await searchAll(own.id, { q: 'found' });
    expect(hits.map(({ line }) => line)).toEqual([
      'found here',
      'found there',
      expect.stringMatching(/found last$/),
    ]);
    await aikore.api.shutDown(own.id);
  });

  it('covers all runs, newest first, or one; and says when a run is not kept', async () => {
    writeFileSync(
      aikore.path('custom_blueprints', 'numbered.sh'),
      'n=$(($(cat n 2>/dev/null || echo 0) + 1)); echo "$n" >n; echo "this is run $n"; echo "again run $n"\n',
    );
    const { id } = await aikore.api.create({ name: 'numbered', base_blueprint: 'numbered.sh' });
    expect(await logs.search(id, { q: 'x' })).toEqual({
      hits: [],
      is_complete: true,
      next: null,
      resume: null,
      searched_bytes: 0,
    });
    for (let run = 1; run <= 3; run += 1) {
      await aikore.api.command(id, 'start');
      await aikore.api.reaches(id, 'error');
    }
    const lines = (hits: LogHit[]) => hits.map(({ run, line }) => `${run}: ${line}`);
    const all = [3, 2, 1].flatMap((run) => [`${run}: this is run ${run}`, `${run}: again run ${run}`]);
    expect(lines((await logs.search(id, { q: 'run' })).hits)).toEqual(all);
    for (const limit of ['1', '2', '3', '5'])
      expect(lines(await searchAll(id, { q: 'run', limit }))).toEqual(all);
    expect(lines((await logs.search(id, { q: 'run', run: '2' })).hits)).toEqual(all.slice(2, 4));
    const gone = await aikore.api.refused('GET', `api/instances/${id}/logs/search?q=x&run=9`);
    expect([gone.status, gone.body.code]).toEqual([404, 'RUN_NOT_FOUND']);
  });

  it('of a log that grows comes to an end, and finds what was there when it began', async () => {
    const { id } = await aikore.api.create({ name: 'growing', base_blueprint: 'numbers-lines.sh' });
    await aikore.api.startUp(id);
    writeFileSync(aikore.home('growing', 'go'), '300000');
    let rounds = 0;
    while (!existsSync(aikore.home('growing', 'done')) || rounds < 3) {
      const { hits, next } = await logs.search(id, { q: '000\n'.trim(), limit: '1000' });
      for (const hit of hits) expect(hit.line).toMatch(/^\d{96}000$|000/);
      expect(next === null || /^1:\d+:\d+$/.test(next)).toBe(true);
      rounds += 1;
    }
    await aikore.api.shutDown(id);
  });

  it('ends when nobody waits for it any more, and many at once leave AiKore responsive', async () => {
    const own = await Emitter.start(aikore, 'busy');
    await own.print(Buffer.alloc(6 * MIB, 'nothing to see here\n'));
    const path = `${aikore.dashboardUrl}api/instances/${own.id}/logs/search?q=zzz`;
    for (let count = 0; count < 20; count += 1) {
      const call = request(path, { headers: { authorization: `Bearer ${TOKEN}` } }).on(
        'error',
        () => undefined,
      );
      call.end();
      setTimeout(() => call.destroy(), 5 + count);
    }
    // With those that may not have gone yet no more than may wait.
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => logs.search(own.id, { q: 'not there' })),
    );
    expect(answers.every(({ hits, is_complete }) => hits.length === 0 && is_complete)).toBe(true);
    const open = () => readdirSync(`/proc/${aikore.pid}/fd`).map((fd) => linkOf(aikore.pid, fd));
    await waitFor('no log is open', () => open().every((path) => !path.includes('/instances/busy/')));
    await aikore.api.shutDown(own.id);
  });
});

function linkOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return '';
  }
}

describe('a wrong search', () => {
  const long = 'x'.repeat(201);
  it.each([
    ['', ['q']],
    ['?q=', ['q']],
    [`?q=${long}`, ['q']],
    ['?q=a%00b', ['q']],
    ['?q=a%0Ab', ['q']],
    ['?q=a&q=b', ['q']],
    ['?q=x&limit=0', ['limit']],
    ['?q=x&limit=-1', ['limit']],
    ['?q=x&limit=1001', ['limit']],
    ['?q=x&limit=NaN', ['limit']],
    ['?q=x&limit=1e3', ['limit']],
    ['?q=x&limit=99999999999999999999', ['limit']],
    ['?q=x&limit=1&limit=2', ['limit']],
    ['?q=x&run=-1', ['run']],
    ['?q=x&run=x', ['run']],
    ['?q=x&run=', ['run']],
    ['?q=x&run=1&run=2', ['run']],
    ['?q=x&case=2', ['case']],
    ['?q=x&case=true', ['case']],
    ['?q=x&case=0&case=1', ['case']],
    ['?q=x&from=5', ['from']],
    ['?q=x&from=1:2:3', ['from']],
    ['?q=x&from=1:-2:0', ['from']],
    ['?q=x&run=1&from=2:0:0', ['from']],
    ['?q=x&from=1:0:0&from=1:0:0', ['from']],
    ['?limit=x&case=x&run=x&from=x', ['case', 'from', 'limit', 'q', 'run']],
  ])('%s names what is wrong', async (query, fields) => {
    const answer = await aikore.api.refused('GET', `api/instances/${emitter.id}/logs/search${query}`);
    expect([answer.status, Object.keys(answer.body.details).sort()]).toEqual([422, fields]);
  });

  it('beyond the end of a log finds nothing', async () => {
    const answer = await logs.search(emitter.id, { q: 'line', from: '1:999999999999999:0' });
    expect(answer).toEqual({ hits: [], is_complete: true, next: null, resume: '1:0:0', searched_bytes: 0 });
    expect((await aikore.api.refused('GET', 'api/instances/99999/logs/search?q=x')).status).toBe(404);
  });
});
