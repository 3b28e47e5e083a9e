import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { createInline, withVenv } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';
import { nginxOf } from '../support/nginx.js';
import { PlantedProgram } from '../support/planted-program.js';
import { descendantsOf, spawnerOf } from '../support/process-tree.js';
import { isAlive, parentOf } from '../support/processes.js';
import { TerminalClient } from '../support/terminal-client.js';
import {
  APPS,
  APP_USER,
  RIGHTS_OF_AIKORE,
  RIGHTS_OF_APPS,
  RIGHTS_OF_OWN,
  describeTwoUsers,
  rightsOf,
  sharedFolder,
} from '../support/two-users.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const folder = sharedFolder();
let aikore: AiKoreProcess;
let planted: PlantedProgram[];

const spawnerPid = () => waitFor('there is a spawner', () => spawnerOf(aikore.pid)?.pid);
const nginxPids = () =>
  waitFor('NGINX works', () => {
    const { master, workers, all } = nginxOf(aikore.dataDir);
    return master !== null && workers.length > 0 && all;
  });

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeTwoUsers('where applications have a user of their own', () => {
  beforeAll(async () => {
    planted = ['shellcheck', 'nvidia-smi', 'Xvnc'].map((name) => new PlantedProgram(folder, name));
    aikore = await lab.start({ AIKORE_APP_USER: APP_USER, PATH: `${folder}:${process.env['PATH'] ?? ''}` });
  });

  it('AiKore and its spawner may do six things, NGINX none of them, and everything else is of that user', async () => {
    const { id } = await aikore.api.create({ name: 'escapes', base_blueprint: 'escapes.sh' });
    const { pid } = await aikore.api.startUp(id);
    const [spawner, nginx] = [await spawnerPid(), await nginxPids()];
    expect([aikore.pid, spawner].map(rightsOf)).toEqual([RIGHTS_OF_AIKORE, RIGHTS_OF_AIKORE]);
    for (const own of nginx) expect(rightsOf(own)).toEqual(RIGHTS_OF_OWN);

    const terminals = [
      await TerminalClient.openShell(aikore),
      await TerminalClient.openShell(aikore, { id }),
    ];
    const shells = await Promise.all(terminals.map(async (shell) => Number(await shell.run('echo $$'))));
    const runner = parentOf(pid ?? 0);
    const ofInstance = [runner, ...descendantsOf(runner).map((process) => process.pid)];
    const theirs = new Set([...ofInstance, ...shells, ...shells.map(parentOf)]);
    expect(theirs.size).toBeGreaterThanOrEqual(9);
    for (const process of theirs) expect([process, rightsOf(process)]).toEqual([process, RIGHTS_OF_APPS]);
    const known = new Set([spawner, ...nginx, ...theirs]);
    const others = descendantsOf(aikore.pid).filter(
      (process) => !process.isZombie && !known.has(process.pid),
    );
    expect(others).toEqual([]);

    terminals.forEach((terminal) => terminal.close());
    await aikore.api.shutDown(id);
    expect(ofInstance.filter(isAlive)).toEqual([]);
  });

  it("the machine's shell begins in the home of that user", async () => {
    const terminal = await TerminalClient.openShell(aikore);
    const answer = await terminal.run('echo "$(id -u):$(id -g) $PWD $HOME"');
    expect(answer).toBe(`${APPS.uid}:${APPS.gid} ${aikore.path('home')} ${aikore.path('home')}\n`);
    terminal.close();
  });

  it('an application can neither read nor signal AiKore, its spawner and its NGINX', async () => {
    const pids = [aikore.pid, await spawnerPid(), ...(await nginxPids())];
    const { id, name } = await createInline(
      aikore,
      `for pid in ${pids.join(' ')}; do
        for file in environ mem maps fd cwd exe root auxv io; do
          { ls "/proc/$pid/$file/" || head -c 1 "/proc/$pid/$file"; } >/dev/null 2>&1 && echo "read $pid $file" >>done
        done
        for signal in 0 TERM STOP KILL; do kill -$signal $pid 2>/dev/null && echo "sent $pid $signal" >>done; done
      done
      for file in aikore.db aikore.db-wal backups run/nginx run/aikore.lock; do
        { ls "${aikore.dataDir}/$file/" || cat "${aikore.dataDir}/$file"; } >/dev/null 2>&1 && echo "read $file" >>done
      done
      cat /proc/[0-9]*/environ 2>/dev/null | grep -q ${TOKEN} && echo "read the token" >>done
      echo tried >>done
      exec sleep 60`,
    );
    await aikore.api.command(id, 'start');
    const done = aikore.home(name, 'done');
    const said = await waitFor('it has tried', () => {
      const text = existsSync(done) ? readFileSync(done, 'utf8') : '';
      return text.endsWith('tried\n') && text;
    });
    expect(said).toBe('tried\n');
    await aikore.api.command(id, 'kill');
  });

  it('what AiKore runs to look at a script, a card, a display or an environment, it runs as that user', async () => {
    const instance = await createInline(aikore, `${withVenv('./env')}exec sleep 60`);
    const python = new PlantedProgram(folder, 'asked-python', '(sleep 277 &)\nexit 1');
    const bin = aikore.home(instance.name, 'env', 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, '..', 'pyvenv.cfg'), '');
    symlinkSync(python.file, join(bin, 'python'));
    await aikore.api.expect(200, 'POST', `api/instances/${instance.id}/version-check`);
    await aikore.api.expect(200, 'POST', 'api/scripts/check', { content: 'echo a\n' });
    for (const program of [...planted, python]) {
      expect([program.file, program.uids]).toEqual([program.file, [APPS.uid]]);
      expect(program.environment).not.toContain(TOKEN);
    }
    // What it left in the background, without a mark to find it by but that of the check.
    const left = descendantsOf(await spawnerPid()).filter(({ commandLine }) =>
      commandLine.includes('\x00277'),
    );
    expect(left.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });
});
