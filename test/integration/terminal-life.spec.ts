import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TerminalSession } from '../../src/contracts/terminal.js';
import type { Logger } from '../../src/core/logging.js';
import { TerminalSessions } from '../../src/features/terminals/terminal-sessions.js';
import { spawnDirectly } from '../../src/host/runner/spawn-directly.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { createInline } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';
import { isAlive, parentOf, processesMentioning } from '../support/processes.js';
import { TerminalClient } from '../support/terminal-client.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();

async function withInstance(env: Record<string, string> = {}) {
  const aikore = await lab.start({ HOME: lab.root, ...env });
  const { id } = await aikore.api.create({ name: 'place', base_blueprint: 'idles.sh' });
  return { aikore, id };
}

const listed = (aikore: AiKoreProcess, id: number) =>
  aikore.api.expect<TerminalSession[]>(200, 'GET', `api/instances/${id}/terminals`);

async function pidOf(terminal: TerminalClient): Promise<number> {
  return Number(await terminal.run('echo $$'));
}

/** Waits in bash until the file that is named next has something in it. */
const WHEN_THERE = 'there() { until [ -s "$1" ]; do sleep 0.05; done; }; there';

/** Pids of a job that has a session of its own and would outlive its terminal anywhere else. */
async function startEscaped(terminal: TerminalClient): Promise<number> {
  return lastNumber(
    await terminal.run(
      `setsid bash -c 'echo $$ > escaped; exec sleep 4711' & ${WHEN_THERE} escaped; cat escaped`,
    ),
  );
}

function lastNumber(text: string): number {
  return Number(text.match(/^\d+$/gm)?.at(-1));
}

describe('the death of AiKore by SIGKILL', () => {
  it('leaves the shells untouched, and they are found again with their screens', async () => {
    const { aikore, id } = await withInstance();
    const terminal = await TerminalClient.openShell(aikore, { id });
    const pid = await pidOf(terminal);
    await terminal.run('kept=still; echo before the end');
    await aikore.signal('SIGKILL');
    await terminal.ended().catch(() => undefined);
    expect(isAlive(pid)).toBe(true);

    const again = await lab.start({ HOME: lab.root }, aikore.dataDir);
    expect(await listed(again, id)).toEqual([expect.objectContaining({ id: terminal.id, running: true })]);
    const back = await TerminalClient.open(again, { id, session: terminal.id });
    await back.shows('before the end');
    expect(await back.run('echo "$kept $$"')).toBe(`still ${pid}\n`);
    await again.stop();
    expect(isAlive(pid)).toBe(false);
    expect(readdirSync(again.path('run', 'terminals'))).toEqual([]);
  });

  it('does not hide how a shell ended meanwhile', async () => {
    const { aikore, id } = await withInstance();
    const terminal = await TerminalClient.openShell(aikore, { id });
    const pid = await pidOf(terminal);
    terminal.type('until [ -e killed ]; do sleep 0.05; done; exit 7\r');
    await terminal.shows('exit 7');
    await aikore.signal('SIGKILL');
    writeFileSync(aikore.home('place', 'killed'), '');
    await waitFor('the shell has ended', () => !isAlive(pid));
    const again = await lab.start({ HOME: lab.root }, aikore.dataDir);
    const back = await TerminalClient.open(again, { id, session: terminal.id });
    expect(await back.ended()).toMatchObject({ code: 7, message: 'The shell ended with exit code 7.' });
    expect(back.text).toContain('done; exit 7');
    await again.stop();
  });
});

