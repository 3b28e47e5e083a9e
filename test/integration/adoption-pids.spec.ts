import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Api } from '../support/api.js';
import { TOKEN } from '../support/aikore-process.js';
import { PidRoom, whyNoNamespace } from '../support/crash-namespace.js';
import { copiesByName, dataDirWithJobs, startJobs, startsOf } from '../support/crash-jobs.js';
import { useLab } from '../support/lab.js';
import { parentOf } from '../support/processes.js';
import { staysTrue, waitFor } from '../support/wait.js';

const lab = useLab();
const MAIN = resolve(import.meta.dirname, '../../dist/aikore/main.js');
const STRANGER = resolve(import.meta.dirname, '../fixtures/crash/stranger.sh');

const obstacle = whyNoNamespace();
if (obstacle !== null) console.log(`skipped, no namespace of pids can be made: ${obstacle}`);
const describeInRoom = obstacle === null ? describe : describe.skip;

const rooms: PidRoom[] = [];
afterEach(async () => {
  for (const room of rooms.splice(0)) await room.close();
});

/** A data directory whose AiKores live in a namespace of pids. */
class Residence {
  readonly dataDir = dataDirWithJobs(lab);
  readonly room: PidRoom;
  private readonly readyFile = `${this.dataDir}.ready`;
  aikorePid = 0;

  constructor() {
    const folder = `${this.dataDir}.room`;
    mkdirSync(folder);
    this.room = new PidRoom(folder);
    rooms.push(this.room);
  }

  async start(): Promise<Api> {
    rmSync(this.readyFile, { force: true });
    const env = [
      `AIKORE_DATA_DIR='${this.dataDir}'`,
      'AIKORE_PORT=0 AIKORE_APPS_PORT=0 AIKORE_STOP_GRACE=1',
      `AIKORE_READY_FILE='${this.readyFile}' AIKORE_TOKEN=${TOKEN}`,
    ];
    const log = `'${this.dataDir}.log'`;
    const line = `env ${env.join(' ')} '${process.execPath}' '${MAIN}' >>${log} 2>&1 </dev/null & echo $!`;
    this.aikorePid = Number(await this.room.run(line));
    await waitFor('AiKore serves in the room', () => existsSync(this.readyFile), 30_000);
    const { dashboard } = JSON.parse(readFileSync(this.readyFile, 'utf8')) as { dashboard: string };
    return new Api(dashboard, { authorization: `Bearer ${TOKEN}` });
  }

  /** Waits until what is killed is dead. */
  async kill(pids: number[]): Promise<void> {
    for (const pid of pids) await this.room.run(`kill -9 ${pid}`);
    await this.gone(pids);
  }

  async gone(pids: number[]): Promise<void> {
    const gone = pids.map((pid) => `[ ! -e /proc/${pid}/exe ]`).join(' && ');
    await waitFor('they are dead', async () => (await this.room.run(`${gone} && echo gone`)) === 'gone');
  }

  /** A stranger with a chosen pid. @returns the file with the signals that it got */
  async settleStranger(pid: number): Promise<string> {
    const file = join(`${this.dataDir}.room`, `signals-${pid}`);
    await waitFor(
      `pid ${pid} is a stranger's`,
      async () => {
        const line = `echo ${pid - 1} >/proc/sys/kernel/ns_last_pid; bash '${STRANGER}' '${file}' >/dev/null 2>&1 & echo $!`;
        const got = Number(await this.room.run(line));
        if (got === pid) return true;
        await this.room.run(`kill -9 ${got}`);
        return false;
      },
      20_000,
    );
    await waitFor('the stranger has settled', () => existsSync(file));
    return file;
  }

  recordOf(id: number): string {
    return join(this.dataDir, 'run', 'instances', String(id), 'record');
  }
}

function fieldOf(record: string, key: string): string {
  return new RegExp(`^${key}=(.*)$`, 'm').exec(readFileSync(record, 'utf8'))?.[1] ?? '';
}

describeInRoom('pids that belong to somebody else by now', () => {
  it.each([
    ['the runner was killed too', true],
    ['the run came to its own end', false],
  ])('are neither shown nor signalled (%s)', async (_title, isRunnerKilled) => {
    const residence = new Residence();
    const api = await residence.start();
    const { id } = await api.create({ name: 'job', base_blueprint: 'light.sh' });
    const pid = (await api.startUp(id)).pid ?? 0;
    const runnerPid = Number(fieldOf(residence.recordOf(id), 'runner_pid'));
    await residence.kill([residence.aikorePid]);
    // A runner that lives notes the end of its program, and ends.
    await residence.kill(isRunnerKilled ? [runnerPid, pid] : [pid]);
    await residence.gone([runnerPid]);
    expect(fieldOf(residence.recordOf(id), 'state')).toBe(isRunnerKilled ? 'running' : 'ended');

    const signals = [await residence.settleStranger(pid), await residence.settleStranger(runnerPid)];
    const again = await residence.start();
    const found = await again.instance(id);
    expect(found).toMatchObject({ status: 'error', pid: null, desired: 'stopped' });
    // Nor does anything that is done to the instance afterwards reach them.
    expect((await again.startUp(id)).pid).not.toBe(pid);
    await again.command(id, 'restart');
    await waitFor('it runs again', async () => (await again.instance(id)).run === 3);
    await again.reaches(id, 'started');
    await again.command(id, 'kill');
    await again.reaches(id, 'stopped');
    const undisturbed = () => signals.every((file) => readFileSync(file, 'utf8') === 'here\n');
    await staysTrue('nobody signals the strangers', undisturbed, 1000);
    const alive = await residence.room.run(`kill -0 ${pid} && kill -0 ${runnerPid} && echo both`);
    expect(alive).toBe('both');
  });
});

describe('a record of another boot', () => {
  it('is never taken for what runs now, and what starts by itself is started once', async () => {
    const aikore = await lab.start({}, dataDirWithJobs(lab));
    const [self, waiting] = await startJobs(aikore, ['self', 'waiting'], 'steps.sh');
    if (self === undefined || waiting === undefined) throw new Error('they were not started');
    await aikore.api.expect(200, 'PATCH', `api/instances/${self.id}`, { autostart: true });
    await aikore.signal('SIGKILL');
    for (const { id, pid } of [self, waiting]) {
      process.kill(parentOf(pid), 'SIGKILL');
      process.kill(pid, 'SIGKILL');
      const record = aikore.path('run', 'instances', String(id), 'record');
      const text = readFileSync(record, 'utf8');
      writeFileSync(record, text.replace(/^boot_id=.*$/m, 'boot_id=00000000-0000-4000-8000-000000000000'));
    }
    const again = await lab.start({}, aikore.dataDir);
    const instance = await again.api.instance(waiting.id);
    expect(instance).toMatchObject({ status: 'error', pid: null, exit_code: null });
    expect(instance.status_reason).toContain('machine was restarted');
    expect((await again.api.reaches(self.id, 'started')).run).toBe(2);
    await waitFor('it has begun', () => startsOf(again, self) === 2);
    expect([...copiesByName(again.dataDir)]).toEqual([['self', 1]]);
    await again.stop();
  });
});
