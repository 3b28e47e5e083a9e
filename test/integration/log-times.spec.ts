import { beforeAll, describe, expect, it } from '@jest/globals';
import { appendFileSync, writeFileSync } from 'node:fs';
import type { KeptLog, LogTimes } from '../../src/contracts/logs.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { Emitter } from '../support/emitter.js';
import { useLab } from '../support/lab.js';
import { LogClient } from '../support/log-client.js';

const MIB = 1024 * 1024;

describe('the times and runs of logs', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let emitter: Emitter;
  let logs: LogClient;

  const times = (query: string): Promise<LogTimes> =>
    aikore.api.expect(200, 'GET', `api/instances/${emitter.id}/logs/times?${query}`);
  const runs = (): Promise<KeptLog[]> =>
    aikore.api.expect(200, 'GET', `api/instances/${emitter.id}/logs/runs`);
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));

  beforeAll(async () => {
    aikore = await lab.start({ AIKORE_LOG_MAX_MB: '8' });
    emitter = await Emitter.start(aikore, 'Timed');
    logs = new LogClient(aikore);
  });

  it('tell when a place was printed, and which place was printed by a moment', async () => {
    const printedMs: number[] = [];
    for (const line of ['first\n', 'second\n', 'third\n']) {
      printedMs.push(Date.now());
      await emitter.print(line);
      await pause();
    }
    const { entries, next_offset } = await times('offset=0&limit=100');
    expect(entries.map(({ offset }) => offset)).toEqual([0, 6, 13]);
    entries.forEach(({ at_ms }, index) =>
      expect(Math.abs(at_ms - (printedMs[index] ?? 0))).toBeLessThan(10_000),
    );
    expect(next_offset).toBeNull();
    // The one that counts at the beginning of a stretch may lie before it.
    expect((await times('offset=8&limit=2')).entries.map(({ offset }) => offset)).toEqual([6]);
    const between = ((entries[1]?.at_ms ?? 0) + (entries[2]?.at_ms ?? 0)) / 2;
    expect((await times(`at=${Math.floor(between)}`)).entries).toEqual([entries[1]]);
    expect((await times('at=0')).entries).toEqual([entries[0]]);
    expect((await times(`at=${Date.now() + 1e6}`)).entries).toEqual([entries[2]]);
  });

  it('are believed only as far as a log and a clock reach', async () => {
    const forged = Buffer.alloc(48, 0xff);
    forged.writeBigUInt64LE(3n, 16);
    forged.writeBigUInt64LE(5n, 24);
    appendFileSync(emitter.file('output.times'), forged);
    const { entries } = await times('offset=0&limit=1000000');
    expect(entries.map(({ offset }) => offset)).toEqual([0, 6, 13]);
    writeFileSync(emitter.file('output.times'), 'x'.repeat(33));
    expect((await times('offset=0')).entries.every(({ offset }) => offset <= 2 ** 50)).toBe(true);
    for (const wrong of ['offset=-1', 'limit=0', 'at=x', 'at=-5', 'run=1e3'])
      expect(
        (await aikore.api.refused('GET', `api/instances/${emitter.id}/logs/times?${wrong}`)).status,
      ).toBe(422);
    expect((await times('run=77')).entries).toEqual([]);
  });

  it('lead across the files that a run was cut into, and know what is no longer kept', async () => {
    for (let turn = 0; turn < 12; turn += 1) await emitter.print(`${'x'.repeat(99)}\n`.repeat(MIB / 100));
    const [kept] = await runs();
    expect(kept?.first_offset).toBeGreaterThan(0);
    expect(kept?.size).toBe(emitter.totalBytes);
    const { entries } = await times(`offset=${kept?.first_offset ?? 0}&limit=${20 * MIB}`);
    const offsets = entries.map(({ offset }) => offset);
    expect(offsets.length).toBeGreaterThan(3);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    expect(offsets.at(-1)).toBeGreaterThan(emitter.totalBytes - 2 * MIB);
  });

  it('list the runs that are kept, and download them all at once', async () => {
    await aikore.api.shutDown(emitter.id);
    await aikore.api.startUp(emitter.id);
    const kept = await runs();
    expect(kept.map(({ run }) => run)).toEqual([2, 1]);
    const answer = await logs.request(emitter.id, '?run=all');
    expect(answer.headers.get('content-disposition')).toContain('timed-all-runs.log');
    const text = await answer.text();
    const heads = text.split('\n').filter((line) => line.startsWith('====='));
    expect(heads).toEqual([
      `===== Timed, run 1, from byte ${kept[1]?.first_offset ?? 0} on =====`,
      // It prints all anew, and may have come so far that the beginning is let go.
      expect.stringMatching(/^===== Timed, run 2(, from byte \d+ on)? =====$/),
    ]);
    expect((await logs.request(emitter.id, '?run=all', 'HEAD')).status).toBe(200);
    const { id } = await aikore.api.create({ name: 'Never ran', base_blueprint: 'idles.sh' });
    expect((await aikore.api.refused('GET', `api/instances/${id}/logs/download?run=all`)).status).toBe(404);
    expect(await aikore.api.expect(200, 'GET', `api/instances/${id}/logs/runs`)).toEqual([]);
  });

  it('a search says where to go on when more has been printed', async () => {
    const talker = await Emitter.start(aikore, 'Talker');
    await talker.print('needle one\nan open nee');
    const first = await logs.search(talker.id, { q: 'needle', brief: '1' });
    expect(first.hits).toEqual([
      { run: 1, line_offset: 0, offset: 0, line: '', match_start: 0, match_length: 0 },
    ]);
    await talker.print('dle\nneedle three\n');
    const later = await logs.search(talker.id, { q: 'needle', from: first.resume ?? '' });
    expect(later.hits.map(({ line }) => line)).toEqual(['an open needle', 'needle three']);
  });
});
