import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isIP } from 'node:net';
import { Networks } from '../net/networks.js';
import { clientViewOf } from './client-view.js';

const trusted = new Networks(['10.0.0.1', '10.0.0.2', 'fd00::1', '127.0.0.1']);
const HOST = 'box:9000';

function addressFor(forwarded: string | undefined, peer = '10.0.0.1'): string {
  const headers = { host: HOST, ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }) };
  return clientViewOf({ address: peer, isTls: false }, headers, trusted).remoteAddress;
}

describe('the address of a client', () => {
  it.each([
    ['198.51.100.9', '198.51.100.9'],
    [' 198.51.100.9 ', '198.51.100.9'],
    ['198.51.100.9:4711', '198.51.100.9'],
    ['2001:DB8::9', '2001:db8::9'],
    ['[2001:db8::9]', '2001:db8::9'],
    ['[2001:db8::9]:4711', '2001:db8::9'],
    ['::ffff:198.51.100.9', '198.51.100.9'],
    ['[::ffff:198.51.100.9]:80', '198.51.100.9'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('is what the proxy says: %s', (forwarded, expected) => {
    expect(addressFor(forwarded)).toBe(expected);
  });

  it.each([
    ['one that anybody may have written', '1.1.1.1, 198.51.100.9', '198.51.100.9'],
    ['a trusted one that a stranger claims', '10.0.0.2, 198.51.100.9', '198.51.100.9'],
    ['behind two trusted proxies', '198.51.100.9, 10.0.0.2', '198.51.100.9'],
    ['behind two, with a claim', '1.1.1.1, 198.51.100.9, 10.0.0.2:55', '198.51.100.9'],
    ['behind three of both families', '198.51.100.9, fd00::1, ::ffff:10.0.0.2', '198.51.100.9'],
    ['nobody but proxies', '10.0.0.2', '10.0.0.2'],
    ['garbage before a good one', 'unknown, 198.51.100.9', '198.51.100.9'],
    ['garbage that the proxy wrote', '198.51.100.9, unknown', '10.0.0.1'],
    ['garbage that the second proxy wrote', '198.51.100.9, <img>, 10.0.0.2', '10.0.0.2'],
    ['empty entries', ', ,198.51.100.9,,', '198.51.100.9'],
    ['nothing', '', '10.0.0.1'],
    ['no header', undefined, '10.0.0.1'],
  ])('%s', (_what, forwarded, expected) => {
    expect(addressFor(forwarded)).toBe(expected);
  });

  it.each(['198.51.100.1', '::ffff:198.51.100.1', '', '10.0.0.3', '::1'])(
    'is its own for a peer that is no trusted proxy: %p',
    (peer) => {
      const headers = {
        host: HOST,
        'x-forwarded-for': '1.1.1.1',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'ai.example',
      };
      const view = clientViewOf({ address: peer, isTls: false }, headers, trusted);
      expect(view).toEqual({ remoteAddress: peer.replace('::ffff:', ''), isSecure: false, host: HOST });
    },
  );

  it('is an address or empty, whatever the headers hold', () => {
    const entry = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.string(),
      fc.constantFrom('10.0.0.2', '[::1]:', ':', '%'),
    );
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        expect(isIP(addressFor(entries.join(',')))).not.toBe(0);
      }),
    );
  });
});

describe('the scheme and the host of a client', () => {
  const seen = (headers: Record<string, string>, isTls = false) => {
    const view = clientViewOf({ address: '::ffff:10.0.0.1', isTls }, { host: HOST, ...headers }, trusted);
    return [view.isSecure, view.host];
  };

  it.each([
    ['https', true],
    ['HTTPS', true],
    ['wss', true],
    ['http', false],
    ['http, https', true],
    ['https, http', false],
  ])('X-Forwarded-Proto: %s', (proto, isSecure) => {
    expect(seen({ 'x-forwarded-proto': proto })).toEqual([isSecure, HOST]);
  });

  it('are those of the connection where the proxy tells nothing that is understood', () => {
    for (const proto of ['', 'ftp', 'https;', '<b>']) {
      expect(seen({ 'x-forwarded-proto': proto }, true)).toEqual([true, HOST]);
      expect(seen({ 'x-forwarded-proto': proto }, false)).toEqual([false, HOST]);
    }
    expect(seen({ 'x-forwarded-proto': 'http' }, true)).toEqual([false, HOST]);
  });

  it('are what the trusted proxy itself wrote, not what it was sent', () => {
    expect(seen({ 'x-forwarded-host': 'evil.example, ai.example' })).toEqual([false, 'ai.example']);
    expect(
      seen({
        'x-forwarded-for': '198.51.100.9',
        'x-forwarded-proto': 'https, http',
        'x-forwarded-host': 'a, b',
      }),
    ).toEqual([false, 'b']);
  });

  it('are what the outer one of two trusted proxies wrote', () => {
    const chain = { 'x-forwarded-for': '198.51.100.9, 10.0.0.2' };
    expect(
      seen({ ...chain, 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'ai.example, inner' }),
    ).toEqual([true, 'ai.example']);
    expect(seen({ ...chain, 'x-forwarded-proto': 'http, https, http' })).toEqual([true, HOST]);
    expect(seen({ ...chain, 'x-forwarded-proto': 'https' })).toEqual([true, HOST]);
  });

  it('do not come from Forwarded', () => {
    expect(seen({ forwarded: 'for=198.51.100.9;proto=https;host=evil.example' })).toEqual([false, HOST]);
    expect(addressFor(undefined)).toBe('10.0.0.1');
  });
});
