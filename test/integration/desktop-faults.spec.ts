import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { DesktopView, hasDesktopTools } from '../support/desktop.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { environmentOf, processesMentioning } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const START_LIMIT_MS = 40_000;
const GREEN = '#0A7D3C';
const onDesktop = hasDesktopTools ? describe : describe.skip;

const create = (aikore: AiKoreProcess, name: string, base_blueprint = 'shows-colour.sh'): Promise<Instance> =>
  aikore.api.create({ name, base_blueprint, persistent_mode: true });

async function startUp(aikore: AiKoreProcess, id: number): Promise<Instance> {
  await aikore.api.command(id, 'start');
  return aikore.api.reaches(id, 'started', START_LIMIT_MS);
}

const warned = (aikore: AiKoreProcess, id: number, text: string): Promise<boolean> =>
  waitFor(
    `it warns: ${text}`,
    async () => (await aikore.api.instance(id)).warnings.some((warning) => warning.includes(text)),
    START_LIMIT_MS,
  );

/** A program that stands before the real one, and fails while a file is there. */
function impostor(name: string, real: string, version = ''): { path: string; broken: string } {
  const bin = join(lab.root, `bin-${name}`);
  const broken = join(bin, 'broken');
  mkdirSync(bin, { recursive: true });
  writeFileSync(broken, '');
  const script = `#!/bin/bash
if [ "$1" = -version ]; then echo '${version}' >&2; exit; fi
if [ -e '${broken}' ]; then echo 'it is broken' >&2; exit 1; fi
exec ${real} "$@"
`;
  writeFileSync(join(bin, name), script);
  chmodSync(join(bin, name), 0o755);
  return { path: `${bin}:${process.env['PATH'] ?? ''}`, broken };
}

describe('an instance that wants a desktop where there is none', () => {
  it.each([
    ['none', 'AIKORE_DISPLAY_SERVER is none.'],
    ['kasmvnc', 'KasmVNC, which AIKORE_DISPLAY_SERVER asks for, is not installed on this machine.'],
  ])('runs without, and says why (%s)', async (choice, why) => {
    if (choice === 'kasmvnc' && existsSync('/usr/bin/Xkasmvnc')) return;
    const screen = { DISPLAY: ':987', XAUTHORITY: '/nowhere' };
    const aikore = await lab.start({ AIKORE_DISPLAY_SERVER: choice, ...screen });
    const { id } = await create(aikore, 'plain', 'answers.sh');
    const running = await startUp(aikore, id);
    const sentence = `It was started without its desktop: ${why}`;
    expect([running.warnings, running.status_reason]).toEqual([[sentence], expect.any(String)]);
    const env = environmentOf(running.pid ?? 0);
    expect([env.has('DISPLAY'), env.has('XAUTHORITY')]).toEqual([false, false]);
    expect(env.get('GRADIO_ROOT_PATH')).toBe('/instance/plain');
    expect((await aikore.api.shutDown(id)).warnings).toEqual([]);
    await aikore.stop();
  });
});

