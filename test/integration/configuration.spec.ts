import { describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { useLab } from '../support/lab.js';
import { processesMentioning } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();

describe('a bad variable', () => {
  it.each([
    ['AIKORE_PORT', 'ninety'],
    ['AIKORE_STOP_GRACE', '-1'],
    ['AIKORE_TOKEN', 'short\u0001secret'],
  ])('%s stops the start with exit code 2 and one line that names it', async (name, value) => {
    const aikore = lab.launch(lab.dataDir(), { [name]: value });
    expect(await aikore.exited).toEqual({ code: 2, signal: null });
    expect(aikore.stderr).toMatch(new RegExp(`^aikore: ${name} must be [^\\n]+\\.\\n$`));
    expect(aikore.stdout + aikore.stderr).not.toContain('secret');
  });

  it('AIKORE_AUTH=off is refused beyond loopback', async () => {
    const aikore = lab.launch(lab.dataDir(), { AIKORE_AUTH: 'off', AIKORE_HOST: '0.0.0.0' });
    expect((await aikore.exited).code).toBe(2);
    expect(aikore.stderr).toMatch(/^aikore: AIKORE_AUTH=off .+\n$/);
  });
});

describe('a start that cannot succeed', () => {
  it('says which variable helps when a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const aikore = lab.launch(lab.dataDir(), { AIKORE_PORT: String(port) });
    const exit = await aikore.exited;
    server.close();
    expect(exit).toEqual({ code: 1, signal: null });
    expect(aikore.stderr).toMatch(/^aikore: A port is taken .+AIKORE_PORT.+\n$/);
  });

  it('says so when the data directory cannot be used', async () => {
    const file = join(lab.root, 'a file');
    writeFileSync(file, '');
    const aikore = lab.launch(join(file, 'data'), { AIKORE_READY_FILE: join(lab.root, 'unused.ready') });
    expect(await aikore.exited).toEqual({ code: 1, signal: null });
    expect(aikore.stderr).toMatch(/^aikore: The data directory .+ cannot be used: .+AIKORE_DATA_DIR.+\n$/);
  });
});

describe('a signal during the boot', () => {
  it('is obeyed after it: what autostart has begun is ended, and the exit code is 0', async () => {
    const first = await lab.start();
    for (const name of ['one', 'two', 'three']) {
      await first.api.create({ name, base_blueprint: 'idles.sh', autostart: true });
    }
    await first.stop();
    const second = lab.launch(first.dataDir, { AIKORE_STOP_GRACE: '1' });
    await waitFor('it greets', () => second.stdout.includes('serves at'), 30_000);
    expect(await second.signal('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(processesMentioning(first.dataDir)).toEqual([]);
  });
});

describe('the greeting', () => {
  it('tells address, sign-in and data directory, and no secret', async () => {
    const aikore = await lab.start({ AIKORE_PASSWORD: 'never to be printed' });
    expect(aikore.stdout).toContain(aikore.dashboardUrl);
    expect(aikore.stdout).toContain('AIKORE_PASSWORD');
    expect(aikore.stdout).toContain(aikore.dataDir);
    expect(aikore.stdout + aikore.stderr).not.toContain('never to be printed');
    expect(aikore.stdout).not.toContain('signin-link');
    await aikore.stop();
  });
});

describe('a data directory with an uncommon path', () => {
  /** A whole life: start, death of AiKore, adoption, stop. */
  async function expectToWork(dataDir: string): Promise<void> {
    const first = await lab.start({}, dataDir);
    const { id } = await first.api.create({ name: 'An instance', base_blueprint: 'counter.sh' });
    const { pid } = await first.api.startUp(id);
    await first.signal('SIGKILL');
    const second = await lab.start({ AIKORE_STOP_GRACE: '1' }, dataDir);
    expect(await second.api.instance(id)).toMatchObject({ status: 'started', pid });
    await second.api.shutDown(id);
    expect((await second.api.send('GET', `api/instances/${id}/logs`)).body).toMatchObject({ run: 1 });
    await second.stop();
  }

  it('may have 150 characters, more than the address of a socket holds', async () => {
    const fill = 150 - lab.root.length - 2;
    const name = `${'d'.repeat(Math.floor(fill / 2))}/${'e'.repeat(Math.ceil(fill / 2))}`;
    const dataDir = lab.dataDir(name);
    expect(dataDir.length).toBe(150);
    await expectToWork(dataDir);
  });

  it('may hold spaces, quotes, dollars and letters beyond ASCII', async () => {
    await expectToWork(lab.dataDir(`it's "my" $HOME \`dir\` & 世界; #1`));
  });

  it('may be one that nobody else reads', async () => {
    const dataDir = lab.dataDir();
    mkdirSync(join(dataDir, 'instances'));
    chmodSync(dataDir, 0o700);
    await expectToWork(dataDir);
  });
});
