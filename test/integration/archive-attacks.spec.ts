import { beforeAll, describe, expect, it } from '@jest/globals';
import { closeSync, existsSync, lstatSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Archive, Operation } from '../../src/contracts/operation.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { SCRIPT, archiveOf, headText } from '../support/archives.js';
import { useLab } from '../support/lab.js';
import { gz, paxEntry, rawEntry, tarOf } from '../support/tar.js';
import type { RawEntry } from '../support/tar.js';
import { ended, picture, unfinished, upload } from '../support/transfers.js';

const lab = useLab();
let aikore: AiKoreProcess;
let count = 0;

beforeAll(async () => {
  aikore = await lab.start();
});

/** Imports it. @returns how that ended: a status, or an operation */
async function fate(content: Uint8Array): Promise<{ refused: number } | Operation> {
  const name = `attack ${(count += 1)}`;
  const sent = await upload(aikore, `${name}.tar.gz`, content);
  if (sent.status !== 201) return { refused: sent.status };
  const path = `api/archives/${encodeURIComponent(name)}.tar.gz/import`;
  const begun = await aikore.api.send<Operation>('POST', path, { new_name: name });
  return begun.status === 202 ? ended(aikore, begun.body) : { refused: begun.status };
}

/** It was refused, and nothing is left of it. */
async function expectRefused(content: Uint8Array): Promise<void> {
  const end = await fate(content);
  if ('refused' in end) expect(end.refused).toBe(422);
  else {
    expect(end).toMatchObject({
      phase: 'failed',
      message: expect.stringContaining('The archive was refused.'),
    });
    expect(end.message?.length).toBeLessThan(600);
  }
  expect(unfinished(aikore)).toEqual([]);
  expect(existsSync(aikore.home(`attack ${count}`))).toBe(false);
}

const file = (name: string | Buffer, more: Partial<RawEntry> = {}): RawEntry => ({
  name,
  content: 'evil',
  ...more,
});
const link = (name: string, linkname: string, type = '2'): RawEntry => ({ name, linkname, type });
const overridden = (fields: Record<string, string>): Buffer => paxEntry(fields, file('files/harmless'));

describe('an archive is refused that holds', () => {
  const attacks: [string, readonly (Buffer | RawEntry)[], { bytes?: number; entries?: number }?][] = [
    ['a way up', [file('files/../../up')]],
    ['a way up at the beginning', [file('../up')]],
    ['an absolute path', [file('/tmp/absolute')]],
    ['another folder', [file('elsewhere/file')]],
    ['a name that is only dots', [file('files/..')]],
    ['an empty segment', [file('files//double')]],
    ['a name with a line break', [file('files/a\nb')]],
    ['a name that is no UTF-8', [file(Buffer.from('files/\xff\xfe', 'latin1'))]],
    ['a name of 10,000 characters', [overridden({ path: `files/${'x'.repeat(10_000)}` })], { bytes: 19 }],
    ['a path of 10,000 folders', [overridden({ path: `files/${'x/'.repeat(10_000)}x` })], { bytes: 19 }],
    ['a pax path that leads up', [overridden({ path: '../../up' })], { bytes: 19 }],
    ['a pax size beyond what it says', [overridden({ size: '99999999999' })], { bytes: 19 }],
    ['a pax size that is none', [overridden({ size: 'NaN' })], { bytes: 19 }],
    ['a negative pax size', [overridden({ size: '-512' })], { bytes: 19 }],
    ['a link outwards', [link('files/out', '../../../etc')]],
    ['an absolute link', [link('files/out', '/etc/passwd')]],
    ['a link through a folder and out', [link('files/out', 'a/../../..')]],
    ['a link in place of its root', [link('files', '/etc')]],
    ['a hard link outwards', [link('files/hard', '/etc/passwd', '1')]],
    ['a hard link inwards', [link('files/hard', 'files/launch.sh', '1')]],
    ['a link and a file through it', [link('files/in', 'sub'), file('files/in/through')]],
    ['a file and a link in its place', [file('files/twice'), link('files/twice', 'launch.sh')]],
    ['a name twice', [file('files/twice'), file('files/twice')]],
    ['a file below a file', [file('files/twice'), file('files/twice/below')]],
    ['a character device', [{ name: 'files/null', type: '3' }]],
    ['a block device', [{ name: 'files/disk', type: '4' }]],
    ['a pipe', [{ name: 'files/pipe', type: '6' }]],
    ['a kind that nobody knows', [{ name: 'files/odd', type: 'Z' }]],
    ['its description again', [file('aikore.json')]],
    ['a negative size', [file('files/minus', { size: Buffer.from('ffffffffffffffffffffff00', 'hex') })]],
    ['a huge size', [file('files/huge', { size: Buffer.from('80000000ffffffffffffffff', 'hex') })]],
    ['more than it says', [file('files/more')], { bytes: 15 }],
    ['less than it says', [file('files/less')], { bytes: 1000 }],
    ['more entries than it says', [{ name: 'files/folder', type: '5' }], { entries: 1 }],
  ];
  it.each(attacks)('%s', async (_what, entries, counted = {}) => {
    await expectRefused(archiveOf(entries, {}, counted));
  });

  it('no description, a late one, a lying one, or one that is none', async () => {
    const say = (text: string): RawEntry => ({ name: 'aikore.json', content: text });
    const right = headText({ bytes: 15, files: 1, entries: 1 });
    await expectRefused(gz(tarOf([SCRIPT])));
    await expectRefused(gz(tarOf([SCRIPT, say(right)])));
    await expectRefused(gz(tarOf([say('{"format":'), SCRIPT])));
    await expectRefused(gz(tarOf([say('['.repeat(100_000)), SCRIPT])));
    await expectRefused(gz(tarOf([say(right.replace('"version":1', '"version":2')), SCRIPT])));
    await expectRefused(gz(tarOf([say(right.replace('"total_bytes":15', '"total_bytes":-1')), SCRIPT])));
    await expectRefused(gz(tarOf([{ ...say(right), type: '2', linkname: 'files/launch.sh' }, SCRIPT])));
    const tooMuch = Buffer.alloc(5 * 1024 * 1024, ' ');
    await expectRefused(gz(tarOf([{ name: 'aikore.json', content: tooMuch }, SCRIPT])));
    await expectRefused(gz(tarOf([{ ...say(right), size: 10_000_000_000 }, SCRIPT])));
  });

  it('no script, or something else in its place', async () => {
    const head = rawEntry({ name: 'aikore.json', content: headText({ bytes: 4, files: 1, entries: 1 }) });
    await expectRefused(gz(tarOf([head, file('files/other')])));
    const two = rawEntry({ name: 'aikore.json', content: headText({ bytes: 4, files: 1, entries: 2 }) });
    await expectRefused(gz(tarOf([two, file('files/other'), link('files/launch.sh', 'other')])));
  });

  it('only a part of itself', async () => {
    const whole = archiveOf([file('files/text'), { name: 'files/noise', content: noise(400_000) }]);
    for (const share of [0.2, 0.5, 0.9, 0.999])
      await expectRefused(whole.subarray(0, Math.floor(whole.length * share)));
    const damaged = Buffer.from(whole);
    const middle = Math.floor(whole.length / 2);
    damaged.fill(0x55, middle, middle + 100);
    await expectRefused(damaged);
  });
});

