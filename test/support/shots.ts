import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Where a run leaves pictures to look at; nowhere unless asked. */
export const SHOTS = process.env['AIKORE_TEST_SHOTS'];

/** Leaves a picture of the page, when the run was asked for pictures. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}
