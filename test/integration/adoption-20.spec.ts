import { describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import {
  brokenSteps,
  copiesByName,
  dataDirWithJobs,
  goesOn,
  isSameProcess,
  jobOf,
  startJobs,
  startsOf,
} from '../support/crash-jobs.js';
import type { Job } from '../support/crash-jobs.js';
import { SeededRandom, chooseSeed, isSoak } from '../support/crash-random.js';
import { useLab } from '../support/lab.js';
import { isAlive, parentOf } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const PROGRAM = resolve(import.meta.dirname, '../..');
const CYCLES = isSoak ? 200 : 5;
/** The promise is two seconds on a machine that has nothing else to do. */
const ADOPTION_LIMIT_MS = 10_000;

const random = new SeededRandom(chooseSeed());

/** Eighteen that must not notice anything; one that ends while AiKore is dead, one whose runner is killed too. */
async function twenty(aikore: AiKoreProcess) {
  const steady = await startJobs(
    aikore,
    Array.from({ length: 17 }, (_, index) => `job ${index + 1}`),
    'steps.sh',
  );
  const deaf = await startJobs(aikore, ['deaf'], 'deaf-steps.sh');
  const [ending, orphaned] = await startJobs(aikore, ['ending', 'orphaned'], 'steps.sh');
  if (ending === undefined || orphaned === undefined) throw new Error('they were not started');
  return { steady: [...steady, ...deaf], ending, orphaned };
}

function expectUntouched(aikore: AiKoreProcess, jobs: Job[]): void {
  const copies = copiesByName(aikore.dataDir);
  const broken = jobs.flatMap((job) => [
    ...(isSameProcess(job) ? [] : [`${job.name} is another process`]),
    ...(copies.get(job.name) === 1 ? [] : [`${job.name} runs ${copies.get(job.name) ?? 0} times`]),
    ...(startsOf(aikore, job) === 1 ? [] : [`${job.name} was started again`]),
    ...brokenSteps(aikore, job),
  ]);
  expect(broken).toEqual([]);
}

async function expectAdopted(aikore: AiKoreProcess, jobs: Job[]): Promise<void> {
  const instances = await aikore.api.instances();
  for (const { id, pid } of jobs) {
    expect(instances.find((instance) => instance.id === id)).toMatchObject({
      status: 'started',
      pid,
      run: 1,
    });
  }
}

/** Another AiKore on the same data; how long until it serves with everything found again. */
async function again(before: AiKoreProcess, env: Record<string, string> = {}, main?: string) {
  const beganMs = performance.now();
  const aikore = await lab.launch(before.dataDir, env, main).ready();
  return { aikore, tookMs: Math.round(performance.now() - beganMs) };
}

describe('twenty running instances', () => {
  it('are adopted after the death of AiKore, each of them as it is, however often', async () => {
    let aikore = await lab.start({}, dataDirWithJobs(lab));
    const { steady, ...others } = await twenty(aikore);
    let { ending, orphaned } = others;
    const tookMs: number[] = [];
    for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
      await sleep(random.below(300));
      await aikore.signal('SIGKILL');
      const diedAtMs = Date.now();
      writeFileSync(aikore.home(ending.name, 'end'), '');
      process.kill(parentOf(orphaned.pid), 'SIGKILL');
      await waitFor('it has ended by itself', () => !isSameProcess(ending));
      const endedBeforeMs = Date.now();
      const next = await again(aikore);
      aikore = next.aikore;
      tookMs.push(next.tookMs);

      expectUntouched(aikore, steady);
      await expectAdopted(aikore, steady);
      await expectTrueEnd(aikore, ending, diedAtMs, endedBeforeMs);
      expect(await aikore.api.instance(orphaned.id)).toMatchObject({
        status: 'error',
        pid: null,
        exit_code: null,
      });
      expect(copiesByName(aikore.dataDir).size).toBe(18);

      rmSync(aikore.home(ending.name, 'end'));
      for (const { id } of [ending, orphaned]) await aikore.api.command(id, 'start');
      ending = await jobOf(aikore, ending.id, ending.name);
      orphaned = await jobOf(aikore, orphaned.id, orphaned.name);
    }
    console.log(
      `${CYCLES} of ${CYCLES} deaths survived by 20 instances (AIKORE_SEED=${random.seed}); ` +
        `serving again after ${tookMs.join(', ')} ms`,
    );
    expect(Math.min(...tookMs)).toBeLessThan(ADOPTION_LIMIT_MS);
    for (const job of steady.slice(0, 3)) await goesOn(aikore, job);
    expect(await aikore.stop()).toEqual({ code: 0, signal: null });
    expect(copiesByName(aikore.dataDir).size).toBe(0);
  }, 1_800_000);

  async function expectTrueEnd(aikore: AiKoreProcess, job: Job, afterMs: number, beforeMs: number) {
    const instance = await aikore.api.instance(job.id);
    expect(instance).toMatchObject({ status: 'error', exit_code: 7, exit_signal: null, pid: null });
    const [run] = await aikore.api.expect<Run[]>(200, 'GET', `api/instances/${job.id}/runs`);
    expect(run).toMatchObject({ exit_code: 7 });
    const endedAtMs = Date.parse(run?.ended_at ?? '');
    // The runner looks after the end for what the job left behind.
    expect(endedAtMs).toBeGreaterThanOrEqual(afterMs - 1000);
    expect(endedAtMs).toBeLessThanOrEqual(beforeMs + 6000);
  }

  it('run on through an orderly leave and through an upgrade to another build', async () => {
    const keep = { AIKORE_KEEP_INSTANCES: '1' };
    let aikore = await lab.start(keep, dataDirWithJobs(lab));
    const jobs = await startJobs(
      aikore,
      Array.from({ length: 20 }, (_, index) => `job ${index + 1}`),
      'steps.sh',
    );
    for (const main of [undefined, copyOfProgram(), undefined]) {
      expect(await aikore.stop()).toEqual({ code: 0, signal: null });
      expect(jobs.filter(isSameProcess)).toHaveLength(jobs.length);
      ({ aikore } = await again(aikore, keep, main));
      await expectAdopted(aikore, jobs);
      expectUntouched(aikore, jobs);
      const [job] = jobs;
      if (job !== undefined) await goesOn(aikore, job);
    }
    await aikore.signal('SIGKILL');
    const { aikore: last } = await again(aikore);
    expect(await last.stop()).toEqual({ code: 0, signal: null });
    expect(jobs.filter(({ pid }) => isAlive(pid))).toEqual([]);
  }, 300_000);

  /** The next version, as it is after an update into another folder. */
  function copyOfProgram(): string {
    const folder = join(lab.root, 'next-version');
    mkdirSync(folder);
    for (const part of ['dist', 'blueprints'])
      cpSync(join(PROGRAM, part), join(folder, part), { recursive: true });
    const manifest = JSON.parse(readFileSync(join(PROGRAM, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version: '999.0.0' }));
    symlinkSync(join(PROGRAM, 'node_modules'), join(folder, 'node_modules'));
    return join(folder, 'dist', 'aikore', 'main.js');
  }
});

