import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import type { Answer } from '../support/api.js';
import { numbersIn } from '../support/instance-files.js';
import { useLab } from '../support/lab.js';
import { TreeSampler } from '../support/model-sampler.js';
import { isAlive, parentOf, startTicksOf } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const ROUNDS = process.env['AIKORE_SOAK'] === '1' ? 100 : 5;
const GRACE_SECONDS = 1;
let aikore: AiKoreProcess;
let count = 0;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: String(GRACE_SECONDS) });
});

/** A new instance, and everything that must hold of it whatever is asked. */
async function make(base_blueprint: string): Promise<Instance> {
  count += 1;
  return aikore.api.create({ name: `pair ${count}`, base_blueprint });
}

/** Does something while a sampler looks every 10 ms; two copies of anything fail the test. */
async function watched(task: () => Promise<void>): Promise<void> {
  const sampler = new TreeSampler(`${aikore.dataDir}/`).start();
  try {
    await task();
  } finally {
    sampler.stop();
  }
  expect(sampler.violations).toEqual([]);
  expect(sampler.sampleCount).toBeGreaterThan(0);
}

const ask = (method: string, id: number, rest = '', body?: unknown): Promise<Answer<ErrorBody>> =>
  aikore.api.send<ErrorBody>(method, `api/instances/${id}${rest}`, body);

const post = (id: number, word: string) => ask('POST', id, `/${word}`);

const outcome = ({ status, body }: Answer<ErrorBody>): string =>
  status < 400 ? String(status) : `${status} ${body.code}`;

const copiesOf = ({ name }: Instance) =>
  new Set(
    new TreeSampler(`${aikore.dataDir}/`)
      .look()
      .filter(({ key }) => key === aikore.home(name))
      .map(({ marker }) => marker),
  ).size;

async function expectRest(instance: Instance, run: number): Promise<void> {
  const stopped = await aikore.api.reaches(instance.id, 'stopped');
  expect(stopped).toMatchObject({ desired: 'stopped', pid: null, run });
  expect(copiesOf(instance)).toBe(0);
}

describe('fifty starts at once', () => {
  it('are one start and forty-nine refusals, time after time', async () => {
    const instance = await make('counter.sh');
    await watched(async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const answers = await Promise.all(Array.from({ length: 50 }, () => post(instance.id, 'start')));
        const outcomes = answers.map(outcome).sort();
        expect(outcomes).toEqual(['202', ...Array.from({ length: 49 }, () => '409 INSTANCE_ACTIVE')]);
        expect(await aikore.api.reaches(instance.id, 'started')).toMatchObject({ run: round });
        expect(copiesOf(instance)).toBe(1);
        await aikore.api.shutDown(instance.id);
        expect(numbersIn(aikore.home(instance.name, 'starts'))).toHaveLength(round);
      }
    });
  });

  it('mixed with fifty restarts are still one copy', async () => {
    const instance = await make('counter.sh');
    await watched(async () => {
      const words = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 'start' : 'restart'));
      const outcomes = (await Promise.all(words.map((word) => post(instance.id, word)))).map(outcome);
      expect(
        outcomes.every((text) => ['202', '409 INSTANCE_ACTIVE', '409 INSTANCE_BUSY'].includes(text)),
      ).toBe(true);
      const last = await aikore.api.reaches(instance.id, 'started');
      expect(last.run).toBeLessThanOrEqual(outcomes.filter((text) => text === '202').length);
      expect(copiesOf(instance)).toBe(1);
      await aikore.api.shutDown(instance.id);
    });
  });
});

