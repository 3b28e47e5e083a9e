import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerminalSession } from '../../src/contracts/terminal.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { TerminalClient } from '../support/terminal-client.js';
import { createInline, withVenv } from '../support/inline-blueprint.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const home = join(lab.root, 'home');
let aikore: AiKoreProcess;
let id: number;

const listed = () => aikore.api.expect<TerminalSession[]>(200, 'GET', `api/instances/${id}/terminals`);

beforeAll(async () => {
  mkdirSync(home);
  writeFileSync(join(home, '.bashrc'), 'export FROM_BASHRC=read\n');
  // A home of its own: what the operator's shell reads there is none of the tests' business.
  aikore = await lab.start({ HOME: home });
  id = (await aikore.api.create({ name: 'my shell.1', base_blueprint: 'idles.sh' })).id;
});

describe('a terminal of an instance', () => {
  it('is a shell in the instance, with its environment', async () => {
    const terminal = await TerminalClient.openShell(aikore, { id });
    expect(await terminal.run('pwd')).toBe(`${aikore.home('my shell.1')}\n`);
    expect(await terminal.run('echo "$INSTANCE_NAME|$TERM|$COLORTERM|$WEBUI_PORT"')).toMatch(
      /^my shell.1\|xterm-256color\|truecolor\|\d+\n$/,
    );
    expect(await terminal.run('env | grep -c "^AIKORE_TOKEN\\|^AIKORE_INSTANCE_MARKER\\|^NODE_"')).toBe(
      '0\n',
    );
    terminal.close();
  });

  it('follows the size of the window', async () => {
    const terminal = await TerminalClient.openShell(aikore, { id, cols: 100, rows: 30 });
    expect(await terminal.run('stty size')).toBe('30 100\n');
    terminal.say({ type: 'resize', cols: 132, rows: 43 });
    expect(await terminal.run('stty size')).toBe('43 132\n');
    terminal.close();
  });

  it('ends with its shell, and says how', async () => {
    const terminal = await TerminalClient.openShell(aikore, { id });
    terminal.type('exit 3\r');
    expect(await terminal.ended()).toMatchObject({
      code: 3,
      signal: null,
      message: 'The shell ended with exit code 3.',
    });
    expect(terminal.closeCode).toBe(1000);
  });

  it('is shown anew to who comes back', async () => {
    const first = await TerminalClient.openShell(aikore, { id });
    await first.run('kept=yes; echo remembered');
    first.close();
    const again = await TerminalClient.open(aikore, { id, session: first.id });
    await again.shows('remembered');
    expect(again.id).toBe(first.id);
    expect(again.last('session').replay_bytes).toBeGreaterThan(10);
    expect(await again.run('echo "it was $kept"')).toBe('it was yes\n');
    again.close();
  });

  it('is listed and can be closed', async () => {
    for (const session of await listed())
      await aikore.api.expect(204, 'DELETE', `api/instances/${id}/terminals/${session.id}`);
    const terminal = await TerminalClient.openShell(aikore, { id, cols: 90, rows: 20 });
    expect(await listed()).toEqual([
      expect.objectContaining({
        id: terminal.id,
        title: 'bash',
        is_busy: false,
        cols: 90,
        rows: 20,
        viewers: 1,
        running: true,
      }),
    ]);
    terminal.type('sleep 1000\r');
    await waitFor('the program is named', async () => (await listed())[0]?.title === 'sleep');
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}/terminals/${terminal.id}`);
    expect(await terminal.ended()).toMatchObject({ message: 'The terminal was closed.' });
    expect(await listed()).toEqual([]);
  });
});

describe('the environment of an instance', () => {
  /** What Python's own venv makes, as far as a shell notices. */
  function makeVenv(folder: string): void {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'bin', 'activate'), `VIRTUAL_ENV='entered'; PATH="$FOLDER/bin:$PATH"\n`);
  }

  it('is entered, whatever its folder is called, after what the operator has for every shell', async () => {
    const instance = await createInline(aikore, withVenv('./my own (env)'));
    makeVenv(aikore.home(instance.name, 'my own (env)'));
    const terminal = await TerminalClient.openShell(aikore, { id: instance.id });
    expect(await terminal.run('echo "$VIRTUAL_ENV $FROM_BASHRC"')).toBe('entered read\n');
    expect(terminal.all('note')).toEqual([]);
    terminal.close();
  });

  it('is not missed in silence when it does not exist yet', async () => {
    const instance = await createInline(aikore, withVenv('./env'));
    const terminal = await TerminalClient.openShell(aikore, { id: instance.id });
    expect(await terminal.run('echo "[$VIRTUAL_ENV] $FROM_BASHRC"')).toBe('[] read\n');
    expect(terminal.last('note').message).toMatch(/does not exist yet, so this is a plain shell/);
    terminal.close();
  });

  it('may be one of conda', async () => {
    const script = withVenv('./env').replace('= python', '= conda');
    const instance = await createInline(aikore, script);
    mkdirSync(aikore.home(instance.name, 'env', 'conda-meta'), { recursive: true });
    const base = join(home, 'miniconda3', 'bin');
    mkdirSync(base, { recursive: true });
    writeFileSync(join(base, 'activate'), 'CONDA_PREFIX="$1"\n');
    const terminal = await TerminalClient.openShell(aikore, { id: instance.id });
    expect(await terminal.run('echo "$CONDA_PREFIX"')).toBe(`${aikore.home(instance.name, 'env')}\n`);
    terminal.close();
  });

  it('has the mask of its GPUs and its own variables', async () => {
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { gpu_ids: '1,0', env: { OWN: 'a b "c"' } });
    const masked = await TerminalClient.openShell(aikore, { id });
    expect(await masked.run('echo "$CUDA_VISIBLE_DEVICES $CUDA_DEVICE_ORDER $OWN"')).toBe(
      '1,0 PCI_BUS_ID a b "c"\n',
    );
    masked.close();
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { gpu_ids: '' });
    const without = await TerminalClient.openShell(aikore, { id });
    expect(await without.run('echo "${CUDA_VISIBLE_DEVICES-unset}|"')).toBe('|\n');
    without.close();
  });
});

describe("the machine's shell", () => {
  it('is at home and knows no secrets', async () => {
    const terminal = await TerminalClient.openShell(aikore);
    expect(await terminal.run('pwd')).toBe(`${home}\n`);
    expect(await terminal.run('env | grep -c ^AIKORE_TOKEN')).toBe('0\n');
    const [session] = await aikore.api.expect<TerminalSession[]>(200, 'GET', 'api/system/terminals');
    expect(session?.id).toBe(terminal.id);
    await aikore.api.expect(204, 'DELETE', `api/system/terminals/${terminal.id}`);
    expect(await terminal.ended()).toMatchObject({ code: null, signal: 'SIGHUP' });
  });
});
