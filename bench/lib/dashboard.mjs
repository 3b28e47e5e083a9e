import { cpus } from 'node:os';
import { chromium } from 'playwright-core';
import { GENERATOR_CPU, moveSelfTo } from './affinity.mjs';
import { findProgram } from './programs.mjs';

/** How Chromium is started: alone, without asking anybody for anything. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium with one page of the dashboard, signed in. */
export class Dashboard {
  /**
   * @param {import('playwright-core').Browser} browser
   * @param {import('playwright-core').Page} tab
   * @param {import('playwright-core').CDPSession} session
   */
  constructor(browser, tab, session) {
    this.browser = browser;
    this.tab = tab;
    this.session = session;
  }

  /** @param {import('./aikore.mjs').Aikore} aikore @returns {Promise<Dashboard | null>} null without a Chromium */
  static async open(aikore) {
    const executablePath = findProgram('chromium') ?? findProgram('google-chrome');
    if (executablePath === null) return null;
    // A browser is many processes: it may use both processors, as it does beside a user's AiKore.
    moveSelfTo(`0-${cpus().length - 1}`);
    const browser = await chromium
      .launch({ executablePath, args: CHROMIUM_FLAGS })
      .finally(() => moveSelfTo(String(GENERATOR_CPU)));
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const [name = '', value = ''] = (await aikore.cookie()).split('=');
    await context.addCookies([{ name, value, url: aikore.dashboardUrl }]);
    const tab = await context.newPage();
    await tab.goto(aikore.dashboardUrl);
    await tab.locator('[data-testid="connection"][data-state="live"]').waitFor();
    return new Dashboard(browser, tab, await context.newCDPSession(tab));
  }

  /** @param {string} name */
  row(name) {
    return this.tab.locator(`[data-testid="row"][data-name="${name}"]`);
  }

  /** @param {string} name */
  async openLog(name) {
    await this.row(name).getByTestId('action-log').click();
    await this.tab.getByTestId('tools-name').getByText(name, { exact: true }).waitFor();
  }

  /** What the page's objects take after everything that nobody needs was thrown away. */
  async heapBytes() {
    await this.session.send('HeapProfiler.collectGarbage');
    return (await this.session.send('Runtime.getHeapUsage')).usedSize;
  }

  /** @param {number} spanMs @returns {Promise<number[]>} times between frames */
  async frames(spanMs) {
    const values = await this.tab.evaluate(`new Promise((done) => {
      const values = [];
      let last = performance.now();
      const end = last + ${spanMs};
      const note = (now) => {
        values.push(now - last);
        last = now;
        if (now < end) requestAnimationFrame(note);
        else done(values);
      };
      requestAnimationFrame(note);
    })`);
    return /** @type {number[]} */ (values);
  }

  close() {
    return this.browser.close();
  }
}
