import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const CALL = /\b(?:api|admin)\.(?!unauthenticated\b|logDownloadUrl\b|call\b|data\b)[a-z]\w*\(/;
/** Ways in which a file tells what became of a call. */
const REPORTS =
  /\breportFailure\b|\berrorDetail\b|\bshowFailure\b|\bApiError\b|\bonFailure\b|\bonError\b|\breport\b/;

/** Callers whose results are told by those who call them, each for its reason. */
const TOLD_BY_OTHERS: Readonly<Record<string, string>> = {
  'actions/instance-actions.ts': 'runAction reports what an action throws',
  'app/services.ts': 'who refreshes the store reports',
  'features/script/blueprint-document.ts': 'the editor that holds it reports',
  'features/signin/signin-page.ts': 'it says it on its own page',
  'features/settings/ports-section.ts': 'LoadedPart reports what it cannot fetch',
};

function sources(): string[] {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.spec\.ts$/.test(file) && !file.startsWith('net/'))
    .map((file) => join(ROOT, file));
}

describe('who calls the server', () => {
  const callers = sources().filter((file) => CALL.test(readFileSync(file, 'utf8')));

  it('is found at all', () => {
    expect(callers.length).toBeGreaterThan(8);
  });

  it.each(callers.map((file) => relative(ROOT, file)))('%s says what became of it', (file) => {
    const isTold = REPORTS.test(readFileSync(join(ROOT, file), 'utf8')) || file in TOLD_BY_OTHERS;
    expect(isTold ? '' : `${file} calls the server and tells nobody of a failure`).toBe('');
  });

  it('leaves no failure of a promise without a word', () => {
    const silent = sources().filter((file) =>
      /\.catch\(\s*\(\)\s*=>\s*(?:undefined|null|\{\s*\})\s*\)/.test(readFileSync(file, 'utf8')),
    );
    expect(silent.map((file) => relative(ROOT, file))).toEqual([]);
  });

  it('is the only one that knows fetch and WebSocket', () => {
    const strangers = sources().filter((file) =>
      /(?<![.\w]|async )fetch\(|new WebSocket\(|new XMLHttpRequest|sendBeacon\(/.test(
        readFileSync(file, 'utf8'),
      ),
    );
    expect(strangers.map((file) => relative(ROOT, file))).toEqual([]);
  });
});
