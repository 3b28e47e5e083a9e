import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

// The attack table of docs/security.md names the tests that show what it says; here they are looked for.

const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
const ATTACKS = PAGE.slice(PAGE.indexOf('## Attacks'), PAGE.indexOf('## Reporting'));

/** Files with tests by their name; suites that several specs run are among them. */
const files = new Map<string, string[]>();
for (const folder of ['src', 'test', 'frontend']) {
  for (const path of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
    if (!/\.spec\.ts$|\/suite-[\w-]+\.ts$/.test(path)) continue;
    files.set(basename(path), [...(files.get(basename(path)) ?? []), join(ROOT, folder, path)]);
  }
}

interface Row {
  attack: string;
  tests: { file: string; title: string }[];
}

function rowsOf(text: string): Row[] {
  const lines = text.split('\n').filter((line) => /^\| (?!-|Attack )/.test(line));
  return lines.map((line) => {
    const [attack = '', , shownBy = ''] = line.split(' | ');
    const tests = [...shownBy.matchAll(/`([\w.-]+)`: ((?:“[^”]+”(?:, )?)+)/g)].flatMap(
      ([, file = '', titles = '']) =>
        [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })),
    );
    return { attack: attack.replace(/^\| /, ''), tests };
  });
}

/** Whether a file has a test or a group of tests whose title holds a text. */
function hasTitle(path: string, title: string): boolean {
  const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:\\(|^\\s*)['"\`][^\\n]*${escaped}`, 'm').test(readFileSync(path, 'utf8'));
}

describe('the attack table of docs/security.md', () => {
  const rows = rowsOf(ATTACKS);

  it('is there', () => {
    expect(rows.length).toBeGreaterThan(50);
    expect(new Set(rows.map(({ attack }) => attack)).size).toBe(rows.length);
  });

  it.each(rows.map((row) => [row.attack, row] as const))(
    'shows by tests that exist: %s',
    (_attack, { tests }) => {
      expect(tests).not.toEqual([]);
      // A name may stand for files in several folders, such as a unit and an integration test: one of them has the title.
      const missing = tests.filter(
        ({ file, title }) => !(files.get(file) ?? []).some((path) => hasTitle(path, title)),
      );
      expect(missing).toEqual([]);
    },
  );
});
