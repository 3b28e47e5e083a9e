import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { archiveName, firstTarEntry, freeArchiveName } from './archive-name.js';
import { secretNames } from './secret-names.js';

describe('the name of an uploaded archive', () => {
  it.each([
    ['Comfy-2026.aikore.tar.gz', 'Comfy-2026.aikore.tar.gz'],
    ['Comfy.tar.gz', 'Comfy.aikore.tar.gz'],
    ['Comfy.aikore', 'Comfy.aikore.tar.gz'],
    ['Comfy (1).aikore.tar.gz', 'Comfy (1).aikore.tar.gz'],
    ['../../etc/passwd', 'etc passwd.aikore.tar.gz'],
    ['\u202egnp.exe', 'gnp.exe.aikore.tar.gz'],
    ['', 'archive.aikore.tar.gz'],
    ['…', 'archive.aikore.tar.gz'],
  ])('%j becomes %j', (given, wanted) => {
    expect(archiveName(given)).toBe(wanted);
  });

  it('is always one that a file may have', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (name) => {
        expect(archiveName(name)).toMatch(/^[A-Za-z0-9][A-Za-z0-9 _.()+-]{0,165}\.aikore\.tar\.gz$/);
        expect(archiveName(name)).not.toContain('..');
      }),
    );
  });

  it('has a number where there is one already', () => {
    const taken = ['a.aikore.tar.gz', 'A 2.aikore.tar.gz'];
    expect(freeArchiveName('A.aikore.tar.gz', taken)).toBe('A 3.aikore.tar.gz');
    expect(freeArchiveName('b.tgz', taken)).toBe('b.aikore.tar.gz');
  });
});

it('the first file of a tar is named in its first hundred bytes', () => {
  const header = new Uint8Array(512);
  header.set(new TextEncoder().encode('aikore.json'));
  expect(firstTarEntry(header)).toBe('aikore.json');
  expect(firstTarEntry(new Uint8Array(512).fill(65))).toHaveLength(100);
});

it('variables that look like secrets are found by their names', () => {
  expect(secretNames(['HF_TOKEN', 'COLOUR', 'OPENAI_API_KEY', 'DB_PASSWORD', 'KEYBOARD'])).toEqual([
    'HF_TOKEN',
    'OPENAI_API_KEY',
    'DB_PASSWORD',
  ]);
});
