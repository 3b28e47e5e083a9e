import { beforeAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { createInline } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';
import { descendantsOf, spawnerOf } from '../support/process-tree.js';
import { environmentOf, isAlive, parentOf, startTicksOf } from '../support/processes.js';
import { freePort } from '../support/ports.js';
import { TerminalClient } from '../support/terminal-client.js';
import {
  AIKORE_UID,
  APPS,
  APP_USER,
  RIGHTS_OF_APPS,
  asAikore,
  asUser,
  describeTwoUsers,
  prepareForTwo,
  rightsOf,
} from '../support/two-users.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const TWO = { AIKORE_APP_USER: APP_USER };
let aikore: AiKoreProcess;

async function started(base_blueprint: string, name: string) {
  const { id } = await aikore.api.create({ name, base_blueprint });
  const { pid } = await aikore.api.startUp(id);
  return { id, pid: pid ?? 0 };
}

describeTwoUsers('AiKore with another user than its applications', () => {
  beforeAll(async () => {
    aikore = await lab.start(TWO);
  });

  it('ends an instance that does not want to end', async () => {
    const { id, pid } = await started('ignores-term.sh', 'deaf');
    const tree = [parentOf(pid), pid, ...descendantsOf(pid).map((process) => process.pid)];
    await aikore.api.shutDown(id);
    expect(tree.filter(isAlive)).toEqual([]);
  });

  it('finds its instances and terminals again after its own death, and commands them', async () => {
    const { id, pid } = await started('counter.sh', 'survivor');
    const ticks = startTicksOf(pid);
    const terminal = await TerminalClient.openShell(aikore, { id });
    await terminal.run('kept=yes');
    await aikore.signal('SIGKILL');
    aikore = await lab.start(TWO, aikore.dataDir);

    expect(await aikore.api.instance(id)).toMatchObject({ status: 'started', pid, run: 1 });
    expect(aikore.stdout).toContain('1 running instance found again');
    const again = await TerminalClient.open(aikore, { id, session: terminal.id });
    expect(await again.run('echo "it was $kept"')).toBe('it was yes\n');
    again.close();
    expect(startTicksOf(pid)).toBe(ticks);
    await aikore.api.shutDown(id);
    expect(isAlive(pid)).toBe(false);
  });

  it('remembers the port of a run that it finds again, whatever port the instance has by now', async () => {
    const { id, slug } = await aikore.api.create({ name: 'answers', base_blueprint: 'answers.sh' });
    await aikore.api.startUp(id);
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { port: await freePort() });
    await aikore.signal('SIGKILL');
    aikore = await lab.start(TWO, aikore.dataDir);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await fetch(new URL(`instance/${slug}/`, aikore.appsUrl), { headers });
    expect(await answer.text()).toBe('answered');
    await aikore.api.shutDown(id);
  });

  it('starts again, and once, what a dead spawner was asked for', async () => {
    const first = await waitFor('there is a spawner', () => spawnerOf(aikore.pid)?.pid);
    const { id } = await aikore.api.create({ name: 'in between', base_blueprint: 'idles.sh' });
    process.kill(first, 'SIGSTOP');
    await aikore.api.command(id, 'start');
    process.kill(first, 'SIGKILL');
    const { pid } = await aikore.api.reaches(id, 'started');
    expect(rightsOf(pid ?? 0)).toEqual(RIGHTS_OF_APPS);
    expect(rightsOf(parentOf(pid ?? 0))).toEqual(RIGHTS_OF_APPS);
    await aikore.api.shutDown(id);
  });

  it('ends what a killed runner has left, and nobody else who carries its mark', async () => {
    const { id, pid } = await started('counter.sh', 'orphan');
    const marker = environmentOf(pid).get('AIKORE_INSTANCE_MARKER') ?? '';
    const words = [...asUser(9950), 'sleep', '60'];
    const env = { PATH: process.env['PATH'], AIKORE_INSTANCE_MARKER: marker };
    const stranger = spawn('env', words, { env, stdio: 'ignore' });
    const own = spawn('sleep', ['60'], { env, stdio: 'ignore', uid: AIKORE_UID, gid: AIKORE_UID });
    process.kill(parentOf(pid), 'SIGKILL');
    await aikore.api.reaches(id, 'error');
    await waitFor('what it left has ended', () => !isAlive(pid));
    expect([stranger, own].map((child) => isAlive(child.pid ?? 0))).toEqual([true, true]);
    for (const child of [stranger, own]) child.kill('SIGKILL');
  });

  it('names the program of an application that holds a port', async () => {
    const port = await freePort();
    const listen = `exec node -e 'require("node:net").createServer().listen(${port}, "127.0.0.1", () => console.log("listens"))'`;
    const { id, name } = await createInline(aikore, listen);
    await aikore.api.command(id, 'start');
    const log = aikore.home(name, 'output.log');
    await waitFor('it listens', () => existsSync(log) && readFileSync(log, 'utf8').includes('listens'));
    const { pid } = await aikore.api.instance(id);
    const refused = await aikore.api.refused('POST', 'api/instances', {
      name: 'late',
      base_blueprint: 'idles.sh',
      port,
    });
    expect(refused.body).toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${port} is in use by node (pid ${pid}).`,
    });
    await aikore.api.command(id, 'kill');
  });
});

describeTwoUsers('AiKore that is to run applications as another user', () => {
  const launch = async (words: string[], env: Record<string, string>) => {
    const dataDir = lab.dataDir();
    prepareForTwo(dataDir);
    const failing = lab.launch(dataDir, { ...TWO, ...env }, undefined, words);
    return { ...(await failing.exited), said: failing.stderr };
  };

  it('does not start without the right to do so', async () => {
    expect(await launch(asAikore(['kill', 'setgid', 'chown', 'dac_override']), {})).toMatchObject({
      code: 1,
      said: `aikore: AIKORE_APP_USER asks for applications to run as user ${APPS.uid}, but this process lacks the capabilities for it: FOWNER, SETUID. Start AiKore with them, or leave the variable out.\n`,
    });
  });

  it('does not start as that very user', async () => {
    const { code, said } = await launch(asAikore(), { AIKORE_APP_USER: `${AIKORE_UID}:1000` });
    expect([code, said]).toEqual([1, expect.stringContaining('as whom AiKore itself runs')]);
  });
});
