import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { AiKoreProcess } from './aikore-process.js';

export const OPERATOR_PASSWORD = 'correct horse battery staple';

/** The dashboard in a browser of its own, signed in by the form and live. */
export async function openDashboard(
  browser: Browser,
  aikore: AiKoreProcess,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(aikore.dashboardUrl);
  await signInByForm(page);
  return { context, page, faults };
}

export async function signInByForm(page: Page): Promise<void> {
  await page.getByTestId('signin-password').fill(OPERATOR_PASSWORD);
  await page.keyboard.press('Enter');
  await untilLive(page);
}

export async function untilLive(page: Page): Promise<void> {
  await page.locator('[data-testid="connection"][data-state="live"]').waitFor({ timeout: 30_000 });
}

/** Opens a page of the settings by the address, as a bookmark does. */
export async function openSettings(page: Page, section: string): Promise<void> {
  await page.evaluate(`location.hash = '#settings=${section}'`);
  await page.getByTestId(`settings-${section}`).waitFor();
}
