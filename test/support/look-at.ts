import type { DashboardPage } from './dashboard-page.js';
import { SHOTS } from './shots.js';

const SIZES = [
  ['desk', 1440, 900],
  ['tablet', 820, 1180],
  ['phone', 390, 844],
] as const;

/** Longer than a colour takes to change. */
const SETTLE_MS = 250;

/**
 * Looks at what is shown on a desk, a tablet and a telephone: nothing may be wider than the window, nothing against WCAG 2.2 AA.
 * Leaves pictures in both themes when the run was asked for pictures.
 */
export async function lookAt(dash: DashboardPage, name: string): Promise<void> {
  for (const [size, width, height] of SIZES) {
    await dash.page.setViewportSize({ width, height });
    await dash.expectNoOverflow();
    if (SHOTS === undefined) continue;
    for (const colorScheme of ['light', 'dark'] as const) {
      await dash.page.emulateMedia({ colorScheme });
      await dash.page.waitForTimeout(SETTLE_MS);
      await dash.shoot(`${name}-${size}-${colorScheme}`);
    }
    await dash.page.emulateMedia({ colorScheme: null });
  }
  await dash.page.setViewportSize({ width: 1440, height: 900 });
  await dash.expectAccessible();
}
