import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe-core finds in a page against WCAG 2.2 AA, one line each; empty is good. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(`if (!window.axe) { ${AXE} }`);
  const options = JSON.stringify({ runOnly: RULES, resultTypes: ['violations'] });
  const found: { violations: Violation[] } = await page.evaluate(`axe.run(document, ${options})`);
  return found.violations.map(({ id, nodes }) => {
    const [first] = nodes;
    return `${id} (${String(nodes.length)}): ${first?.html.slice(0, 160) ?? ''} ${first?.failureSummary ?? ''}`;
  });
}
