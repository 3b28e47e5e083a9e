import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../src/contracts/instance.js';
import { Database } from '../../src/core/database/sqlite.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { numbersIn } from '../support/instance-files.js';
import { useLab } from '../support/lab.js';
import { environmentOf, isAlive, parentOf, processesMentioning, startTicksOf } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();

/** Deaths in the middle of a start; the endurance run takes its time. */
const ROUNDS = process.env['AIKORE_SOAK'] === '1' ? 60 : 8;

/** Markers of the living runs of an AiKore's instances: one for each copy, however many processes it has. */
function livingRuns(aikore: AiKoreProcess): string[] {
  const found = processesMentioning(join(aikore.dataDir, 'instances'))
    .map(({ pid }) => environmentOf(pid).get('AIKORE_INSTANCE_MARKER'))
    .filter((marker) => marker !== undefined);
  return [...new Set(found)];
}

function logOf(aikore: AiKoreProcess, name: string): string {
  return readFileSync(aikore.home(name, 'output.log'), 'utf8');
}

/** An AiKore with one running counter. */
async function withCounter(env: Record<string, string> = {}) {
  const aikore = await lab.start(env);
  const { id } = await aikore.api.create({ name: 'counter', base_blueprint: 'counter.sh' });
  const instance = await aikore.api.startUp(id);
  return { aikore, id, pid: instance.pid ?? 0 };
}

