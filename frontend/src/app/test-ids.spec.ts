import { expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SOURCES = resolve(import.meta.dirname, '..');
const README = resolve(SOURCES, '../README.md');

/** Where a name is given: an attribute, an option, or the parameter of a helper. */
const GIVEN = /(?:'data-testid': |testId: |testId = |data-testid=)(?:'([^']+)'|"([^"$]+)"|`([^`]+)`)/g;

const sources = [SOURCES, resolve(SOURCES, '../desktop')].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8')),
);
const page = readFileSync(resolve(SOURCES, '../index.html'), 'utf8');
const text = [...sources, page].join('\n');

const given = [...text.matchAll(GIVEN)].map(([, one, two, template]) => ({
  name: one ?? two ?? '',
  template: template ?? '',
}));
const literals = new Set(given.map(({ name }) => name).filter((name) => name !== ''));
/** Names with a part that is known only when the page runs. */
const templates = given
  .filter(({ template }) => template !== '')
  .map(({ template }) => new RegExp(`^${template.replaceAll(/\$\{[^}]*(?:\}[^${]*)?\}/g, '[\\w.-]+')}$`));

/** What the table lists: whole names, and patterns such as `row-<n>`. */
function listed(): { names: string[]; patterns: RegExp[] } {
  const table = readFileSync(README, 'utf8').split('## Names for browser tests')[1] ?? '';
  const names: string[] = [];
  const patterns: RegExp[] = [];
  for (const [, entry = ''] of table.matchAll(/`([^`]+)`/g)) {
    const [, before = '', inside, after = ''] = /^([\w.-]*)(?:<([^>]*)>)?([\w.-]*)$/.exec(entry) ?? [];
    const parts = inside?.split(', ') ?? [''];
    if (inside !== undefined && parts.length === 1) patterns.push(new RegExp(`^${before}[\\w.-]+${after}$`));
    else names.push(...parts.map((part) => `${before}${part}${after}`));
  }
  return { names, patterns };
}

it('lists every name that the sources give in frontend/README.md', () => {
  const { names, patterns } = listed();
  const isListed = (name: string): boolean =>
    names.includes(name) || patterns.some((pattern) => pattern.test(name));
  expect(literals.size).toBeGreaterThan(200);
  expect([...literals].filter((name) => !isListed(name))).toEqual([]);
});

it('lists no name there that nobody gives', () => {
  // A name may also be handed on as a plain string, such as the section of a menu.
  const isGiven = (name: string): boolean =>
    text.includes(`'${name}'`) || templates.some((template) => template.test(name));
  expect(listed().names.filter((name) => name !== '' && !isGiven(name))).toEqual([]);
});