describe('an archive', () => {
  it('gives nobody rights by the modes of its files', async () => {
    const odd = { name: 'files/odd', content: 'x', mode: 0o6777 };
    const closed = { name: 'files/closed', type: '5', mode: 0o1000 };
    const end = await fate(archiveOf([odd, closed, file('files/closed/inside', { mode: 0 })]));
    expect(end).toMatchObject({ phase: 'done' });
    const home = aikore.home(`attack ${count}`);
    const modes = ['odd', 'closed', 'closed/inside'].map((name) => lstatSync(join(home, name)).mode & 0o7777);
    expect(modes).toEqual([0o755, 0o700, 0o600]);
  });

  it('may hold names that only look alike, and links that stay inside', async () => {
    const names = ['Caf\u00e9', 'Cafe\u0301', 'CASE', 'case', '\u202egnp.exe', 'back\\slash'];
    const entries = [
      ...names.map((name) => file(`files/${name}`)),
      { name: 'files/a', type: '5' },
      link('files/a/up', '../launch.sh'),
      link('files/loop', 'loop'),
    ];
    expect(await fate(archiveOf(entries))).toMatchObject({ phase: 'done' });
    const found = Object.keys(picture(aikore.home(`attack ${count}`)));
    expect(found).toHaveLength(names.length + 4);
  });

  it('with garbage behind its end is imported whole or refused', async () => {
    const whole = archiveOf([file('files/text')]);
    const end = await fate(Buffer.concat([whole, Buffer.from('garbage behind the end')]));
    if ('refused' in end) expect(end.refused).toBe(422);
    else if (end.phase === 'done')
      expect(readFileSync(join(aikore.home(`attack ${count}`), 'text'), 'utf8')).toBe('evil');
    expect(unfinished(aikore)).toEqual([]);
  });

  it('of ten gigabytes of zeros takes neither the disk nor the machine', async () => {
    // Members of gzip follow one another: a hundred million zeros, a hundred times.
    const zeros = gzipSync(Buffer.alloc(100_000_000), { level: 9 });
    const size = 10_000_000_000;
    const head = rawEntry({
      name: 'aikore.json',
      content: headText({ bytes: size + 15, files: 2, entries: 2 }),
    });
    const opening = Buffer.concat([head, rawEntry(SCRIPT), rawEntry({ name: 'files/zeros', size })]);
    const path = aikore.path('archives', 'bomb.tar.gz');
    const bomb = openSync(path, 'w');
    writeSync(bomb, gz(opening));
    for (let at = 0; at < 100; at += 1) writeSync(bomb, zeros);
    closeSync(bomb);
    expect(statSync(path).size).toBeLessThan(15_000_000);
    const begun = await aikore.api.expect<Operation>(202, 'POST', 'api/archives/bomb.tar.gz/import', {
      new_name: 'bomb',
    });
    const { phase, message } = await ended(aikore, begun);
    expect([phase, message]).toEqual(['failed', expect.stringMatching(/200 times its size|not enough room/)]);
    expect(unfinished(aikore)).toEqual([]);
    // The same as padding between entries, and as a description.
    const between = gz(Buffer.concat([head, rawEntry(SCRIPT), Buffer.alloc(100_000_000)]));
    await expectRefused(between);
    const listed = await aikore.api.expect<Archive[]>(200, 'GET', 'api/archives');
    expect(listed.find((archive) => archive.file === 'bomb.tar.gz')?.problem).toBeNull();
  });
});

function noise(bytes: number): Buffer {
  const content = Buffer.alloc(bytes);
  let state = 1;
  for (let at = 0; at < bytes; at += 1) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    content[at] = state >> 16;
  }
  return content;
}
