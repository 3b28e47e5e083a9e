import { describe, expect, it } from '@jest/globals';
import { parseAppUser } from './app-user.js';

describe('the user of the applications', () => {
  it.each([
    ['1000:1000', { uid: 1000, gid: 1000, groups: [] }],
    ['99:100,44,109', { uid: 99, gid: 100, groups: [44, 109] }],
  ])('reads %s', (text, user) => {
    expect(parseAppUser(text)).toEqual(user);
  });

  it.each([
    '',
    '1000',
    '0:1000',
    '1000:0',
    '1000:1000,0',
    'abc:abc',
    '1000:1000,',
    '-1:5',
    '4294967295:1',
    ' 1:1',
  ])('refuses %j', (text) => {
    expect(parseAppUser(text)).toBeNull();
  });

  it('refuses more groups than a request to the spawner holds', () => {
    const groups = (count: number): string =>
      Array.from({ length: count }, (_, index) => index + 1).join(',');

    expect(parseAppUser(`1:1,${groups(32)}`)?.groups).toHaveLength(32);
    expect(parseAppUser(`1:1,${groups(33)}`)).toBeNull();
  });
});
