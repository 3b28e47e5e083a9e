import { expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Fails with what axe-core finds against WCAG 2.2 AA in a page, or in a part of it. */
export async function expectAccessible(page: Page, part = 'body'): Promise<void> {
  await page.evaluate(AXE);
  const options = JSON.stringify({ runOnly: { type: 'tag', values: RULES } });
  const run = `axe.run(${JSON.stringify(part)}, ${options}).then(({ violations }) => violations)`;
  const violations = await page.evaluate<Violation[]>(run);
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 200))])).toEqual([]);
}