describe('the death of AiKore by SIGKILL', () => {
  it('leaves a running instance untouched: same process, no gap in its log', async () => {
    const { aikore, id, pid } = await withCounter();
    const startTicks = startTicksOf(pid);
    await aikore.signal('SIGKILL');
    await sleep(400);
    const again = await lab.start({}, aikore.dataDir);

    const found = await again.api.instance(id);
    expect(found).toMatchObject({ status: 'started', pid, desired: 'running', run: 1 });
    expect(startTicksOf(pid)).toBe(startTicks);
    expect(again.stdout).toContain('1 running instance found again');
    const before = logOf(again, 'counter').length;
    await waitFor('it counts on', () => logOf(again, 'counter').length > before);
    const numbers = logOf(again, 'counter').trimEnd().split('\n').map(Number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));

    // The new AiKore owns it as the old one did.
    const viewer = await EventsClient.open(again);
    viewer.follow(id);
    await waitFor('its output is told', () => viewer.pieces(id).length > 3);
    viewer.end();
    await again.api.shutDown(id);
    expect(isAlive(pid)).toBe(false);
    await again.stop();
  });

  it('does not hide how an instance ended meanwhile', async () => {
    const { aikore, id, pid } = await withCounter();
    await aikore.signal('SIGKILL');
    writeFileSync(aikore.home('counter', 'end'), '');
    await waitFor('it has ended', () => !isAlive(pid));
    const again = await lab.start({}, aikore.dataDir);

    const instance = await again.api.instance(id);
    expect(instance).toMatchObject({ status: 'error', exit_code: 5, exit_signal: null, pid: null, run: 1 });
    expect(instance.status_reason).toContain('exit code 5');
    expect(instance.evidence.at(-1)).toBe('the end');
    const [run] = await again.api.expect<Run[]>(200, 'GET', `api/instances/${id}/runs`);
    expect(run).toMatchObject({ run: 1, exit_code: 5 });
    expect(run?.ended_at).not.toBeNull();
    await again.stop();
  });

  it('and of the runner too: what it watched over is ended, and AiKore says so', async () => {
    const { aikore, id, pid } = await withCounter();
    const runner = parentOf(pid);
    await aikore.signal('SIGKILL');
    process.kill(runner, 'SIGKILL');
    const again = await lab.start({}, aikore.dataDir);

    expect(await again.api.instance(id)).toMatchObject({ status: 'error', pid: null, exit_code: null });
    expect(livingRuns(again)).toEqual([]);
    expect((await again.api.startUp(id)).run).toBe(2);
    expect(livingRuns(again)).toHaveLength(1);
    await again.stop();
  });

  it('finds the instance again though its application has put a link where its script was', async () => {
    const { aikore, id, pid } = await withCounter();
    await aikore.signal('SIGKILL');
    rmSync(aikore.home('counter', 'launch.sh'));
    symlinkSync('/etc/passwd', aikore.home('counter', 'launch.sh'));
    const again = await lab.start({}, aikore.dataDir);
    // What the script declares cannot be read, so the ordinary probe is used, which this application never answers.
    const found = await again.api.instance(id);
    expect(found).toMatchObject({ pid, desired: 'running' });
    expect(livingRuns(again)).toHaveLength(1);
    await again.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('starts all the same when the socket of a living runner is gone, and makes no second copy', async () => {
    const { aikore, id, pid } = await withCounter();
    await aikore.signal('SIGKILL');
    const runner = parentOf(pid);
    rmSync(aikore.path('run', 'instances', String(id), 'runner.sock'));
    const again = await lab.start({}, aikore.dataDir);

    expect(await again.api.instance(id)).toMatchObject({ status: 'started', pid, run: 1 });
    expect((await again.api.refused('POST', `api/instances/${id}/start`)).status).toBe(409);
    expect(livingRuns(again)).toHaveLength(1);
    await again.api.command(id, 'stop');
    expect(await again.api.reaches(id, 'stopped')).toMatchObject({ pid: null });
    expect(livingRuns(again)).toHaveLength(0);
    expect(isAlive(runner)).toBe(false);
    await again.api.startUp(id);
    expect(livingRuns(again)).toHaveLength(1);
    await again.stop();
  });
});

describe('SIGKILL in the middle of a start', () => {
  it('never leads to two copies, and what is said then is true', async () => {
    const dataDir = lab.dataDir();
    let id: number | null = null;
    for (let round = 0; round < ROUNDS; round += 1) {
      const aikore = await lab.start({}, dataDir);
      id ??= (await aikore.api.create({ name: 'counter', base_blueprint: 'counter.sh' })).id;
      await expectTruth(aikore, id);
      if (livingRuns(aikore).length > 0) await aikore.api.shutDown(id);
      const starting = aikore.api.command(id, 'start').catch(() => undefined);
      // From before the wish is heard until after the launch, which takes longer on a busy machine.
      await sleep((160 * (round + Math.random())) / ROUNDS);
      await aikore.signal('SIGKILL');
      await starting;
      await sleep(100);
      expect(livingRuns(aikore).length).toBeLessThanOrEqual(1);
    }
    const last = await lab.start({}, dataDir);
    await expectTruth(last, id ?? 0);
    if (livingRuns(last).length > 0) await last.api.shutDown(id ?? 0);
    await expectHonestHistory(last, id ?? 0);
    await last.stop();
  }, 600_000);

  async function expectTruth(aikore: AiKoreProcess, id: number): Promise<void> {
    const instance = await aikore.api.instance(id);
    const runs = livingRuns(aikore);
    const isSaidToRun = ['starting', 'started', 'stalled', 'stopping'].includes(instance.status);
    expect({ isSaidToRun, copies: runs.length }).toEqual({
      isSaidToRun: runs.length === 1,
      copies: isSaidToRun ? 1 : 0,
    });
    if (isSaidToRun) expect(isAlive(instance.pid ?? 0)).toBe(true);
    else expect(instance.pid).toBeNull();
    // Nobody let it run to an end, so no exit code can be known.
    expect(instance.exit_code).toBeNull();
  }

  async function expectHonestHistory(aikore: AiKoreProcess, id: number): Promise<void> {
    const runs = await aikore.api.expect<Run[]>(200, 'GET', `api/instances/${id}/runs`);
    for (const run of runs) {
      expect(run.ended_at).not.toBeNull();
      expect(run.reason).not.toBe('It runs.');
    }
    const starts = numbersIn(aikore.home('counter', 'starts'));
    expect(starts.length).toBeLessThanOrEqual(runs.length);
  }

  it('does not take the end of an earlier run for the end of the start that never was', async () => {
    const { aikore, id } = await withCounter();
    writeFileSync(aikore.home('counter', 'end'), '');
    expect(await aikore.api.reaches(id, 'error')).toMatchObject({ exit_code: 5 });
    await aikore.signal('SIGKILL');
    // What a death between "it is starting" and the launch leaves behind.
    const database = new Database(aikore.path('aikore.db'));
    database
      .prepare(
        "UPDATE instances SET status = 'starting', desired = 'running', exit_code = NULL, evidence = '[]', pid = NULL",
      )
      .run();
    database.close();

    const again = await lab.start({}, aikore.dataDir);
    const instance = await again.api.instance(id);
    expect(instance).toMatchObject({ status: 'error', exit_code: null, exit_signal: null });
    expect(instance.status_reason).toMatch(/AiKore/);
    const runs = await again.api.expect<Run[]>(200, 'GET', `api/instances/${id}/runs`);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ run: 1, exit_code: 5 });
    await again.stop();
  });
});

