import { describe, expect, it } from '@jest/globals';
import { normalAddress } from './address.js';
import { Networks, isNetwork } from './networks.js';

describe('normalAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
  ])('%s is written %s', (text, expected) => {
    expect(normalAddress(text)).toBe(expected);
  });

  it.each(['', 'unknown', '192.0.2', '192.0.2.1:80', '[::1]', '192.0.2.01', ' ::1', '1.2.3.4.5', '::g', '%'])(
    '%p is none',
    (text) => {
      expect(normalAddress(text)).toBeNull();
    },
  );
});

describe('Networks', () => {
  const networks = new Networks(['192.0.2.7', '172.16.0.0/12', 'fd00::/8', '::ffff:198.51.100.0/120']);

  it.each([
    ['192.0.2.7', true],
    ['::ffff:192.0.2.7', true],
    ['192.0.2.8', false],
    ['172.31.255.255', true],
    ['172.32.0.0', false],
    ['fd12:3456::1', true],
    ['FD00::1%eth0', true],
    ['fe80::1', false],
    ['198.51.100.200', true],
    ['198.51.101.0', false],
    ['', false],
    ['unknown', false],
  ])('%s → %s', (address, expected) => {
    expect(networks.has(address)).toBe(expected);
  });

  it('is empty where nothing is listed', () => {
    expect(['127.0.0.1', '::1', ''].some((address) => new Networks().has(address))).toBe(false);
  });

  it.each(['10.0.0.7', '10.0.0.7/8', '10.0.0.0/32', 'fd00::1/128', '::1'])('takes %s', (text) => {
    expect(isNetwork(text)).toBe(true);
  });

  it.each([
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0/8',
    'box.lan',
    '',
  ])('refuses %p', (text) => {
    expect(isNetwork(text)).toBe(false);
    expect(() => new Networks([text])).toThrow(TypeError);
  });
});
