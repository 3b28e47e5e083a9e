import { describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOKEN } from '../support/aikore-process.js';
import { Api } from '../support/api.js';
import { useLab } from '../support/lab.js';
import { descendantsOf, spawnerOf } from '../support/process-tree.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const MAIN = resolve(import.meta.dirname, '../../dist/aikore/main.js');
/** The first process of a namespace of its own, as a container has one. */
const NAMESPACE = ['--pid', '--fork', '--mount-proc', '--kill-child'];
const LOOK_EVERY_MS = 100;
const OLDEST_ZOMBIE_MS = 1000;

/** Watches for zombies below a process and keeps the age in milliseconds of the oldest. */
class ZombieWatch {
  oldestMs = 0;
  private readonly seenMs = new Map<number, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly root: number) {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  end(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const nowMs = performance.now();
    const zombies = descendantsOf(this.root).filter(({ isZombie }) => isZombie);
    const pids = new Set(zombies.map(({ pid }) => pid));
    for (const pid of [...this.seenMs.keys()]) if (!pids.has(pid)) this.seenMs.delete(pid);
    for (const pid of pids) {
      const sinceMs = this.seenMs.get(pid) ?? nowMs;
      this.seenMs.set(pid, sinceMs);
      this.oldestMs = Math.max(this.oldestMs, nowMs - sinceMs);
    }
  }
}

interface Container {
  unshare: ChildProcess;
  /** Of AiKore, as this process sees it; it itself believes to be 1. */
  aikorePid: number;
  api: Api;
}

async function startAsFirstProcess(): Promise<Container> {
  const dataDir = lab.dataDir();
  const readyFile = `${dataDir}.ready`;
  const unshare = spawn('unshare', [...NAMESPACE, process.execPath, MAIN], {
    cwd: '/',
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      AIKORE_DATA_DIR: dataDir,
      AIKORE_PORT: '0',
      AIKORE_APPS_PORT: '0',
      AIKORE_READY_FILE: readyFile,
      AIKORE_TOKEN: TOKEN,
    },
  });
  await waitFor('AiKore serves', () => existsSync(readyFile), 30_000);
  const { dashboard, pid } = JSON.parse(readFileSync(readyFile, 'utf8')) as {
    dashboard: string;
    pid: number;
  };
  expect(pid).toBe(1);
  const aikorePid = descendantsOf(unshare.pid ?? 0)[0]?.pid ?? 0;
  return { unshare, aikorePid, api: new Api(dashboard, { authorization: `Bearer ${TOKEN}` }) };
}

const runnersBelow = (pid: number) =>
  descendantsOf(pid).filter(({ commandLine }) => commandLine.includes('\0--record\0'));

/** The processes of AiKore's that are no NGINX, which has its own tests. */
const withoutNginx = (pid: number): number[] =>
  descendantsOf(pid)
    .filter(({ commandLine }) => !commandLine.startsWith('nginx: '))
    .map((each) => each.pid);

describe('AiKore as the first process of a container', () => {
  it('leaves no zombie older than a second, with two hundred orphans and a runner that was killed', async () => {
    if (spawnSync('unshare', [...NAMESPACE, 'true']).status !== 0) {
      console.warn('skipped: a namespace for processes needs the right to make one');
      return;
    }
    const { unshare, aikorePid, api } = await startAsFirstProcess();
    const exited = new Promise((done) => unshare.once('exit', done));
    const watch = new ZombieWatch(aikorePid);
    const { id } = await api.create({ name: 'parent', base_blueprint: 'leaves-orphans.sh' });
    await api.startUp(id);
    const spawner = await waitFor('a spawner', () => spawnerOf(aikorePid));
    await waitFor('the orphans are there', () => descendantsOf(spawner.pid).length > 100);
    const [runner] = runnersBelow(spawner.pid);
    process.kill(runner?.pid ?? 0, 'SIGKILL');
    await api.reaches(id, 'error');
    await waitFor('all are gone', () => withoutNginx(spawner.pid).length === 0);
    expect(withoutNginx(aikorePid)).toEqual([spawner.pid]);

    // NGINX's workers come to AiKore when their master is killed.
    const master = descendantsOf(aikorePid).find(({ commandLine }) =>
      commandLine.startsWith('nginx: master'),
    );
    if (master !== undefined) {
      process.kill(master.pid, 'SIGKILL');
      await waitFor('there is another', () =>
        descendantsOf(aikorePid).some(
          ({ pid, commandLine }) => pid !== master.pid && commandLine.startsWith('nginx: master'),
        ),
      );
    }

    // What ends in order leaves nothing either.
    await api.startUp(id);
    await sleep(OLDEST_ZOMBIE_MS);
    await api.shutDown(id);
    await sleep(2 * OLDEST_ZOMBIE_MS);
    watch.end();
    expect(watch.oldestMs).toBeLessThan(OLDEST_ZOMBIE_MS);
    expect(withoutNginx(aikorePid)).toEqual([spawner.pid]);
    process.kill(aikorePid, 'SIGTERM');
    await exited;
  }, 120_000);
});
