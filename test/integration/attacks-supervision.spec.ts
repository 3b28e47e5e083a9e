import { describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { isAlive, parentOf, startTicksOf } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();

/** More than any counter can hold, and more than a double can. */
const TOO_LARGE = ['99999999999999999999', '9'.repeat(400)];

function recordOf(aikore: AiKoreProcess, id: number): string {
  return aikore.path('run', 'instances', String(id), 'record');
}

/** The record's own text with some values replaced, as an application of the same user could write it. */
function forge(aikore: AiKoreProcess, id: number, values: Record<string, string>): void {
  const lines = readFileSync(recordOf(aikore, id), 'latin1').trimEnd().split('\n');
  const kept = lines.filter((line) => !Object.hasOwn(values, line.split('=')[0] ?? ''));
  const forged = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  const path = recordOf(aikore, id);
  writeFileSync(path, `${[...kept, ...forged].join('\n')}\n`);
}

async function withCounter(): Promise<{ aikore: AiKoreProcess; id: number; pid: number }> {
  const aikore = await lab.start();
  const { id } = await aikore.api.create({ name: 'counter', base_blueprint: 'counter.sh' });
  const { pid } = await aikore.api.startUp(id);
  return { aikore, id, pid: pid ?? 0 };
}

describe('a record that an application has forged', () => {
  it.each(TOO_LARGE)(
    'with numbers that are too large (%#) is survived, and the instance can be started',
    async (huge) => {
      const { aikore, id, pid } = await withCounter();
      const runner = parentOf(pid);
      await aikore.signal('SIGKILL');
      process.kill(runner, 'SIGKILL');
      process.kill(pid, 'SIGKILL');
      await waitFor('both are gone', () => !isAlive(runner) && !isAlive(pid));
      const keys = [
        'run',
        'pid',
        'started_ms',
        'ended_ms',
        'exit_code',
        'exit_signal',
        'dropped_bytes',
        'oom_kills',
      ];
      forge(aikore, id, { state: 'ended', ...Object.fromEntries(keys.map((key) => [key, huge])) });

      const again = await lab.start({}, aikore.dataDir);
      const found = await again.api.instance(id);
      expect(found).toMatchObject({ status: 'error', pid: null, run: 1 });
      expect(found.exit_code === null || (found.exit_code >= 0 && found.exit_code <= 255)).toBe(true);
      const runs = await again.api.expect<Run[]>(200, 'GET', `api/instances/${id}/runs`);
      expect(runs.map(({ run }) => run)).toEqual([1]);
      expect(await again.api.startUp(id)).toMatchObject({ status: 'started', run: 2 });
      await again.stop();
    },
  );

  it('of a living run is no record: the run is ended rather than started twice, and has its number', async () => {
    const { aikore, id, pid } = await withCounter();
    await aikore.signal('SIGKILL');
    forge(aikore, id, {
      run: '99999999999999999999',
      started_ms: '99999999999999999999',
      pid: '99999999999999999999',
    });
    const again = await lab.start({}, aikore.dataDir);
    const found = await again.api.instance(id);
    expect(found).toMatchObject({ run: 1, status: 'error', pid: null });
    expect(isAlive(pid)).toBe(false);
    expect(await again.api.startUp(id)).toMatchObject({ run: 2 });
    await again.stop();
  });

  it('that names a stranger as its runner costs that one nothing and keeps nobody from starting', async () => {
    const { aikore, id, pid } = await withCounter();
    const runner = parentOf(pid);
    await aikore.signal('SIGKILL');
    process.kill(runner, 'SIGKILL');
    process.kill(pid, 'SIGKILL');
    await waitFor('both are gone', () => !isAlive(runner) && !isAlive(pid));
    forge(aikore, id, {
      state: 'running',
      runner_pid: String(process.pid),
      runner_start: String(startTicksOf(process.pid)),
    });
    const again = await lab.start({}, aikore.dataDir);
    await again.api.reaches(id, 'error');
    expect(await again.api.startUp(id)).toMatchObject({ run: 2 });
    await again.stop();
  });
});

describe('what answers in the place of a runner', () => {
  it('cannot make AiKore say numbers that do not exist', async () => {
    const { aikore, id, pid } = await withCounter();
    const socket = aikore.path('run', 'instances', String(id), 'runner.sock');
    rmSync(socket);
    await aikore.signal('SIGKILL');
    const huge = '9'.repeat(400);
    const server = createServer((client) => {
      client.on('error', () => undefined);
      client.write(`hello version=1 state=running size=${huge} dropped=${huge}\n`);
      client.write(`out size=99999999999999999999 dropped=${huge}\n`);
    }).listen(socket);
    const again = await lab.start({}, aikore.dataDir);
    await sleep(500);
    const found = await again.api.instance(id);
    expect(found).toMatchObject({ run: 1, status: 'started', pid });
    expect(JSON.stringify(found)).not.toMatch(/Infinity|NaN|e\+/);
    expect((await again.api.send('GET', `api/instances/${id}/logs?offset=-100`)).status).toBe(200);
    // It hears the command and goes on as if nothing were.
    await again.api.command(id, 'kill');
    await again.api.reaches(id, 'stopped', 20_000);
    expect(isAlive(pid)).toBe(false);
    server.close();
    await again.stop();
  });
});

describe('a runner that was stopped by a signal', () => {
  it.each(['stop', 'kill'] as const)('keeps nobody from a %s', async (command) => {
    const { aikore, id, pid } = await withCounter();
    const runner = parentOf(pid);
    process.kill(runner, 'SIGSTOP');
    await aikore.api.command(id, command);
    await aikore.api.reaches(id, 'stopped', 8000);
    expect([isAlive(pid), isAlive(runner)]).toEqual([false, false]);
    expect(await aikore.api.startUp(id)).toMatchObject({ run: 2 });
    await aikore.stop();
  });
});

describe('folders with names of AiKore’s own', () => {
  it('that were planted neither stop a start nor lead out of the data folder', async () => {
    const { aikore, id } = await withCounter();
    const outside = lab.dataDir();
    const precious = `${outside}/precious`;
    mkdirSync(precious);
    writeFileSync(`${precious}/file`, 'kept');
    await aikore.stop();
    for (const name of [
      '.creating-1',
      '.creating-77',
      '.renaming-1',
      '.renaming-78',
      '.deleting-1',
      '.deleting-79',
    ])
      symlinkSync(precious, aikore.home(name));
    mkdirSync(aikore.path('trashcan'), { recursive: true });
    symlinkSync(precious, aikore.path('trashcan', '.replaced'));
    mkdirSync(aikore.home('.creating-99999999999999999999'));
    mkdirSync(aikore.home('counter', '.aikore-instance.json'));
    rmSync(aikore.home('counter', 'logs'), { recursive: true, force: true });
    symlinkSync(precious, aikore.home('counter', 'logs'));
    const again = await lab.start({}, aikore.dataDir);
    expect(readFileSync(`${precious}/file`, 'utf8')).toBe('kept');
    await again.api.startUp(id);
    expect((await again.api.send('GET', `api/instances/${id}/logs/search?q=1`)).status).toBe(200);
    await again.api.shutDown(id);
    expect((await again.api.send('DELETE', `api/instances/${id}?mode=trash`)).status).toBeLessThan(300);
    expect((await again.api.send('POST', 'api/trash/counter/restore')).status).toBeLessThan(300);
    expect(readFileSync(`${precious}/file`, 'utf8')).toBe('kept');
    await again.stop();
  });
});
