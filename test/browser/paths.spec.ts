import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { sleep } from '../fixtures/proxy/client.js';
import { Application } from '../fixtures/proxy/application.js';
import type { Engine } from '../fixtures/proxy/engine.js';
import { startEmbedded } from '../fixtures/proxy/engine.js';
import { World } from '../fixtures/proxy/world.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';

// A plain-HTTP name of the LAN: browsers send no Sec-Fetch headers there and have no service workers.
const FLAGS = ['--host-resolver-rules=MAP known.test 127.0.0.1'];

/** Playwright's own waiting evaluates inside the page, which the policy of AiKore's pages forbids. */
async function eventually(page: Page, expression: string): Promise<void> {
  const end = Date.now() + 8000;
  // A navigation may destroy the page under the question.
  while ((await page.evaluate(expression).catch(() => false)) !== true) {
    if (Date.now() > end) throw new Error(`never true: ${expression}`);
    await sleep(50);
  }
}

describeInBrowser('applications under a path, in a browser', () => {
  const world = new World();
  const application = new Application((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>A second</title>');
  });
  let engine: Engine;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    world.put('a', await application.listen());
    engine = await startEmbedded(world);
    browser = await launchBrowser(FLAGS);
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await engine.close();
    await application.close();
  });

  const openContext = async (host: string): Promise<string> => {
    const origin = `http://${host}:${engine.port}`;
    context = await browser.newContext();
    await context.addCookies([{ name: 'aikore_session', value: 'good', url: origin, sameSite: 'Strict' }]);
    return origin;
  };
  it('the starting page follows the instance and gives way to the application', async () => {
    const origin = await openContext('localhost');
    const late = new Application((_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<h1>The application</h1>');
    });
    const port = await late.listen();
    await late.close();
    const lines = ['Collecting torch'];
    const more = { name: 'Late', lastLines: () => Promise.resolve(lines) };
    world.put('late', port, { ...more, status: 'starting', phase: 'Installing' });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('503')) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    expect((await page.goto(`${origin}/instance/late/x?y=1`))?.status()).toBe(503);
    expect(await page.textContent('#phase')).toBe('Installing');

    lines.push('<img src=x onerror=alert(1)>');
    world.put('late', port, { ...more, status: 'starting', phase: 'Loading the model' });
    await eventually(page, "document.getElementById('phase').textContent === 'Loading the model'");
    expect(await page.textContent('#log')).toBe('Collecting torch\n<img src=x onerror=alert(1)>');
    world.put('late', port, { ...more, status: 'error', statusReason: 'It ended with code 1.' });
    await eventually(page, "document.title === 'Late has failed'");
    expect(await page.textContent('#reason')).toBe('It ended with code 1.');

    world.put('late', port, { ...more, status: 'starting' });
    await late.listen(port);
    await eventually(page, "document.querySelector('h1').textContent === 'The application'");
    expect(page.url()).toBe(`${origin}/instance/late/x?y=1`);
    expect(problems).toEqual([]);
    await context.close();
    await late.close();
  }, 30_000);

  it('the sign-in page opens the application once the browser is signed in', async () => {
    context = await browser.newContext();
    const origin = `http://localhost:${engine.port}`;
    const page = await context.newPage();
    expect((await page.goto(`${origin}/instance/a/page2`))?.status()).toBe(401);
    expect(await page.getAttribute('a', 'href')).toBe('http://localhost:9000/');
    await context.addCookies([{ name: 'aikore_session', value: 'good', url: origin, sameSite: 'Strict' }]);
    await eventually(page, "document.title === 'A second'");
    await context.close();
  }, 30_000);

  it('a followed link on another site arrives', async () => {
    await openContext('known.test');
    const elsewhere = await context.newPage();
    await elsewhere.goto('data:text/html,<a id=link>link</a>');
    await elsewhere.evaluate(
      `document.getElementById('link').href = 'http://known.test:${engine.port}/instance/a/page2'`,
    );
    await elsewhere.click('#link');
    await eventually(elsewhere, "document.title === 'A second'");
    await context.close();
  }, 30_000);
});
