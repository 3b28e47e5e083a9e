import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import type { Instance, Run } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { numbersIn } from '../support/instance-files.js';
import { useLab } from '../support/lab.js';
import { environmentOf, isAlive, parentOf, processesMentioning } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

/** Processes that run an instance's script, its runner not counted. */
function copiesOf(name: string): Set<string> {
  const markers = processesMentioning(aikore.home(name)).map(({ pid }) =>
    environmentOf(pid).get('AIKORE_INSTANCE_MARKER'),
  );
  return new Set(markers.filter((marker) => marker !== undefined));
}

describe('fifty starts at once', () => {
  it('make one process; one wish is met and the others are told why not', async () => {
    const { id } = await aikore.api.create({ name: 'wanted', base_blueprint: 'counter.sh' });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        aikore.api.send<{ code: string; message: string }>('POST', `api/instances/${id}/start`),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([202, ...Array.from({ length: 49 }, () => 409)]);
    const refusal = answers.find(({ status }) => status === 409)?.body;
    expect(refusal).toMatchObject({ code: 'INSTANCE_ACTIVE', message: expect.stringContaining('wanted') });
    await aikore.api.reaches(id, 'started');
    expect(copiesOf('wanted').size).toBe(1);
    expect(readFileSync(aikore.home('wanted', 'starts'), 'utf8').trim().split('\n')).toHaveLength(1);
    await aikore.api.shutDown(id);
  });
});

describe('a command that does not fit', () => {
  it('stop and kill of what is stopped are 409', async () => {
    const { id } = await aikore.api.create({ name: 'resting', base_blueprint: 'idles.sh' });
    for (const word of ['stop', 'kill']) {
      const answer = await aikore.api.refused('POST', `api/instances/${id}/${word}`);
      expect([answer.status, answer.body.code]).toEqual([409, 'INSTANCE_STOPPED']);
    }
    const unknown = await aikore.api.refused('POST', `api/instances/${id}/explode`);
    expect(unknown.status).toBe(404);
  });

  it('start, restart and a second stop while stopping are 409, and nothing starts', async () => {
    const { id } = await aikore.api.create({ name: 'deaf', base_blueprint: 'ignores-term.sh' });
    const { pid } = await aikore.api.startUp(id);
    await aikore.api.command(id, 'stop');
    for (const word of ['start', 'restart', 'stop']) {
      const answer = await aikore.api.refused('POST', `api/instances/${id}/${word}`);
      expect([word, answer.status, answer.body.code]).toEqual([word, 409, 'INSTANCE_BUSY']);
    }
    const stopping = await aikore.api.instance(id);
    expect(stopping).toMatchObject({ status: 'stopping', desired: 'stopped', pid });
    const stopped = await aikore.api.reaches(id, 'stopped');
    expect(stopped).toMatchObject({ run: 1, pid: null, exit_signal: 'SIGKILL' });
    expect(copiesOf('deaf').size).toBe(0);
  });

  it('deleting and renaming what runs are 409 and change nothing', async () => {
    const { id } = await aikore.api.create({ name: 'busy', base_blueprint: 'idles.sh' });
    const { pid } = await aikore.api.startUp(id);
    const requests: [string, string, unknown?][] = [
      ['DELETE', `api/instances/${id}`],
      ['DELETE', `api/instances/${id}?mode=permanent`],
      ['PATCH', `api/instances/${id}`, { name: 'other' }],
    ];
    for (const [method, path, body] of requests) {
      const answer = await aikore.api.refused(method, path, body);
      expect([answer.status, answer.body.code]).toEqual([409, 'INSTANCE_ACTIVE']);
    }
    expect(await aikore.api.instance(id)).toMatchObject({ name: 'busy', status: 'started', pid });
    expect(existsSync(aikore.home('busy'))).toBe(true);
    expect(existsSync(aikore.home('other'))).toBe(false);
    await aikore.api.shutDown(id);
  });
});

describe('kill', () => {
  it('ends what is deaf to SIGTERM at once, also while it is being stopped', async () => {
    const patient = await lab.start({ AIKORE_STOP_GRACE: '60' });
    const { id } = await patient.api.create({ name: 'deaf', base_blueprint: 'ignores-term.sh' });
    for (const before of ['started', 'stopping']) {
      const { pid } = await patient.api.startUp(id);
      if (before === 'stopping') await patient.api.command(id, 'stop');
      const beganMs = performance.now();
      const killed = await patient.api.command(id, 'kill');
      expect(killed.status).toMatch(/^stopp(ing|ed)$/);
      await patient.api.reaches(id, 'stopped');
      expect(performance.now() - beganMs).toBeLessThan(3000);
      expect(isAlive(pid ?? 0)).toBe(false);
    }
    await patient.stop();
  });
});

