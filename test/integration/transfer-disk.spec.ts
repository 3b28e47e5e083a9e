import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from '../../src/contracts/operation.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { archiveOf } from '../support/archives.js';
import { useLab } from '../support/lab.js';
import { descendantsOf } from '../support/process-tree.js';
import { isAlive } from '../support/processes.js';
import { SmallDisk } from '../support/small-disk.js';
import { done, ended, picture, unfinished, upload } from '../support/transfers.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const MB = 1024 * 1024;
let disk: SmallDisk | null = null;
let aikore: AiKoreProcess;
let count = 0;
let source = 0;

beforeEach(async () => {
  const name = `disk-${(count += 1)}`;
  disk = SmallDisk.mount(join(lab.root, name), '400m');
  if (disk === null) return;
  aikore = await lab.start({}, lab.dataDir(name));
  source = (await aikore.api.create({ name: 'source', base_blueprint: 'answers.sh' })).id;
  mkdirSync(aikore.home('source', 'app'));
  // Noise, so that it does not get smaller by being packed.
  for (let at = 0; at < 12; at += 1)
    writeFileSync(aikore.home('source', 'app', String(at)), randomBytes(10 * MB));
});

afterEach(async () => {
  if (disk === null) return;
  disk.empty();
  await aikore.stop();
  disk.unmount();
  disk = null;
});

function onSmallDisk(what: string, test: (disk: SmallDisk) => Promise<void>): void {
  it(what, async () => {
    if (disk !== null) await test(disk);
  });
}

const workers = (): number[] =>
  descendantsOf(aikore.pid)
    .filter(({ commandLine }) => commandLine.includes('transfer.js'))
    .map(({ pid }) => pid);

const nonEmpty = (pids: number[]): number[] | false => pids.length > 0 && pids;

/** Whether a clone or an import has made a file, or an export holds a byte. */
function hasBegun(): boolean {
  const arriving = hiddenIn('instances').some((path) => entriesIn(join(path, 'app')).length > 0);
  return arriving || hiddenIn('archives').some((path) => statSync(path).size > 0);
}

const hiddenIn = (folder: string): string[] =>
  entriesIn(aikore.path(folder))
    .filter((name) => name.startsWith('.'))
    .map((name) => aikore.path(folder, name));

const entriesIn = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);

const WISHES: [kind: string, path: () => string, body: object][] = [
  ['clone', () => `api/instances/${source}/copy`, { new_name: 'copy' }],
  ['export', () => `api/instances/${source}/export`, {}],
  ['import', () => 'api/archives/packed.tar.gz/import', { new_name: 'copy' }],
];

for (const [kind, path, body] of WISHES) {
  onSmallDisk(`${kind}: a disk that fills up in the middle of it`, async (on) => {
    if (kind === 'import') {
      const { subject } = await done(aikore, `api/instances/${source}/export`, {});
      await aikore.api.expect(200, 'GET', `api/archives/${encodeURIComponent(subject)}`);
      renameSync(aikore.path('archives', subject), aikore.path('archives', 'packed.tar.gz'));
    }
    const begun = await aikore.api.expect<Operation>(202, 'POST', path(), body);
    // What works in memory is fast: it is held at its first bytes while the disk fills up.
    const held = await waitFor('the worker is there', () => nonEmpty(workers()));
    while (!hasBegun() && held.some(isAlive));
    for (const pid of held) process.kill(pid, 'SIGSTOP');
    on.fill();
    for (const pid of held.filter(isAlive)) process.kill(pid, 'SIGCONT');
    const { phase, message } = await ended(aikore, begun);
    expect([phase, message]).toEqual(['failed', expect.stringMatching(/room|full/)]);
    on.empty();
    await waitFor('nothing is left', () => unfinished(aikore).length === 0);
    expect(existsSync(aikore.home('copy'))).toBe(false);
    // With room again it is done.
    await done(aikore, path(), body);
    if (kind !== 'export')
      expect(picture(aikore.home('copy', 'app'))).toEqual(picture(aikore.home('source', 'app')));
  });
}

onSmallDisk('what cannot fit is refused before anything is written', async (on) => {
  on.fill(60 * MB);
  const begun = await aikore.api.expect<Operation>(202, 'POST', `api/instances/${source}/copy`, {
    new_name: 'copy',
  });
  expect(await ended(aikore, begun)).toMatchObject({
    phase: 'failed',
    message: expect.stringContaining('room'),
  });
  const large = archiveOf([{ name: 'files/large', content: Buffer.alloc(80 * MB) }]);
  await upload(aikore, 'large.tar.gz', large);
  const imported = await aikore.api.expect<Operation>(202, 'POST', 'api/archives/large.tar.gz/import', {
    new_name: 'large',
  });
  expect(await ended(aikore, imported)).toMatchObject({ phase: 'failed', done_bytes: 0 });
  expect((await upload(aikore, 'too-large.tar.gz', Buffer.alloc(70 * MB))).status).toBe(507);
  expect(unfinished(aikore)).toEqual([]);
});
