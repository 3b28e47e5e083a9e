import { describe, expect, it } from '@jest/globals';
import { publishedPortProblem, usedHostnameProblem } from './address-rules.js';

const RANGE = '19001-19020';
const OUTSIDE = 'It is a port of the published range 19001-19020.';

describe('publishedPortProblem', () => {
  it.each(['', '19001', '19020'])('takes “%s”', (text) => {
    expect(publishedPortProblem(text, RANGE, null)).toBeNull();
  });

  it.each(['19000', '19021', '0', '19005.5', '-19005', '1e4', 'null', 'a port'])('refuses “%s”', (text) => {
    expect(publishedPortProblem(text, RANGE, null)).toBe(OUTSIDE);
    expect(publishedPortProblem(text, RANGE, { public_port: null })).toBe(OUTSIDE);
  });

  it('lets the stored port stay when the range has become another one', () => {
    expect(publishedPortProblem('18005', RANGE, { public_port: 18005 })).toBeNull();
    expect(publishedPortProblem('18006', RANGE, { public_port: 18005 })).toBe(OUTSIDE);
  });

  it('takes any port while the range is not known', () => {
    expect(publishedPortProblem('80', null, null)).toBeNull();
    expect(publishedPortProblem('65536', null, null)).not.toBeNull();
  });
});

describe('usedHostnameProblem', () => {
  it('wants a hostname where one is answered at', () => {
    expect(usedHostnameProblem(true, '', null)).toBe('It needs a hostname to answer at.');
    expect(usedHostnameProblem(true, '', { hostname: 'x.lan', use_custom_hostname: true })).not.toBeNull();
    expect(usedHostnameProblem(true, 'x.lan', null)).toBeNull();
    expect(usedHostnameProblem(false, '', null)).toBeNull();
  });

  it('lets stay what was stored so elsewhere', () => {
    expect(usedHostnameProblem(true, '', { hostname: null, use_custom_hostname: true })).toBeNull();
  });
});