onDesktop('a desktop that cannot be kept up', () => {
  it('costs a web application nothing; it is told, mended, and no longer told', async () => {
    const { path, broken } = impostor('Xtigervnc', '/usr/bin/Xtigervnc', 'Xvnc TigerVNC 1.12.0');
    const aikore = await lab.start({ PATH: path, AIKORE_DISPLAY_SERVER: 'tigervnc' });
    const { id } = await create(aikore, 'without screen');
    const running = await startUp(aikore, id);
    const sentence =
      'Its desktop cannot be kept up. The X server ended (exit code 1); its messages are in display.log.';
    await warned(aikore, id, sentence);
    const log = readFileSync(aikore.home('without screen', 'output.log'), 'utf8');
    expect(log).toContain(
      '[aikore] The desktop could not be started: the X server does not come up (exit code 1).',
    );
    const view = await DesktopView.of(aikore, id);
    expect(readFileSync(join(view.folder, 'display.log'), 'utf8')).toContain('it is broken');
    rmSync(broken);
    await view.runs('x');
    await view.shows(GREEN);
    await waitFor(
      'it is not told any more',
      async () => (await aikore.api.instance(id)).warnings.length === 0,
    );
    expect((await aikore.api.instance(id)).pid).toBe(running.pid);
    await aikore.api.shutDown(id);
    expect(view.leftovers).toEqual([]);
    writeFileSync(broken, '');
    const program = await create(aikore, 'needs screen', 'desktop-program.sh');
    await aikore.api.command(program.id, 'start');
    const failed = await aikore.api.reaches(program.id, 'error', START_LIMIT_MS);
    expect(failed.exit_code).toBe(1);
    expect(failed.evidence.join('\n')).toContain('A desktop program cannot run without its desktop.');
    await aikore.stop();
  });

  it('because its browser does not start is told of', async () => {
    const { path, broken } = impostor('chromium', '/usr/bin/chromium');
    const aikore = await lab.start({ PATH: path });
    const { id } = await create(aikore, 'no browser');
    await startUp(aikore, id);
    await warned(aikore, id, "The application's browser ended (exit code 1)");
    const view = await DesktopView.of(aikore, id);
    expect([view.state?.x.state, view.state?.wm.state]).toEqual(['running', 'running']);
    rmSync(broken);
    await view.shows(GREEN);
    await aikore.stop();
  });

  it('whose state an application overwrites misleads nobody', async () => {
    const aikore = await lab.start();
    const { id } = await create(aikore, 'liar');
    await startUp(aikore, id);
    const view = await DesktopView.of(aikore, id);
    await view.runs('kiosk');
    for (const text of ['', '{', '[]', 'x'.repeat(100_000), '{"x":{"state":"failed"}}'])
      writeFileSync(join(view.folder, 'state'), text);
    expect((await aikore.api.instance(id)).warnings).toEqual([]);
    await aikore.api.shutDown(id);
    expect(view.leftovers).toEqual([]);
    await aikore.stop();
  });
});