describe('an installation that is older than the time after which silence is a stall', () => {
  it('is not called stalled when it is adopted', async () => {
    const env = { AIKORE_STALLED_AFTER: '3' };
    const aikore = await lab.start(env, dataDirWithJobs(lab));
    const { id } = await aikore.api.create({ name: 'installs', base_blueprint: 'installs.sh' });
    await aikore.api.command(id, 'start');
    await sleep(4000);
    const { status, status_since: since } = await aikore.api.instance(id);
    expect(status).toBe('starting');
    await aikore.signal('SIGKILL');
    const { aikore: next } = await again(aikore, env);
    await sleep(1500);
    expect(await next.api.instance(id)).toMatchObject({ status: 'starting', status_since: since });
    await next.stop();
  });
});

describe('the end of AiKore with fifty instances', () => {
  it('fits into one grace period, deaf ones included, and leaves the database in one file', async () => {
    const graceMs = 2000;
    const aikore = await lab.start({ AIKORE_STOP_GRACE: String(graceMs / 1000) }, dataDirWithJobs(lab));
    const light = Array.from({ length: 45 }, (_, index) => `light ${index + 1}`);
    const deaf = Array.from({ length: 5 }, (_, index) => `deaf ${index + 1}`);
    await startJobs(aikore, light, 'light.sh');
    await startJobs(aikore, deaf, 'deaf-steps.sh');
    const beganMs = performance.now();
    expect(await aikore.stop()).toEqual({ code: 0, signal: null });
    const tookMs = Math.round(performance.now() - beganMs);
    console.log(`50 instances, 5 of them deaf, ended in ${tookMs} ms with a grace of ${graceMs} ms`);
    // One grace and what the machine needs; one after the other would be five graces.
    expect(tookMs).toBeLessThan(graceMs + 6000);
    expect(copiesByName(aikore.dataDir).size).toBe(0);
    expect(statSync(aikore.path('aikore.db-wal'), { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  }, 180_000);
});
