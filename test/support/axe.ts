import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A colour that is still on its way is not the one that people read; what never ends is not waited for. */
const SETTLE = `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const settled = async () => {
    // What a changed theme sets off begins with the next frame.
    await frame();
    await frame();
    const ends = document.getAnimations()
      .filter((animation) => animation.playState === 'running')
      .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
      .map((animation) => animation.finished);
    await Promise.allSettled(ends);
  };
  await Promise.race([settled(), new Promise((resolve) => setTimeout(resolve, 5000))]);
})()`;

/** A rule that is broken, and the elements that break it. */
interface AccessibilityFault {
  rule: string;
  help: string;
  elements: string[];
}

/**
 * What axe-core finds wrong with the page as it is now, by WCAG 2.2 A and AA.
 * @param within a CSS selector to look at, when not the whole page is meant
 */
async function accessibilityFaults(page: Page, within?: string): Promise<AccessibilityFault[]> {
  await page.evaluate(SETTLE);
  // Evaluated through the debugger, which the page's content security policy does not bind.
  await page.evaluate(SOURCE);
  const context = within === undefined ? 'document' : JSON.stringify({ include: [[within]] });
  const options = JSON.stringify({
    // Frames hold applications, which are as they are.
    iframes: false,
    runOnly: { type: 'tag', values: WCAG_22_AA },
    resultTypes: ['violations'],
  });
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${context}, ${options})`);
  return violations.map(({ id, help, nodes }) => ({
    rule: id,
    help,
    elements: nodes.map((node) => `${node.target.join(' ')}  ${node.failureSummary ?? ''}`),
  }));
}

/** Fails with the rules and elements when axe-core finds anything (WCAG 2.2 AA). */
export async function expectAccessible(page: Page, within?: string): Promise<void> {
  const faults = await accessibilityFaults(page, within);
  if (faults.length === 0) return;
  const said = faults.map(({ rule, help, elements }) => `${rule}: ${help}\n  ${elements.join('\n  ')}`);
  throw new Error(`axe-core found:\n${said.join('\n')}`);
}

/** The same in the light and in the dark theme; what the browser had chosen comes back afterwards. */
export async function expectAccessibleInBothThemes(page: Page, within?: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, within).catch((cause: unknown) => {
      throw new Error(`In the ${colorScheme} theme ${String(cause)}`, { cause });
    });
  }
  await page.emulateMedia({ colorScheme: null });
}