describe('two commands of which one comes while the other is carried out', () => {
  it('start while stopping: refused as busy, and it stays stopped', async () => {
    const instance = await make('ignores-term.sh');
    await watched(async () => {
      await aikore.api.startUp(instance.id);
      expect(outcome(await post(instance.id, 'stop'))).toBe('202');
      expect(outcome(await post(instance.id, 'start'))).toBe('409 INSTANCE_BUSY');
      await expectRest(instance, 1);
    });
  });

  it('stop while starting: accepted, and nothing of the start is left', async () => {
    const instance = await make('never-listens.sh');
    await watched(async () => {
      expect(outcome(await post(instance.id, 'start'))).toBe('202');
      expect(outcome(await post(instance.id, 'stop'))).toBe('202');
      await expectRest(instance, 1);
    });
  });

  it('both at once: the start is carried out, then the stop', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const instance = await make('idles.sh');
      const [started, stopped] = await Promise.all([post(instance.id, 'start'), post(instance.id, 'stop')]);
      // The requests go over two connections, so either may be heard first.
      const isStopFirst = outcome(stopped) === '409 INSTANCE_STOPPED';
      expect([outcome(started), isStopFirst ? '202' : outcome(stopped)]).toEqual(['202', '202']);
      if (isStopFirst) {
        await aikore.api.reaches(instance.id, 'started');
        await aikore.api.command(instance.id, 'stop');
      }
      await expectRest(instance, 1);
    }
  });

  it.each(['trash', 'permanent'])('delete (%s) while starting: refused, and it comes up', async (mode) => {
    const instance = await make('binds-late.sh');
    expect(outcome(await post(instance.id, 'start'))).toBe('202');
    expect(outcome(await ask('DELETE', instance.id, `?mode=${mode}`))).toBe('409 INSTANCE_ACTIVE');
    expect(await aikore.api.reaches(instance.id, 'started')).toMatchObject({ run: 1 });
    expect(existsSync(aikore.home(instance.name))).toBe(true);
    await aikore.api.shutDown(instance.id);
    expect(outcome(await ask('DELETE', instance.id, `?mode=${mode}`))).toBe('204');
    expect(existsSync(aikore.home(instance.name))).toBe(false);
  });

  it('delete while stopping: refused until nothing of it lives', async () => {
    const instance = await make('ignores-term.sh');
    await aikore.api.startUp(instance.id);
    await aikore.api.command(instance.id, 'stop');
    expect(outcome(await ask('DELETE', instance.id))).toBe('409 INSTANCE_ACTIVE');
    await expectRest(instance, 1);
    expect(outcome(await ask('DELETE', instance.id))).toBe('204');
  });

  it.each(['starting', 'started', 'stopping'])('rename while %s: refused, folders stay', async (status) => {
    const instance = await make(status === 'starting' ? 'never-listens.sh' : 'ignores-term.sh');
    await aikore.api.command(instance.id, 'start');
    const wanted = status === 'starting' ? 'starting' : 'started';
    await aikore.api.reaches(instance.id, wanted);
    if (status === 'stopping') await aikore.api.command(instance.id, 'stop');
    const renamed = await ask('PATCH', instance.id, '', { name: `renamed ${instance.id}` });
    expect(outcome(renamed)).toBe('409 INSTANCE_ACTIVE');
    expect(existsSync(aikore.home(instance.name))).toBe(true);
    expect(existsSync(aikore.home(`renamed ${instance.id}`))).toBe(false);
    await ask('POST', instance.id, '/kill');
    await expectRest(instance, 1);
  });

  it('kill while stopping: goes before the grace', async () => {
    const patient = await lab.start({ AIKORE_STOP_GRACE: '60' });
    const { id } = await patient.api.create({ name: 'deaf', base_blueprint: 'ignores-term.sh' });
    await patient.api.startUp(id);
    await patient.api.command(id, 'stop');
    expect((await patient.api.send('POST', `api/instances/${id}/kill`)).status).toBe(202);
    expect(await patient.api.reaches(id, 'stopped', 5000)).toMatchObject({ exit_signal: 'SIGKILL', run: 1 });
    await patient.stop();
  });

  it('kill while starting: nothing of the start is left', async () => {
    const instance = await make('escapes.sh');
    await watched(async () => {
      const [started, killed] = [await post(instance.id, 'start'), await post(instance.id, 'kill')];
      expect([outcome(started), outcome(killed)]).toEqual(['202', '202']);
      await expectRest(instance, 1);
    });
  });

  it('restart while restarting: refused as busy, and there is one new run', async () => {
    const instance = await make('ignores-term.sh');
    await watched(async () => {
      await aikore.api.startUp(instance.id);
      expect(outcome(await post(instance.id, 'restart'))).toBe('202');
      expect(outcome(await post(instance.id, 'restart'))).toBe('409 INSTANCE_BUSY');
      expect(outcome(await post(instance.id, 'start'))).toBe('409 INSTANCE_BUSY');
      await waitFor('the second run', async () => {
        const { status, run } = await aikore.api.instance(instance.id);
        return status === 'started' && run === 2;
      });
      await ask('POST', instance.id, '/kill');
      await expectRest(instance, 2);
    });
  });

  it('stop while restarting: calls the restart off; a second stop is refused', async () => {
    const instance = await make('ignores-term.sh');
    await aikore.api.startUp(instance.id);
    await post(instance.id, 'restart');
    expect(outcome(await post(instance.id, 'stop'))).toBe('202');
    expect(outcome(await post(instance.id, 'stop'))).toBe('409 INSTANCE_BUSY');
    await expectRest(instance, 1);
  });

  it('two stops: one is accepted', async () => {
    const instance = await make('ignores-term.sh');
    await aikore.api.startUp(instance.id);
    const outcomes = (await Promise.all([post(instance.id, 'stop'), post(instance.id, 'stop')])).map(outcome);
    expect(outcomes.sort()).toEqual(['202', '409 INSTANCE_BUSY']);
    await expectRest(instance, 1);
  });

  it('two deletions: one is carried out, the other finds nothing', async () => {
    const { id } = await make('idles.sh');
    const outcomes = (await Promise.all([ask('DELETE', id), ask('DELETE', id)])).map(outcome);
    expect(outcomes.sort()).toEqual(['204', '404 INSTANCE_NOT_FOUND']);
  });

  it('two renames to one name: one has it', async () => {
    const [a, b] = [await make('idles.sh'), await make('idles.sh')];
    const name = `contested ${a.id}`;
    const answers = await Promise.all([a, b].map(({ id }) => ask('PATCH', id, '', { name })));
    expect(answers.map(outcome).sort()).toEqual(['200', '409 INSTANCE_NAME_TAKEN']);
    const names = (await aikore.api.instances()).map((instance) => instance.name);
    expect(names.filter((taken) => taken === name)).toHaveLength(1);
    for (const own of names) expect([own, existsSync(aikore.home(own))]).toEqual([own, true]);
  });
});

