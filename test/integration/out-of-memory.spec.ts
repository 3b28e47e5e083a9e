import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunnerConnection } from '../../src/host/runner/runner-connection.js';
import type { RunnerEnding } from '../../src/host/runner/runner-connection.js';
import { readRunnerRecord } from '../../src/host/runner/runner-record.js';
import { buildRunner, Runner } from '../fixtures/runner/harness.js';
import { MemoryGroup } from '../support/memory-group.js';

const LIMIT_BYTES = 64 * 1024 * 1024;
/** Takes four times the limit, when the file "go" is there. */
const HUNGRY = 'until [ -e go ]; do sleep 0.02; done; dd if=/dev/zero of=/dev/null bs=256M count=1';

const root = mkdtempSync(join(tmpdir(), 'aikore-memory-'));
const binary = join(root, 'aikore-runner');
let dir = '';

beforeAll(() => buildRunner(binary), 60_000);
beforeEach(() => {
  dir = mkdtempSync(join(root, 'run-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs a script to its end, which comes after the file "go" was made. @returns what the socket said of the end */
async function endOf(script: string, wrapper: string[]): Promise<{ ending: RunnerEnding; runner: Runner }> {
  const runner = await Runner.start({ binary, dir, program: ['bash', '-c', script], wrapper });
  expect(runner.handshake).toMatch(/^started /);
  const ending = new Promise<RunnerEnding>((resolve, reject) => {
    void RunnerConnection.open(runner.socketPath, {
      onOutput: () => undefined,
      onEnded: resolve,
      onLost: () => reject(new Error('the runner is lost')),
    });
  });
  spawnSync('touch', [join(dir, 'go')]);
  return { ending: await ending, runner };
}

function whyNot(group: MemoryGroup | string): group is string {
  if (typeof group === 'string') console.warn(`skipped: a group with little memory cannot be made: ${group}`);
  return typeof group === 'string';
}

describe('a run in a group with little memory', () => {
  it('tells that the kernel killed a child of it, also when its script goes on', async () => {
    const group = MemoryGroup.create(`aikore-test-${process.pid}`, LIMIT_BYTES);
    if (whyNot(group)) return;
    try {
      const { ending, runner } = await endOf(`${HUNGRY}; echo "it had $?"; exit 3`, group.wrapper);
      expect(ending).toEqual({ exitCode: 3, exitSignal: null, oomKills: 1, oomSource: 'cgroup' });
      await runner.exited;
      expect(runner.log().toString()).toContain('it had 137\n');
      expect(await readRunnerRecord(runner.recordPath)).toMatchObject({
        state: 'ended',
        oomKills: 1,
        oomSource: 'cgroup',
      });
    } finally {
      group.remove();
    }
  }, 30_000);

  it('tells it of the main process, and does not count what others did before', async () => {
    const group = MemoryGroup.create(`aikore-test-${process.pid}`, LIMIT_BYTES);
    if (whyNot(group)) return;
    try {
      const before = 'dd if=/dev/zero of=/dev/null bs=256M count=1';
      spawnSync(group.wrapper[0]!, [...group.wrapper.slice(1), 'sh', '-c', `${before}; exit 0`]);
      const { ending, runner } = await endOf(`exec bash -c '${HUNGRY}; kill -9 $$'`, group.wrapper);
      expect(ending).toEqual({ exitCode: null, exitSignal: 'SIGKILL', oomKills: 1, oomSource: 'cgroup' });
      await runner.exited;
    } finally {
      group.remove();
    }
  }, 30_000);
});

/** A command with other control groups before its eyes: what `prepare` puts in their place. */
function hidingGroups(prepare: string): string[] | null {
  const command = `mount -t tmpfs none /sys/fs/cgroup && ${prepare} && exec "$@"`;
  const wrapper = ['unshare', '--mount', 'sh', '-c', command, 'sh'];
  if (spawnSync(wrapper[0]!, [...wrapper.slice(1), 'true']).status === 0) return wrapper;
  console.warn('skipped: hiding the control groups needs the right to mount');
  return null;
}

describe('where the count is read', () => {
  it('is the file of version 2, of which only its own line counts', async () => {
    const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
    const group = join('/sys/fs/cgroup', own);
    const events = (count: number) =>
      `printf 'low 0\\nmax 9\\noom 9\\noom_kill ${count}\\noom_group_kill 9\\n' >${join(group, 'memory.events')}`;
    const wrapper = hidingGroups(`mkdir -p ${group} && ${events(5)}`);
    if (wrapper === null) return;
    const { ending } = await endOf(`until [ -e go ]; do sleep 0.02; done; ${events(7)}`, wrapper);
    expect(ending).toEqual({ exitCode: 0, exitSignal: null, oomKills: 2, oomSource: 'cgroup' });
  });

  it('is the whole machine, where the group cannot be asked', async () => {
    const wrapper = hidingGroups('true');
    if (wrapper === null) return;
    const { ending } = await endOf('until [ -e go ]; do sleep 0.02; done', wrapper);
    expect(ending).toEqual({ exitCode: 0, exitSignal: null, oomKills: 0, oomSource: 'machine' });
  });
});