onDesktop('a desktop for which no port is free', () => {
  const strangers: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of strangers.splice(0)) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  async function occupy(port: number): Promise<void> {
    const script = `require('net').createServer().listen(${port}, '127.0.0.1', () => console.log('up'))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    strangers.push(child);
    await once(child.stdout, 'data');
  }

  it('keeps no web application from running, which says so; a program with windows only does not start', async () => {
    const range = { AIKORE_INSTANCE_PORT_RANGE: '19951-19952' };
    const first = await lab.start(range);
    const web = await create(first, 'web');
    const program = await create(first, 'windows', 'desktop-program.sh');
    await first.stop();
    await occupy(19_951);
    await occupy(19_952);
    const aikore = await lab.start(range, first.dataDir);
    const viewer = await EventsClient.open(aikore);
    expect((await startUp(aikore, web.id)).persistent_port).toBe(19_952);
    const sentence = 'No port of the published range 19951-19952 is free.';
    expect(viewer.notices().join('\n')).toContain(`web: Its desktop cannot be reached. ${sentence}`);
    viewer.end();
    await warned(aikore, web.id, 'Its desktop cannot be reached. ');
    const view = await DesktopView.of(aikore, web.id);
    await view.shows(GREEN);
    await aikore.api.command(program.id, 'start');
    const failed = await aikore.api.reaches(program.id, 'error', START_LIMIT_MS);
    expect(failed.status_reason).toContain(`It could not be started: ${sentence}`);
    const lock = `/tmp/.X${failed.persistent_display ?? 0}-lock`;
    expect(existsSync(lock)).toBe(false);
    await aikore.stop();
  });
});

onDesktop('the number of a display', () => {
  const strangers: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of strangers.splice(0)) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });

  /** An X server of somebody else. */
  async function occupy(display: number): Promise<void> {
    const flags = ['-SecurityTypes', 'None', '-rfbport', '-1', '-nolisten', 'tcp'];
    const child = spawn('Xtigervnc', [`:${display}`, ...flags], { stdio: 'ignore' });
    strangers.push(child);
    await waitFor('it listens', () => existsSync(`/tmp/.X11-unix/X${display}`));
  }

  it('is another one when a stranger has it, and stays when only a dead one had', async () => {
    const aikore = await lab.start();
    const { id } = await create(aikore, 'numbered');
    const first = (await startUp(aikore, id)).persistent_display ?? 0;
    await (await DesktopView.of(aikore, id)).runs('x');
    await aikore.api.shutDown(id);
    await occupy(first);
    const second = (await startUp(aikore, id)).persistent_display ?? 0;
    expect(second).not.toBe(first);
    const view = await DesktopView.of(aikore, id);
    await view.shows(GREEN);
    await aikore.api.shutDown(id);
    writeFileSync(`/tmp/.X${second}-lock`, `${String(spawnSync('true').pid).padStart(10)}\n`);
    expect((await startUp(aikore, id)).persistent_display).toBe(second);
    await view.shows(GREEN);
    await aikore.stop();
    expect(view.leftovers).toEqual([]);
  });
});

onDesktop('the number of a display that no helper takes over', () => {
  it('is given back when the run ends', async () => {
    const { path, broken } = impostor('setsid', '/usr/bin/setsid');
    const aikore = await lab.start({ PATH: path });
    const { id } = await create(aikore, 'without helper');
    const display = (await startUp(aikore, id)).persistent_display ?? 0;
    const lock = `/tmp/.X${display}-lock`;
    expect(readFileSync(lock, 'latin1').trim()).toBe(String(aikore.pid));
    await aikore.api.shutDown(id);
    expect(existsSync(lock)).toBe(false);
    rmSync(broken);
    expect((await startUp(aikore, id)).persistent_display).toBe(display);
    await (await DesktopView.of(aikore, id)).shows(GREEN);
    await aikore.stop();
    expect(existsSync(lock)).toBe(false);
  });
});

onDesktop('what the kiosk downloads', () => {
  const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

  it('lies among the present outputs, whatever was renamed or moved, and has the mode of other files', async () => {
    let aikore = await lab.start();
    const { id } = await create(aikore, 'one', 'downloads.sh');
    const mask = process.umask(0o022);
    process.umask(mask);
    const gets = async (...folders: string[]): Promise<void> => {
      await startUp(aikore, id);
      const file = aikore.path('outputs', ...folders, 'picture.bin');
      const isThere = () => existsSync(file) && readFileSync(file, 'utf8') === 'whole';
      await waitFor(`${file} is there`, isThere, START_LIMIT_MS);
      expect(modeOf(file)).toBe((0o666 & ~mask).toString(8));
      await aikore.api.shutDown(id);
      rmSync(file);
    };
    await gets('one');
    expect(modeOf(aikore.home('one', '.aikore', 'kiosk'))).toBe('700');
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { name: 'two' });
    await gets('two');
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { output_path: 'team/three' });
    await gets('team', 'three');
    await aikore.stop();
    const moved = join(lab.root, 'moved "there\\');
    renameSync(aikore.dataDir, moved);
    aikore = await lab.start({}, moved);
    await gets('team', 'three');
    await aikore.stop();
  });
});

onDesktop('a data directory with a long name', () => {
  it('has desktops like any other', async () => {
    const aikore = await lab.start({}, lab.dataDir('long-'.repeat(28)));
    const { id } = await create(aikore, 'deep down');
    await startUp(aikore, id);
    const view = await DesktopView.of(aikore, id);
    await view.shows(GREEN);
    const kiosk = await view.runs('kiosk');
    process.kill(kiosk, 'SIGKILL');
    await view.runs('kiosk', kiosk);
    await view.shows(GREEN);
    await aikore.stop();
    expect(view.leftovers).toEqual([]);
    expect(processesMentioning(view.folder)).toEqual([]);
    const profile = readdirSync(aikore.home('deep down', '.aikore', 'kiosk'));
    expect(profile.filter((name) => name.startsWith('Singleton'))).toEqual([]);
  });
});