describe('an orderly end of AiKore', () => {
  it('ends all terminals, and everything that was started in them', async () => {
    const { aikore, id } = await withInstance();
    const terminal = await TerminalClient.openShell(aikore, { id });
    const machine = await TerminalClient.openShell(aikore);
    const pids = [await pidOf(terminal), await pidOf(machine), await startEscaped(terminal)];
    expect(pids.every(isAlive)).toBe(true);
    expect(await aikore.stop()).toMatchObject({ code: 0 });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('leaves them when the instances are to be left as well', async () => {
    const { aikore, id } = await withInstance({ AIKORE_KEEP_INSTANCES: '1' });
    const terminal = await TerminalClient.openShell(aikore, { id });
    const pid = await pidOf(terminal);
    expect(await aikore.stop()).toMatchObject({ code: 0 });
    expect(isAlive(pid)).toBe(true);
    const again = await lab.start({ HOME: lab.root }, aikore.dataDir);
    const back = await TerminalClient.open(again, { id, session: terminal.id });
    expect(await pidOf(back)).toBe(pid);
    await again.stop();
    expect(isAlive(pid)).toBe(false);
  });
});

describe('closing a terminal', () => {
  it('ends what left its session, and what ignores to be hung up', async () => {
    const { aikore, id } = await withInstance();
    const terminal = await TerminalClient.openShell(aikore, { id });
    const escaped = await startEscaped(terminal);
    const deaf = lastNumber(
      await terminal.run(
        `bash -c 'trap "" HUP TERM INT; echo $$ > deaf; sleep 4712; sleep 4713' & ${WHEN_THERE} deaf; cat deaf`,
      ),
    );
    expect([escaped, deaf].filter(isAlive)).toHaveLength(2);
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}/terminals/${terminal.id}`);
    expect([escaped, deaf].filter(isAlive)).toEqual([]);
    await aikore.stop();
  });

  it('comes with the end of its owner, also while it is just being opened', async () => {
    const root = join(lab.root, 'opened');
    const logger = { warn: () => undefined, error: () => undefined } as unknown as Logger;
    const binary = resolve(import.meta.dirname, '../../dist/terminal/aikore-terminal');
    const sessions = new TerminalSessions({ root, binary, starter: { start: spawnDirectly }, logger });
    const opening = sessions.open('instance-1', { cols: 80, rows: 24 }, async () => {
      await sessions.closeAllOf('instance-1');
      return { cwd: lab.root, env: { PATH: process.env['PATH'] ?? '', HOME: lab.root }, packages: null };
    });
    await expect(opening).rejects.toMatchObject({ kind: 'not_found' });
    expect(sessions.list('instance-1')).toEqual([]);
    expect(processesMentioning(root)).toEqual([]);
    expect(readdirSync(root)).toEqual([]);
  });

  it('comes with the deletion of its instance', async () => {
    const { aikore, id } = await withInstance();
    const terminal = await TerminalClient.openShell(aikore, { id });
    const pid = await pidOf(terminal);
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}`);
    await terminal.ended();
    expect(isAlive(pid)).toBe(false);
    await aikore.stop();
  });
});

describe("the death of one terminal's host by SIGKILL", () => {
  it('is told, ends what ran there, and costs no other terminal', async () => {
    const { aikore, id } = await withInstance();
    const terminal = await TerminalClient.openShell(aikore, { id });
    const other = await TerminalClient.openShell(aikore, { id });
    const shell = await pidOf(terminal);
    const escaped = await startEscaped(terminal);
    process.kill(parentOf(shell), 'SIGKILL');
    expect(await terminal.ended()).toMatchObject({
      code: null,
      message: expect.stringContaining('is lost'),
    });
    expect([shell, escaped].filter(isAlive)).toEqual([]);
    expect(await other.run('echo fine')).toBe('fine\n');
    const back = await TerminalClient.open(aikore, { id, session: terminal.id });
    expect(await back.ended()).toMatchObject({ message: expect.stringContaining('is lost') });
    const anew = await TerminalClient.openShell(aikore, { id });
    expect(await anew.run('echo works')).toBe('works\n');
    await aikore.stop();
  });
});

describe('a terminal that does not answer', () => {
  it('is ended by no start of AiKore, and found again when it answers', async () => {
    const { aikore, id } = await withInstance({ AIKORE_KEEP_INSTANCES: '1' });
    const terminal = await TerminalClient.openShell(aikore, { id });
    const pid = await pidOf(terminal);
    const host = parentOf(pid);
    await aikore.stop();
    process.kill(host, 'SIGSTOP');
    const meanwhile = await lab.start({ HOME: lab.root, AIKORE_KEEP_INSTANCES: '1' }, aikore.dataDir);
    expect(await listed(meanwhile, id)).toEqual([]);
    expect([host, pid].filter(isAlive)).toEqual([host, pid]);
    await meanwhile.stop();
    process.kill(host, 'SIGCONT');
    const again = await lab.start({ HOME: lab.root }, aikore.dataDir);
    const back = await TerminalClient.open(again, { id, session: terminal.id });
    expect(await pidOf(back)).toBe(pid);
    await again.stop();
  });
});

describe('descriptors', () => {
  it('0 to 2 are all that shells and instances have, with five terminals open', async () => {
    const { aikore, id } = await withInstance();
    const terminals = await Promise.all([1, 2, 3, 4, 5].map(() => TerminalClient.openShell(aikore, { id })));
    const instance = await createInline(aikore, 'ls -l /proc/self/fd > descriptors; exec sleep 1000');
    await aikore.api.command(instance.id, 'start');
    const file = aikore.home(instance.name, 'descriptors');
    await waitFor(
      'the instance looked',
      () => existsSync(file) && readFileSync(file, 'utf8').includes(' 3 ->'),
    );
    // The fourth is the folder that is being listed.
    expect(readFileSync(file, 'utf8').match(/ \d+ -> /g)).toHaveLength(4);
    expect(readFileSync(file, 'utf8')).not.toContain('ptmx');
    for (const terminal of terminals) {
      // 255 is bash's own way to its terminal.
      const seen = readdirSync(`/proc/${await pidOf(terminal)}/fd`).filter((name) => name !== '255');
      expect(seen).toEqual(['0', '1', '2']);
      expect(await terminal.run('grep -E "^Sig(Blk|Ign)" /proc/self/status | grep -c 0000000000000000')).toBe(
        '2\n',
      );
    }
    await aikore.stop();
  });
});