describe('restart', () => {
  it('ends the old process before the new one begins, and goes on wanting it to run', async () => {
    const { id } = await aikore.api.create({ name: 'again', base_blueprint: 'counter.sh' });
    const first = await aikore.api.startUp(id);
    const answer = await aikore.api.command(id, 'restart');
    expect(answer).toMatchObject({ status: 'stopping', desired: 'running' });
    const second = await waitFor('the second run', async () => {
      const instance = await aikore.api.instance(id);
      expect(instance.desired).toBe('running');
      expect(copiesOf('again').size).toBeLessThanOrEqual(1);
      return instance.status === 'started' && instance.run === 2 && instance;
    });
    expect(second.pid).not.toBe(first.pid);
    expect(isAlive(first.pid ?? 0)).toBe(false);
    const runs = await aikore.api.expect<Run[]>(200, 'GET', `api/instances/${id}/runs`);
    expect(runs.map(({ run, ended_at }) => [run, ended_at === null])).toEqual([
      [2, true],
      [1, false],
    ]);
    await aikore.api.shutDown(id);
  });

  it('can be called off while the old process still ends', async () => {
    const { id } = await aikore.api.create({ name: 'called off', base_blueprint: 'ignores-term.sh' });
    await aikore.api.startUp(id);
    await aikore.api.command(id, 'restart');
    expect(await aikore.api.command(id, 'stop')).toMatchObject({ status: 'stopping', desired: 'stopped' });
    expect(await aikore.api.reaches(id, 'stopped')).toMatchObject({ run: 1 });
  });

  it('of what is stopped is a start', async () => {
    const { id } = await aikore.api.create({ name: 'first time', base_blueprint: 'idles.sh' });
    expect(await aikore.api.command(id, 'restart')).toMatchObject({ status: 'starting' });
    await aikore.api.reaches(id, 'started');
    await aikore.api.shutDown(id);
  });
});

describe('a stop', () => {
  it('ends children that fled: other sessions, gone parents, no environment, deaf to SIGTERM', async () => {
    const { id } = await aikore.api.create({ name: 'fleeing', base_blueprint: 'escapes.sh' });
    const { pid } = await aikore.api.startUp(id);
    const fled = await waitFor('three have fled', () => {
      const pids = numbersIn(aikore.home('fleeing', 'pids'));
      return pids.length === 3 && pids;
    });
    expect(fled.map(isAlive)).toEqual([true, true, true]);
    const runner = parentOf(pid ?? 0);
    await aikore.api.command(id, 'stop');
    await waitFor('it is said to be stopped', async () => {
      // Read first, then looked at: what is said must have been true already.
      const { status } = await aikore.api.instance(id);
      if (status !== 'stopped') return false;
      expect([pid ?? 0, ...fled].filter(isAlive)).toEqual([]);
      return true;
    });
    await waitFor('the runner has gone', () => !isAlive(runner));
    expect(processesMentioning(aikore.home('fleeing'))).toEqual([]);
  });

  it('tells the exit code of an application that ends politely', async () => {
    const { id } = await aikore.api.create({ name: 'polite', base_blueprint: 'idles.sh' });
    await aikore.api.startUp(id);
    const stopped = await aikore.api.shutDown(id);
    expect(stopped).toMatchObject({
      exit_signal: 'SIGTERM',
      exit_code: null,
      desired: 'stopped',
      evidence: [],
    });
    expect(stopped.status_reason).toBe('Stopped.');
  });
});

describe('commands that race with a deletion or a rename', () => {
  it('never leave a process without an instance, or a folder under two names', async () => {
    for (let round = 0; round < 12; round += 1) {
      const name = `racer ${round}`;
      const { id } = await aikore.api.create({ name, base_blueprint: 'idles.sh' });
      const rival =
        round % 2 === 0
          ? aikore.api.send('DELETE', `api/instances/${id}?mode=permanent`)
          : aikore.api.send('PATCH', `api/instances/${id}`, { name: `${name} renamed` });
      const [started, other] = await Promise.all([
        aikore.api.send<Instance>('POST', `api/instances/${id}/start`),
        rival,
      ]);
      const isDeleted = other.status === 204;
      const outcome = [started.status, other.status].join(' ');
      expect(['202 409', '404 204', '202 200']).toContain(outcome);
      const instances = await aikore.api.instances();
      const mine = instances.find((instance) => instance.id === id);
      expect(mine === undefined).toBe(isDeleted);
      if (mine === undefined) {
        expect(processesMentioning(aikore.home(name))).toEqual([]);
        expect(existsSync(aikore.home(name))).toBe(false);
      } else {
        await aikore.api.reaches(id, 'started');
        expect([aikore.home(name), aikore.home(`${name} renamed`)].filter(existsSync)).toEqual([
          aikore.home(mine.name),
        ]);
        await aikore.api.shutDown(id);
      }
    }
  });
});
