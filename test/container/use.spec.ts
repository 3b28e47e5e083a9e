import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { published } from '../support/container-doors.js';
import type { Published } from '../support/container-doors.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DesktopPage } from '../support/desktop-page.js';
import type { Colour } from '../support/desktop-page.js';
import { startContainer } from '../support/docker/container.js';
import type { Container } from '../support/docker/container.js';
import { useImage } from '../support/docker/image.js';
import { shoot } from '../support/shots.js';
import { TerminalPage } from '../support/terminal-page.js';
import { waitFor } from '../support/wait.js';

jest.setTimeout(120_000);
const image = await useImage();
const describeUse = image === null ? describe.skip : describeInBrowser;

const FIRST_PORT = 19_931;
const HOSTNAME = 'paint.lan';
const MEMORY_GIB = 3;
/** Of the typewriter's page. */
const BLUE: Colour = [0x10, 0x40, 0x60];
const TYPEWRITER = readFileSync(resolve(import.meta.dirname, '../fixtures/container/typewriter.py'), 'utf8');

/** The story of the first day with the container, as compose runs it. Each step stands on the one before. */
describeUse('a first day with the container', () => {
  let doors: Published;
  let container: Container;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const faults: string[] = [];

  const row = (name: string) => page.locator(`[data-testid="row"][data-name="${name}"]`);
  const status = (name: string, word: string): Promise<void> =>
    page
      .locator(`[data-testid="row"][data-name="${name}"][data-status="${word}"]`)
      .waitFor({ timeout: 60_000 });
  const watch = (opened: Page): Page => {
    opened.setDefaultTimeout(30_000);
    opened.on('pageerror', (error) => faults.push(String(error)));
    return opened;
  };
  const openFromTable = async (name: string, button: string): Promise<Page> => {
    const opened = context.waitForEvent('page');
    await row(name).getByTestId(button).click();
    return watch(await opened);
  };
  /** The page of the Demo talks with its backend. */
  const expectDemo = async (demo: Page): Promise<void> => {
    await demo.locator('#ws-state', { hasText: 'connected' }).waitFor();
    await demo.fill('#ws-input', 'hello through all of it');
    await demo.click('#ws-send');
    await demo.locator('#ws-output', { hasText: 'hello through all of it' }).waitFor();
  };

  beforeAll(async () => {
    doors = await published(FIRST_PORT);
    container = await startContainer({
      image: image!,
      env: doors.env,
      run: [...doors.run, `--memory=${MEMORY_GIB}g`],
    });
    await container.waitHealthy();
    browser = await launchBrowser([`--host-resolver-rules=MAP ${HOSTNAME} 127.0.0.1`]);
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = watch(await context.newPage());
  }, 180_000);
  afterAll(async () => {
    await browser.close();
  });

  it('prints a link to where it is published, which signs in once', async () => {
    const link = /Sign in: (\S+)/.exec(await container.logs())?.[1] ?? '';
    expect(link.startsWith(`${doors.dashboard}/signin-link/`)).toBe(true);
    await page.goto(link);
    await page.locator('[data-testid="connection"][data-state="live"]').waitFor();
    const again = await (await browser.newContext()).newPage();
    expect((await again.goto(link))?.status()).toBe(410);
    await again.context().close();
  });

  it('creates an instance of the Demo, starts it and shows its log', async () => {
    await page.getByTestId('new-instance').first().click();
    await page.getByTestId('blueprint-search').fill('demo');
    await page.locator('[data-testid="blueprint-option"][data-filename="Demo.sh"]').click();
    await page.getByTestId('field-name').fill('My first');
    await page.getByTestId('create-submit').click();
    await row('My first').getByTestId('action-log').click();
    await row('My first').getByTestId('action-power').click();
    await status('My first', 'started');
    await page.getByTestId('log-lines').getByText('Ready on http://127.0.0.1').waitFor();
    await shoot(page, 'container-1-started');
  });

  it('is used through NGINX: a page, a WebSocket, an upload, a picture among the outputs', async () => {
    const { body } = await container.api.send('GET', 'api/system/info');
    expect(body).toMatchObject({ proxy: { engine: 'nginx', is_serving: true } });
    const demo = await openFromTable('My first', 'action-open');
    expect(demo.url()).toBe(`${doors.apps}/instance/my-first/`);
    await expectDemo(demo);
    const buffer = Buffer.alloc(3_000_000, 7);
    await demo.setInputFiles('#upload-file', {
      name: 'a.bin',
      mimeType: 'application/octet-stream',
      buffer,
    });
    await demo.locator('#upload-result', { hasText: '3000000 bytes' }).waitFor();
    await demo.click('#paint');
    await demo.locator('#painting:not([hidden])').waitFor();
    await demo.close();
    expect(await container.shell('stat -c "%U %s" "/config/outputs/My first"/*.png')).toMatch(/^abc \d{4,}/);
  });

  it('has a terminal that is the applications’ user, at home on the volume', async () => {
    const terminal = new TerminalPage(page);
    await terminal.show('My first');
    await terminal.openNew();
    expect(await terminal.ask('$(id -un):$(id -u):$(id -g)')).toBe('abc:1000:1000');
    expect(await terminal.ask('$PWD $HOME')).toBe('/config/instances/My first /config/home');
    await terminal.run('touch "$HOME/kept" && python3 -m venv --help | head -1; uv --version; git --version');
    await terminal.waitForText(/git version \d/);
    expect(await terminal.text()).toMatch(/^uv \d/m);
    expect(await container.shell('stat -c %U /config/home/kept')).toBe('abc');
    await shoot(page, 'container-2-terminal');
  });

  it('answers at a hostname of its own, and at a published port', async () => {
    const hosted = await container.api.create({
      name: 'Hosted',
      base_blueprint: 'Demo.sh',
      hostname: HOSTNAME,
      use_custom_hostname: true,
    });
    const ported = await container.api.create({
      name: 'Ported',
      base_blueprint: 'Demo.sh',
      access_mode: 'port',
    });
    await container.api.startUp(hosted.id);
    await container.api.startUp(ported.id);
    for (const [name, address] of [
      ['Hosted', `http://${HOSTNAME}:${new URL(doors.apps).port}/`],
      ['Ported', `http://127.0.0.1:${doors.range[0]}/`],
    ] as const) {
      const opened = await openFromTable(name, 'action-open');
      await expectDemo(opened);
      expect(opened.url()).toBe(address);
      await opened.close();
      const stranger = await (await browser.newContext()).newPage();
      expect((await stranger.goto(address))?.status()).toBe(401);
      await stranger.context().close();
    }
  });

  it('shows a persistent one on its desktop, in a browser that hears the keyboard', async () => {
    await container.api.expect(201, 'POST', 'api/system/blueprints/custom', {
      filename: 'Typewriter.sh',
      content: `exec python3 - <<"PROGRAM"\n${TYPEWRITER}PROGRAM\n`,
    });
    const { id } = await container.api.create({
      name: 'Desk',
      base_blueprint: 'Typewriter.sh',
      persistent_mode: true,
    });
    await container.api.startUp(id);
    const desktop = new DesktopPage(await openFromTable('Desk', 'row-desktop'), faults);
    expect(desktop.page.url()).toBe(`http://127.0.0.1:${doors.range.at(-1)}/`);
    await desktop.shown();
    await desktop.colour({ x: 700, y: 500 }, BLUE);
    await desktop.click(700, 500);
    const typed = (): Promise<string> =>
      container.shell('cat /config/instances/Desk/typed.txt 2>/dev/null || true');
    await waitFor('the keyboard is heard', async () => {
      await desktop.page.keyboard.type('x');
      return (await typed()).includes('x');
    });
    await desktop.page.keyboard.type('two days');
    await waitFor('all of it was heard', async () => (await typed()).endsWith('two days'));
    await shoot(desktop.page, 'container-3-desktop');
    await desktop.page.close();
  });

  it('asks an environment for its versions, and checks a script', async () => {
    const { id } = await container.api.byName('My first');
    const { body } = await container.api.send<{ versions: string }>(
      'POST',
      `api/instances/${id}/version-check`,
    );
    expect(body.versions).toMatch(/OS: Debian GNU\/Linux 12[^]*Python: 3\.11/);
    const capabilities = (
      (await container.api.send('GET', 'api/system/info')).body as {
        capabilities: { name: string; present: boolean; detail: string }[];
      }
    ).capabilities;
    const absent = capabilities.filter(({ present }) => !present).map(({ name }) => name);
    expect(absent).toEqual(['NVIDIA driver']);
    expect(capabilities.find(({ name }) => name === 'NVIDIA driver')?.detail).toMatch(/run on the CPU/);
  });

  it('shows what the container has: no GPU, its memory, the disk of the volume', async () => {
    const stats = (await container.api.send('GET', 'api/system/stats')).body;
    const diskBytes = Number(await container.shell('df --output=size -B1 /config | tail -n 1'));
    expect(stats).toMatchObject({
      gpus: [],
      memory_total_bytes: MEMORY_GIB * 2 ** 30,
      disk_total_bytes: diskBytes,
    });
    await page.getByTestId('card-memory').getByText('/3.0 GB').first().waitFor();
    await page.getByTestId('monitor-no-gpu').getByText('This machine has no GPU').waitFor();
    await shoot(page, 'container-4-monitoring');
  });

  it('closes its doors when the operator signs out', async () => {
    await page.getByTestId('menu-button').click();
    await page.getByTestId('menu-sign-out').click();
    await page.getByTestId('signin').waitFor();
    const answer = await page.goto(`${doors.apps}/instance/my-first/`);
    expect(answer?.status()).toBe(401);
    expect(faults).toEqual([]);
  });
});
