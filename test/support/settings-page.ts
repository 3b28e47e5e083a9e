import type { Page } from 'playwright-core';

/** Opens a page of the settings by the address, as a bookmark does. */
export async function openSettings(page: Page, section: string): Promise<void> {
  await page.evaluate(`location.hash = '#settings=${section}'`);
  await page.getByTestId(`settings-${section}`).waitFor();
}
