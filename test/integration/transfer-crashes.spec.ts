import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Archive, Operation } from '../../src/contracts/operation.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { descendantsOf } from '../support/process-tree.js';
import { isAlive } from '../support/processes.js';
import { done, ended, operations, picture, unfinished } from '../support/transfers.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
/** Of each kind and each victim; a soak tries many more. */
const MOMENTS = process.env['AIKORE_SOAK'] === '1' ? 40 : 5;
const LONGEST_MS = 120_000 + MOMENTS * 20_000;

const dataDir = lab.dataDir();
let aikore: AiKoreProcess;
let source = 0;
let whole: Record<string, string> = {};
let archive = '';
/** How long one of each kind takes here. */
const tookMs: Record<string, number> = {};
let count = 0;

const KINDS = ['clone', 'export', 'import'] as const;
type Kind = (typeof KINDS)[number];

function begin(kind: Kind, name: string): Promise<Operation> {
  const [path, body] = wish(kind, name);
  return aikore.api.expect(202, 'POST', path, body);
}

function wish(kind: Kind, new_name: string): [path: string, body: object] {
  if (kind === 'import') return [`api/archives/${encodeURIComponent(archive)}/import`, { new_name }];
  if (kind === 'export') return [`api/instances/${source}/export`, { outputs: true }];
  return [`api/instances/${source}/copy`, { new_name, outputs: true }];
}

const archives = (): Promise<Archive[]> => aikore.api.expect(200, 'GET', 'api/archives');
const workers = (): number[] =>
  descendantsOf(aikore.pid)
    .filter(({ commandLine }) => commandLine.includes('transfer.js'))
    .map(({ pid }) => pid);

beforeAll(async () => {
  aikore = await lab.start({}, dataDir);
  const { id, name } = await aikore.api.create({ name: 'source', base_blueprint: 'answers.sh' });
  source = id;
  const home = aikore.home(name);
  mkdirSync(`${home}/app`);
  mkdirSync(aikore.path('outputs', name), { recursive: true });
  for (let at = 0; at < 400; at += 1) writeFileSync(`${home}/app/small-${at}`, `content ${at}`);
  for (let at = 0; at < 4; at += 1)
    writeFileSync(`${home}/app/large-${at}`, Buffer.alloc(10 * 1024 * 1024, `large ${at} `));
  writeFileSync(aikore.path('outputs', name, 'picture'), 'drawn');
  whole = picture(home);
  for (const kind of ['export', 'clone', 'import'] as const) {
    const beganAtMs = performance.now();
    const { subject } = await done(aikore, ...wish(kind, `first ${kind}`));
    tookMs[kind] = performance.now() - beganAtMs;
    if (kind === 'export') archive = subject;
  }
}, LONGEST_MS);

/** All of it is there, or nothing. */
async function expectOldOrNew(kind: Kind, name: string, before: string[]): Promise<void> {
  await waitFor('nothing unfinished is left', () => unfinished(aikore).length === 0);
  if (kind === 'export') {
    for (const each of await archives()) expect(each).toMatchObject({ problem: null });
    const fresh = readdirSync(aikore.path('archives')).filter((file) => !before.includes(file));
    if (fresh[0] === undefined) return;
    const copy = `out of ${name}`;
    await done(aikore, `api/archives/${encodeURIComponent(fresh[0])}/import`, { new_name: copy });
    expect(picture(aikore.home(copy))).toEqual(whole);
    return;
  }
  const isThere = (await aikore.api.instances()).some((instance) => instance.name === name);
  expect(existsSync(aikore.home(name))).toBe(isThere);
  expect(existsSync(aikore.path('outputs', name))).toBe(isThere);
  if (isThere) expect(picture(aikore.home(name))).toEqual(whole);
  // Its name is free, or used.
  if (!isThere) await done(aikore, ...wish(kind, name));
}

describe.each(KINDS)('%s', (kind) => {
  it(
    'ends old or new when AiKore is killed at any moment',
    async () => {
      for (let moment = 0; moment < MOMENTS; moment += 1) {
        const name = `${kind} ${(count += 1)}`;
        const before = readdirSync(aikore.path('archives'));
        await begin(kind, name);
        await sleep(((moment + 0.3) / MOMENTS) * (tookMs[kind] ?? 0));
        const left = workers();
        await aikore.signal('SIGKILL');
        aikore = await lab.start({}, dataDir);
        await waitFor('the worker is gone', () => !left.some(isAlive));
        await expectOldOrNew(kind, name, before);
      }
    },
    LONGEST_MS,
  );

  it(
    'ends old or new when its worker is killed at any moment',
    async () => {
      for (let moment = 0; moment < MOMENTS; moment += 1) {
        const name = `${kind} ${(count += 1)}`;
        const before = readdirSync(aikore.path('archives'));
        const operation = await begin(kind, name);
        await sleep(((moment + 0.3) / MOMENTS) * (tookMs[kind] ?? 0));
        for (const pid of workers()) process.kill(pid, 'SIGKILL');
        const { phase, message } = await ended(aikore, operation);
        expect(phase === 'done' || (message ?? '').startsWith('It failed')).toBe(true);
        await expectOldOrNew(kind, name, before);
      }
    },
    LONGEST_MS,
  );

  it(
    'ends old or new when AiKore is stopped in the middle of it',
    async () => {
      const name = `${kind} ${(count += 1)}`;
      const before = readdirSync(aikore.path('archives'));
      await begin(kind, name);
      await waitFor('it is under way', () => workers().length > 0);
      const left = workers();
      await aikore.stop();
      expect(left.filter(isAlive)).toEqual([]);
      aikore = await lab.start({}, dataDir);
      expect(await operations(aikore)).toEqual([]);
      await expectOldOrNew(kind, name, before);
    },
    LONGEST_MS,
  );
});
