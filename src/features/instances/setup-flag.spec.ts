import { describe, expect, it } from '@jest/globals';
import { flagPath } from './setup-flag.js';

describe('the place of the flag', () => {
  it.each([
    ['./env', '/i/x/.rebuild-env'],
    ['env/', '/i/x/.rebuild-env'],
    ['app/venv', '/i/x/app/.rebuild-env'],
    ['a/../env', '/i/x/.rebuild-env'],
  ])('of %j is beside it', (venv, flag) => expect(flagPath('/i/x', venv)).toBe(flag));

  it.each(['', '.', './', 'env/..', '..', '../y', '../x2/env', '/etc', '/i'])('of %j is none', (venv) =>
    expect(flagPath('/i/x', venv)).toBeNull(),
  );
});
