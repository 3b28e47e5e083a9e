import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { instanceActions } from '../actions/instance-actions.js';
import type { InstanceActionHost } from '../actions/instance-actions.js';
import { ActionRegistry } from '../actions/registry.js';
import { globalActions } from './global-actions.js';
import type { GlobalActionHost } from './global-actions.js';
import { shortcutGroups } from './shortcut-groups.js';

const PAGE = resolve(import.meta.dirname, '../../../docs/dashboard.md');
const BEGIN = '<!-- keys -->\n';
const END = '<!-- /keys -->\n';

/** Every action there is. None is run: they need of the rest only that it exists. */
function everyAction(): ActionRegistry {
  const registry = new ActionRegistry();
  registry.addGlobal(...globalActions({ services: {} } as GlobalActionHost));
  registry.addForInstance(...instanceActions({} as InstanceActionHost));
  return registry;
}

/** The list behind `?` as tables of Markdown. */
function tables(): string {
  return shortcutGroups(everyAction())
    .map(({ title, entries }) => {
      const rows = entries.map(({ keys, label }) => `| \`${keys}\` | ${label} |`);
      return [`### ${title}`, '', '| Keys | What they do |', '| --- | --- |', ...rows, ''].join('\n');
    })
    .join('\n');
}

describe('docs/dashboard.md', () => {
  it('lists the keys that the dashboard lists (AIKORE_UPDATE_DOCS=1 writes them there)', () => {
    const page = readFileSync(PAGE, 'utf8');
    const [before, rest = ''] = page.split(BEGIN);
    const [written, after] = rest.split(END);
    if (process.env['AIKORE_UPDATE_DOCS'] === '1')
      writeFileSync(PAGE, [before, BEGIN, tables(), END, after].join(''));
    else expect(written).toBe(tables());
  });
});
