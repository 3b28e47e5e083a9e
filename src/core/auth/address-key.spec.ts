import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressKey } from './address-key.js';

describe('addressKey', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
    ['something else', 'something else'],
  ])('counts %s as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('puts all addresses of one network together, and no two networks', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (left, right) => {
        const network = (address: string): string =>
          new URL(`http://[${address}]`).hostname.slice(1, -1).includes('.') ? address : expanded(address);
        if (/^::ffff:\d/i.test(left) || /^::ffff:\d/i.test(right)) return;
        expect(addressKey(left) === addressKey(right)).toBe(network(left) === network(right));
      }),
    );
  });
});

/** The first 64 bits as the URL parser, another implementation, sees them. */
function expanded(address: string): string {
  const hostname = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = hostname.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}
