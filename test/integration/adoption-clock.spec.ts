import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance, Run } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { brokenSteps, dataDirWithJobs, goesOn, isSameProcess, startJobs } from '../support/crash-jobs.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { staysTrue, waitFor } from '../support/wait.js';

const lab = useLab();
const PASSWORD = 'correct horse battery staple';

/** Debian's libfaketime, which shifts the wall clock of one process and leaves the monotonic one alone. */
function findFakeClock(): string | null {
  const folders = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'faketime'));
  const found = folders.flatMap((folder) => {
    try {
      return readdirSync(folder).includes('libfaketime.so.1') ? [join(folder, 'libfaketime.so.1')] : [];
    } catch {
      return [];
    }
  });
  return found[0] ?? null;
}

const library = findFakeClock();
if (library === null) console.log('skipped, there is no libfaketime (Debian package: libfaketime)');
const describeWithClock = library === null ? describe.skip : describe;

/** A clock on the wall that a test can set. */
class WallClock {
  private readonly file = join(lab.root, 'wall-clock');

  constructor() {
    this.set('+0d');
  }

  set(shift: string): void {
    // In one step: the library reads the file at every look at the clock.
    writeFileSync(`${this.file}.new`, `${shift}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  get env(): Record<string, string> {
    return {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }
}

/** Ages that are below zero, seen from the machine that shows them. */
function impossibleAges(runs: Run[]): string[] {
  return runs
    .filter((run) => run.ended_at !== null && Date.parse(run.ended_at) < Date.parse(run.started_at))
    .map((run) => `run ${run.run} ended at ${run.ended_at}, before its start at ${run.started_at}`);
}

function logOf(aikore: AiKoreProcess, name: string): string {
  const file = aikore.home(name, 'output.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function runsOf(aikore: AiKoreProcess, { id }: Pick<Instance, 'id'>): Promise<Run[]> {
  return aikore.api.expect<Run[]>(200, 'GET', `api/instances/${id}/runs`);
}

describeWithClock('a wall clock that is set', () => {
  it.each([
    ['back by a day', '-1d'],
    ['forward by a year', '+365d'],
  ])('%s restarts, stalls and ends nothing', async (_title, shift) => {
    const clock = new WallClock();
    const env = { ...clock.env, AIKORE_STALLED_AFTER: '3', AIKORE_PASSWORD: PASSWORD };
    const aikore = await lab.start(env, dataDirWithJobs(lab));
    const jobs = await startJobs(aikore, ['one', 'two'], 'steps.sh');
    const installing = await aikore.api.create({ name: 'installs', base_blueprint: 'installs.sh' });
    await aikore.api.command(installing.id, 'start');
    await waitFor('it prints', () => /part 2/.test(logOf(aikore, 'installs')));
    const viewer = await EventsClient.open(aikore);
    const before = await aikore.api.instances();
    clock.set(shift);

    const isCalm = async () => {
      const now = await aikore.api.instances();
      return now.every(({ status, pid, run, status_since: since }, index) => {
        const then = before[index];
        return status === then?.status && pid === then.pid && run === then.run && since === then.status_since;
      });
    };
    await staysTrue('nothing changes', isCalm, 4500);
    for (const job of jobs) await goesOn(aikore, job);
    expect(jobs.filter(isSameProcess)).toHaveLength(2);
    expect(jobs.flatMap((job) => brokenSteps(aikore, job))).toEqual([]);
    expect(viewer.statuses(installing.id).filter((status) => status !== 'starting')).toEqual([]);
    viewer.end();

    // What begins and ends under the new clock does so in its own time.
    const [fresh] = await startJobs(aikore, ['fresh'], 'light.sh');
    if (fresh === undefined) throw new Error('it was not started');
    await aikore.api.shutDown(fresh.id);
    await aikore.signIn(PASSWORD);
    for (const instance of await aikore.api.instances()) {
      if (instance.status !== 'stopped') await aikore.api.shutDown(instance.id);
      expect(impossibleAges(await runsOf(aikore, instance))).toEqual([]);
    }
    await aikore.stop();
  });

  it('while AiKore is dead, changes nothing for what is adopted', async () => {
    const clock = new WallClock();
    const env = { ...clock.env, AIKORE_STALLED_AFTER: '3' };
    let aikore = await lab.start(env, dataDirWithJobs(lab));
    const jobs = await startJobs(aikore, ['one', 'two'], 'steps.sh');
    const { id } = await aikore.api.create({ name: 'installs', base_blueprint: 'installs.sh' });
    await aikore.api.command(id, 'start');
    const { status_since: since } = await aikore.api.reaches(id, 'starting');
    await waitFor('it prints', () => /part 2/.test(logOf(aikore, 'installs')));
    for (const shift of ['-1d', '+365d', '+0d']) {
      await aikore.signal('SIGKILL');
      clock.set(shift);
      aikore = await lab.start(env, aikore.dataDir);
      for (const { id: jobId, pid } of jobs) {
        expect(await aikore.api.instance(jobId)).toMatchObject({ status: 'started', pid, run: 1 });
      }
      const isCalm = async () => {
        const instance = await aikore.api.instance(id);
        return instance.status === 'starting' && instance.status_since === since;
      };
      await staysTrue(`an installation is adopted at ${shift} and called what it is`, isCalm, 1500);
    }
    await aikore.stop();
  });
});
