import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseMetadata } from '../../src/features/blueprints/domain/metadata.js';

const FOLDER = resolve('blueprints');
const LINES = readFileSync(resolve('docs/catalogue.md'), 'utf8').split('\n');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.sh') && file !== 'functions.sh');

const cellsOf = (line: string): string[] => line.split('|').map((cell) => cell.trim());
const declared = (text: string, key: string): string =>
  new RegExp(`^# aikore\\.${key} = (.*)$`, 'm').exec(text)?.[1] ?? '–';

describe('docs/catalogue.md', () => {
  it.each(FILES)('says of %s what its metadata says', (file) => {
    const text = readFileSync(resolve(FOLDER, file), 'utf8');
    const { name, proxy_mode, desktop, repository, problems } = parseMetadata(text, file);
    expect(problems).toEqual([]);
    const rows = LINES.filter((line) => line.includes(`\`${file}\``));
    expect(rows).toHaveLength(1);
    const [, application, vram, disk, python, , reached] = cellsOf(rows[0] ?? '');
    expect(application).toContain(repository === null ? name : `[${name}](${declared(text, 'repository')})`);
    expect([vram, disk]).toEqual([declared(text, 'vram'), declared(text, 'disk')]);
    const versions = /^ +aikore_venv \.\/env ([0-9. ]+)$/m.exec(text)?.[1];
    if (versions !== undefined) expect(python).toBe(versions.split(' ').join(', '));
    expect(reached).toBe(desktop ? 'desktop' : proxy_mode === 'port' ? 'port or hostname' : 'path');
  });

  it('names no blueprint that is not shipped', () => {
    const named = LINES.flatMap((line) => [...line.matchAll(/, `([^`]+\.sh)` \|/g)].map(([, file]) => file));
    expect(named.sort()).toEqual([...FILES].sort());
  });
});
