import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseHostHeader } from './host-header.js';

describe('parseHostHeader', () => {
  it.each([
    ['localhost', { hostname: 'localhost', isAddress: false, port: null }],
    ['LocalHost:9000', { hostname: 'localhost', isAddress: false, port: 9000 }],
    ['192.0.2.7:80', { hostname: '192.0.2.7', isAddress: true, port: 80 }],
    ['[::1]:9000', { hostname: '::1', isAddress: true, port: 9000 }],
    ['[2001:DB8::1]', { hostname: '2001:db8::1', isAddress: true, port: null }],
  ])('reads %s', (header, expected) => {
    expect(parseHostHeader(header)).toEqual(expected);
  });

  it.each([
    undefined,
    '',
    ' ',
    'evil.example.',
    'localhost.',
    'localhost:',
    'localhost:0',
    'localhost:65536',
    'localhost:9000:9000',
    'user@localhost',
    'localhost/path',
    'localhost, evil.example',
    'localhost evil.example',
    'localhost#',
    'localhost\\evil',
    '[::1',
    '::1',
    '[fe80::1%25eth0]',
    '[127.0.0.1]',
    '[evil.example]',
    '127.1',
    '0x7f000001',
    'localhost.1',
    '-bad.example',
    'a..b',
    '.localhost',
    'lоcalhost',
    '%6cocalhost',
    'localhost\u0000',
    'localhost\n',
    `${'a'.repeat(64)}.example`,
  ])('refuses %p', (header) => {
    expect(parseHostHeader(header)).toBeNull();
  });

  it('never throws, and what it accepts is only made of what host headers are made of', () => {
    const pieces = fc.constantFrom(
      'localhost',
      '127.0.0.1',
      '[::1]',
      ':',
      '.',
      '@',
      '/',
      '%',
      ' ',
      ',',
      '9000',
      'evil.example',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (header) => {
        const host = parseHostHeader(header);
        if (host === null) return;
        const shown = host.hostname.includes(':') ? `[${host.hostname}]` : host.hostname;
        const url = new URL(`http://${host.port === null ? shown : `${shown}:${host.port}`}/`);
        expect(url.username + url.password + url.search + url.hash).toBe('');
        expect(host.hostname).not.toMatch(/\.$|[^a-z0-9.:-]/);
      }),
      { numRuns: 2000 },
    );
  });
});