describe('what does not end when it is asked to (R8)', () => {
  it('is ended after the grace, and half a second later at most', async () => {
    const instance = await make('ignores-term.sh');
    const { pid } = await aikore.api.startUp(instance.id);
    const began = Date.now();
    await aikore.api.command(instance.id, 'stop');
    const stopped = await aikore.api.reaches(instance.id, 'stopped');
    // By AiKore's own clock, so that how often the test looks does not count.
    const tookMs = Date.parse(stopped.status_since) - began;
    expect(tookMs).toBeGreaterThan(GRACE_SECONDS * 1000 - 50);
    expect(tookMs).toBeLessThan(GRACE_SECONDS * 1000 + 500);
    expect(stopped).toMatchObject({ exit_signal: 'SIGKILL', pid: null });
    expect(existsSync(`/proc/${String(pid)}/fd/1`)).toBe(false);
  });
});

/** What the children of `forks.sh` wrote down: pid and start time. */
function fledOf({ name }: Instance): string[] {
  const file = aikore.home(name, 'fled');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function livesOn(noted: string): boolean {
  const [pid = '0', ticks] = noted.split(' ');
  return isAlive(Number(pid)) && startTicksOf(Number(pid)) === ticks;
}

describe('a hostile tree (R9)', () => {
  it('leaves no survivor of any stop', async () => {
    const instance = await make('forks.sh');
    for (let round = 0; round < (process.env['AIKORE_SOAK'] === '1' ? 100 : 5); round += 1) {
      const { run } = await aikore.api.startUp(instance.id);
      await waitFor('three have fled', () => fledOf(instance).length === 3 * run);
      await aikore.api.command(instance.id, round % 2 === 0 ? 'stop' : 'kill');
      await expectRest(instance, run);
      expect(fledOf(instance).filter(livesOn)).toEqual([]);
    }
  });

  it('is ended as well when what watched over it is killed first', async () => {
    const instance = await make('forks.sh');
    const { pid } = await aikore.api.startUp(instance.id);
    await waitFor('three have fled', () => fledOf(instance).length === 3);
    process.kill(parentOf(pid ?? 0), 'SIGKILL');
    const ended = await aikore.api.reaches(instance.id, 'error');
    expect(ended.status_reason).toMatch(/watched over it/);
    expect(fledOf(instance).filter(livesOn)).toEqual([]);
    expect(copiesOf(instance)).toBe(0);
  });
});
