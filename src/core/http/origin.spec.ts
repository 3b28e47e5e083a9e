import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RequestOrigin } from './origin.js';
import { isForeign, isSameOrigin } from './origin.js';

const request = (more: Partial<RequestOrigin>): RequestOrigin => ({
  origin: undefined,
  secFetchSite: undefined,
  host: 'host:9000',
  isSecure: false,
  publicOrigin: null,
  ...more,
});

describe('isSameOrigin', () => {
  it.each<[string, Partial<RequestOrigin>]>([
    ['the same origin', { origin: 'http://host:9000' }],
    ['the same origin, confirmed', { origin: 'http://host:9000', secFetchSite: 'same-origin' }],
    ['https', { origin: 'https://host:9000', isSecure: true }],
    ['https at a port that browsers leave out', { origin: 'https://host', host: 'host:443', isSecure: true }],
    ['http at a port that browsers leave out', { origin: 'http://host', host: 'host:80' }],
    ['an IPv6 address', { origin: 'http://[::1]:9000', host: '[::1]:9000' }],
    [
      'the public address behind a proxy',
      { origin: 'https://aikore.example.org', publicOrigin: 'https://aikore.example.org' },
    ],
  ])('accepts %s', (_, more) => {
    expect(isSameOrigin(request(more))).toBe(true);
    expect(isForeign(request(more))).toBe(false);
  });

  it.each<[string, Partial<RequestOrigin>]>([
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['null', { origin: 'null' }],
    ['another port', { origin: 'http://host:9001' }],
    ['no port', { origin: 'http://host' }],
    ['another scheme', { origin: 'https://host:9000' }],
    ['another scheme at its port', { origin: 'https://host', host: 'host:443' }],
    ['http on a TLS socket', { origin: 'http://host:9000', isSecure: true }],
    ['a longer name', { origin: 'http://host.evil.com:9000' }],
    ['a trailing dot', { origin: 'http://host.:9000' }],
    ['a trailing slash', { origin: 'http://host:9000/' }],
    ['user information', { origin: 'http://host:9000@evil.example' }],
    ['a list', { origin: 'http://host:9000, http://evil.example' }],
    ['another case', { origin: 'HTTP://HOST:9000' }],
    ['an empty origin', { origin: '' }],
    ['a scheme without host', { origin: 'http://', host: '' }],
    ['a host that is none', { origin: 'http://a@b', host: 'a@b' }],
    ['same-site', { origin: 'http://host:9000', secFetchSite: 'same-site' }],
    ['cross-site', { origin: 'http://host:9000', secFetchSite: 'cross-site' }],
    ['a typed address', { origin: 'http://host:9000', secFetchSite: 'none' }],
    ['an unknown word', { origin: 'http://host:9000', secFetchSite: 'Same-Origin' }],
    ['no host', { origin: 'http://host:9000', host: undefined }],
  ])('refuses %s', (_, more) => {
    expect(isSameOrigin(request(more))).toBe(false);
    expect(isForeign(request(more))).toBe(true);
  });

  it('takes silence for neither', () => {
    expect(isSameOrigin(request({}))).toBe(false);
    expect(isForeign(request({}))).toBe(false);
    expect(isSameOrigin(request({ secFetchSite: 'same-origin' }))).toBe(false);
  });

  it('accepts one text only, whatever is sent', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.domain().map((name) => `http://${name}`),
        ),
        (origin) => {
          expect(isSameOrigin(request({ origin }))).toBe(origin === 'http://host:9000');
        },
      ),
      { numRuns: 2000 },
    );
  });
});
