import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TerminalSession } from '../../src/contracts/terminal.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { TerminalClient } from '../support/terminal-client.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;
let id: number;

const listed = () => aikore.api.expect<TerminalSession[]>(200, 'GET', `api/instances/${id}/terminals`);

beforeAll(async () => {
  aikore = await lab.start();
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