describe('the end of AiKore in order', () => {
  it('stops all instances inside one grace and leaves no process', async () => {
    const aikore = await lab.start({ AIKORE_STOP_GRACE: '2' });
    const names = ['polite', 'deaf', 'deaf too', 'escaping'];
    const blueprints = ['idles.sh', 'ignores-term.sh', 'ignores-term.sh', 'escapes.sh'];
    for (const [index, name] of names.entries()) {
      const { id } = await aikore.api.create({ name, base_blueprint: blueprints[index] ?? '' });
      await aikore.api.startUp(id);
    }
    expect(livingRuns(aikore)).toHaveLength(4);
    const beganMs = performance.now();
    expect(await aikore.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - beganMs).toBeLessThan(4500);
    expect(processesMentioning(aikore.dataDir)).toEqual([]);
    expect(existsSync(`${aikore.dataDir}.ready`)).toBe(false);

    const again = await lab.start({}, aikore.dataDir);
    for (const instance of await again.api.instances()) {
      expect(instance).toMatchObject({ status: 'stopped', pid: null, desired: 'stopped' });
    }
    await again.stop();
  });

  it('hurries at the second signal', async () => {
    const aikore = await lab.start({ AIKORE_STOP_GRACE: '30' });
    const { id } = await aikore.api.create({ name: 'deaf', base_blueprint: 'ignores-term.sh' });
    await aikore.api.startUp(id);
    const exited = aikore.signal('SIGINT');
    await waitFor('it says that it stops', () => aikore.stdout.includes('once more to hurry'));
    const beganMs = performance.now();
    await aikore.signal('SIGINT');
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - beganMs).toBeLessThan(5000);
    expect(livingRuns(aikore)).toEqual([]);
  });

  it('leaves the instances running with AIKORE_KEEP_INSTANCES=1', async () => {
    const { aikore, id, pid } = await withCounter({ AIKORE_KEEP_INSTANCES: '1' });
    expect(await aikore.stop()).toEqual({ code: 0, signal: null });
    expect(isAlive(pid)).toBe(true);
    const again = await lab.start({}, aikore.dataDir);
    expect(await again.api.instance(id)).toMatchObject({ status: 'started', pid });
    await again.stop();
    expect(isAlive(pid)).toBe(false);
  });
});

describe('a second AiKore on the same data directory', () => {
  it('is refused with a sentence and disturbs nothing', async () => {
    const { aikore, id, pid } = await withCounter();
    const second = lab.launch(aikore.dataDir, { AIKORE_READY_FILE: join(lab.root, 'second.ready') });
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.stderr).toMatch(/^aikore: Another AiKore is already running on .+AIKORE_DATA_DIR\.\n$/);
    expect(await aikore.api.instance(id)).toMatchObject({ status: 'started', pid });
    await aikore.stop();
  });
});
