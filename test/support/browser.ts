import { describe } from '@jest/globals';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A suite that needs Debian's Chromium; where there is none it is counted as skipped. */
export const describeInBrowser = existsSync(CHROMIUM) ? describe : describe.skip;

/** How many times slower than this machine the pages are to compute: finds tests that depend on speed. */
const SLOWNESS = Number(process.env['AIKORE_TEST_SLOW_PAGES'] ?? 1);

/** @param flags further command line flags */
export async function launchBrowser(flags: string[] = []): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [...FLAGS, ...flags],
  });
  if (SLOWNESS > 1) slowDown(browser);
  return browser;
}

function slowDown(browser: Browser): void {
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    const newPage = context.newPage.bind(context);
    context.newPage = async () => {
      const page = await newPage();
      const session = await context.newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWNESS });
      return page;
    };
    return context;
  };
}
