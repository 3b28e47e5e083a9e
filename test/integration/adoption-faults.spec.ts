import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AiKoreProcess } from '../support/aikore-process.js';
import {
  brokenSteps,
  copiesByName,
  dataDirWithJobs,
  goesOn,
  isSameProcess,
  startJobs,
} from '../support/crash-jobs.js';
import type { Job } from '../support/crash-jobs.js';
import { isSoak } from '../support/crash-random.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const FAULTS = pathToFileURL(resolve(import.meta.dirname, '../fixtures/crash/faults.mjs')).href;
const BLOCKED_MS = isSoak ? 10_000 : 4000;
const CROWD = isSoak ? 200 : 100;
/** What a viewer may wait at most while the crowd ends, on a machine that other suites use too. */
const STALL_LIMIT_MS = 3000;
const HANDLED_LIMIT_MS = 20_000;

type Fault = 'heap' | 'rejection' | 'exception' | 'blocked';

/** An AiKore that suffers what it is told to, and three jobs that must not notice. */
async function frail() {
  const faultFile = join(lab.root, 'fault');
  const env = {
    NODE_OPTIONS: `--max-old-space-size=96 --import=${FAULTS}`,
    CRASH_FAULT_FILE: faultFile,
    CRASH_BLOCK_MS: String(BLOCKED_MS),
    AIKORE_STALLED_AFTER: '2',
  };
  const aikore = await lab.start(env, dataDirWithJobs(lab));
  const jobs = await startJobs(aikore, ['one', 'two', 'three'], 'steps.sh');
  const suffer = (fault: Fault): void => {
    writeFileSync(faultFile, fault);
    process.kill(aikore.pid, 'SIGUSR2');
  };
  return { aikore, jobs, suffer };
}

async function expectUntouched(aikore: AiKoreProcess, jobs: Job[]): Promise<void> {
  for (const job of jobs) await goesOn(aikore, job);
  expect(jobs.filter(isSameProcess)).toHaveLength(jobs.length);
  expect(jobs.flatMap((job) => brokenSteps(aikore, job))).toEqual([]);
  for (const { id, pid } of jobs)
    expect(await aikore.api.instance(id)).toMatchObject({ status: 'started', pid });
}

describe('a fault inside AiKore', () => {
  it.each([['heap'], ['exception']] as const)(
    '(%s) that ends it leaves the instances to the next one',
    async (fault) => {
      const { aikore, jobs, suffer } = await frail();
      suffer(fault);
      const exit = await aikore.exited;
      expect(exit).not.toEqual({ code: 0, signal: null });
      expect(aikore.stderr).toMatch(fault === 'heap' ? /heap out of memory/ : /nobody catches this/);
      const next = await lab.start({}, aikore.dataDir);
      await expectUntouched(next, jobs);
      await next.stop();
    },
  );

  it('(a promise that nobody waits for) is told in its log and ends nothing', async () => {
    const { aikore, jobs, suffer } = await frail();
    suffer('rejection');
    await waitFor('it is told', () => /nobody waits for this/.test(aikore.stderr));
    await expectUntouched(aikore, jobs);
    await aikore.stop();
  });

  it.each([
    ['is blocked', 'blocked'],
    ['is halted by a signal', 'SIGSTOP'],
  ] as const)('(it %s for longer than the stall time) stalls nobody', async (_title, fault) => {
    const { aikore, jobs, suffer } = await frail();
    const { id } = await aikore.api.create({ name: 'installs', base_blueprint: 'installs.sh' });
    await aikore.api.command(id, 'start');
    await waitFor('it prints', () => existsSync(aikore.home('installs', 'output.log')));
    const { status_since: since } = await aikore.api.instance(id);
    const viewer = await EventsClient.open(aikore);
    if (fault === 'SIGSTOP') {
      process.kill(aikore.pid, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, BLOCKED_MS));
      process.kill(aikore.pid, 'SIGCONT');
    } else {
      suffer(fault);
    }
    await expectUntouched(aikore, jobs);
    expect(await aikore.api.instance(id)).toMatchObject({ status: 'starting', status_since: since });
    expect(viewer.statuses(id).filter((status) => status !== 'starting')).toEqual([]);
    viewer.end();
    await aikore.stop();
  });
});

describe('a crowd of instances that crash at once', () => {
  it('is all told as it is, and meanwhile AiKore answers', async () => {
    const aikore = await lab.start({}, dataDirWithJobs(lab));
    const names = Array.from({ length: CROWD }, (_, index) => `one of many ${index + 1}`);
    const jobs = await startJobs(aikore, names, 'light.sh');
    expect(copiesByName(aikore.dataDir).size).toBe(CROWD);

    const waits: number[] = [];
    const over = new AbortController();
    const asking = (async () => {
      while (!over.signal.aborted) {
        const beganMs = performance.now();
        await aikore.anonymous.expect(200, 'GET', 'api/status');
        waits.push(performance.now() - beganMs);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const beganMs = performance.now();
    for (const { pid } of jobs) process.kill(pid, 'SIGSEGV');
    const left = async () => (await aikore.api.instances()).filter(({ status }) => status !== 'error').length;
    await waitFor('all are told', async () => (await left()) === 0, HANDLED_LIMIT_MS);
    const tookMs = Math.round(performance.now() - beganMs);
    over.abort();
    await asking;
    const longestMs = Math.round(Math.max(...waits));
    console.log(`${CROWD} crashes told within ${tookMs} ms; the longest answer took ${longestMs} ms`);
    expect(longestMs).toBeLessThan(STALL_LIMIT_MS);
    for (const instance of await aikore.api.instances()) {
      expect(instance).toMatchObject({ exit_signal: 'SIGSEGV', exit_code: null, pid: null });
    }
    expect(copiesByName(aikore.dataDir).size).toBe(0);
    await aikore.stop();
  }, 300_000);
});

describe('what an instance inherits', () => {
  it('is its three descriptors and nothing of AiKore, however much AiKore has open', async () => {
    const aikore = await lab.start({}, dataDirWithJobs(lab));
    const [first, second] = await startJobs(aikore, ['first', 'second'], 'light.sh');
    for (const { pid } of [first, second].filter((job) => job !== undefined)) {
      expect(readdirSync(`/proc/${pid}/fd`)).toEqual(['0', '1', '2']);
    }
    await aikore.stop();
  });
});
