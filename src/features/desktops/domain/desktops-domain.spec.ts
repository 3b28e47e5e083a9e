import { describe, expect, it } from '@jest/globals';
import { headingOf, mayHaveDisplay } from './heading.js';
import { isForeignPage } from './own-origin.js';
import type { PageTrace } from './own-origin.js';

const trace = (more: Partial<PageTrace>): PageTrace => ({
  host: '192.168.0.7:19005',
  origin: undefined,
  secFetchSite: undefined,
  secFetchMode: undefined,
  isUpgrade: true,
  ...more,
});

describe('the page behind a handshake', () => {
  it.each([
    ['http://192.168.0.7:19005', false],
    // A proxy before AiKore speaks TLS.
    ['https://192.168.0.7:19005', false],
    ['http://192.168.0.7:9000', true],
    ['http://192.168.0.7:9001', true],
    ['http://192.168.0.7', true],
    ['http://192.168.0.7:19005.evil.example', true],
    ['http://evil.example', true],
    ['null', true],
    ['', true],
    ['chrome-extension://abc', true],
    ['javascript:alert(1)', true],
  ])('of origin %j: foreign is %s', (origin, isForeign) => {
    expect(isForeignPage('GET', trace({ origin }), true)).toBe(isForeign);
  });

  it('must be named by browsers; a program whose sign-in is off names none', () => {
    expect(isForeignPage('GET', trace({}), true)).toBe(true);
    expect(isForeignPage('GET', trace({}), false)).toBe(false);
  });

  it('is not believed where the browser itself says otherwise', () => {
    const origin = 'http://192.168.0.7:19005';
    for (const secFetchSite of ['same-site', 'cross-site', 'none']) {
      expect(isForeignPage('GET', trace({ origin, secFetchSite }), true)).toBe(true);
    }
    expect(isForeignPage('GET', trace({ origin, secFetchSite: 'same-origin' }), true)).toBe(false);
  });
});

describe('the page behind a request', () => {
  const request = (secFetchSite?: string, secFetchMode?: string): boolean =>
    isForeignPage('GET', trace({ isUpgrade: false, secFetchSite, secFetchMode }), true);

  it('may link to a desktop from anywhere, but load nothing of it', () => {
    expect(request('cross-site', 'navigate')).toBe(false);
    expect(request('same-site', 'navigate')).toBe(false);
    expect(request('same-site', 'cors')).toBe(true);
    expect(request('cross-site', 'no-cors')).toBe(true);
    expect(request('same-origin', 'cors')).toBe(false);
    expect(request('none', 'cors')).toBe(false);
    expect(request()).toBe(false);
  });

  it('may change nothing from elsewhere', () => {
    const post = trace({ isUpgrade: false, origin: 'http://192.168.0.7:9001' });
    expect(isForeignPage('POST', post, true)).toBe(true);
  });
});

describe('the heading of a desktop that is not there', () => {
  it('says what the instance does', () => {
    expect(headingOf('Alpha', 'stopped')).toBe('Alpha is stopped');
    expect(headingOf('Alpha', 'started')).toBe('The desktop of Alpha is starting');
  });

  it('goes with whether a display may be there at all', () => {
    expect(mayHaveDisplay('stopping')).toBe(true);
    expect((['stopped', 'queued', 'error'] as const).some(mayHaveDisplay)).toBe(false);
  });
});
