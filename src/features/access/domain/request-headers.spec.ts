import { describe, expect, it } from '@jest/globals';
import { headerValue, headerValues } from './raw-headers.js';
import type { RequestHeaderContext } from './request-headers.js';
import { toApplication } from './request-headers.js';

const context: RequestHeaderContext = {
  route: { instanceId: 1, slug: 'app', port: 5000, mode: 'strip', isShimInjected: true },
  credentials: {
    removeOwnCookies: (header) =>
      header
        .split('; ')
        .filter((cookie) => !cookie.startsWith('aikore_session='))
        .join('; ') || undefined,
    isOwnCookieName: (name) => name === 'aikore_session',
    isOwnBearer: (value) => value === 'Bearer own',
  },
  remoteAddress: '::ffff:10.0.0.7',
  protocol: 'http',
  mount: '/instance/app',
  isShimWanted: false,
  upgrade: null,
};

const send = (raw: string[], more: Partial<RequestHeaderContext> = {}, method = 'GET'): string[] =>
  toApplication(method, ['Host', 'box:9001', ...raw], { ...context, ...more });

describe('toApplication', () => {
  it('keeps order, case and repetition of what belongs to the application', () => {
    const raw = ['X-One', '1', 'x-one', '2', 'COOKIE', 'a=b'];
    expect(send(raw).slice(0, 8)).toEqual(['Host', 'box:9001', ...raw]);
  });

  it('drops what ends at this hop, also what Connection lists', () => {
    const headers = send(['Connection', 'close, X-Hop', 'X-Hop', '1', 'TE', 'trailers', 'Upgrade', 'h2c']);
    for (const name of ['x-hop', 'te', 'upgrade']) expect(headerValues(headers, name)).toEqual([]);
    expect(headerValues(headers, 'connection')).toEqual(['keep-alive']);
  });

  it('drops own credentials and lets others pass', () => {
    const headers = send(['Cookie', 'aikore_session=s; a=b', 'Authorization', 'Basic eDp5']);
    expect(headerValues(headers, 'cookie')).toEqual(['a=b']);
    expect(headerValues(headers, 'authorization')).toEqual(['Basic eDp5']);
    const own = send(['Cookie', 'aikore_session=s', 'Authorization', 'Bearer own']);
    expect(headerValues(own, 'cookie')).toEqual([]);
    expect(headerValues(own, 'authorization')).toEqual([]);
  });

  it('says itself where the request comes from', () => {
    const spoofed = [
      'X-Forwarded-For',
      '1.1.1.1',
      'X_Forwarded_Host',
      'evil',
      'Forwarded',
      'for=1',
      'x-real-ip',
      '1',
    ];
    const headers = send([...spoofed, 'X-Forwarded-User', 'root']);
    expect(headers.slice(2)).toEqual([
      ...['X-Forwarded-For', '10.0.0.7', 'X-Real-IP', '10.0.0.7', 'X-Forwarded-Host', 'box:9001'],
      ...['X-Forwarded-Proto', 'http', 'X-Forwarded-Prefix', '/instance/app'],
      ...['Connection', 'keep-alive'],
    ]);
  });

  it('names no prefix to an application that gets it in the path', () => {
    const headers = send([], { route: { ...context.route, mode: 'keep' } });
    expect(headerValue(headers, 'x-forwarded-prefix')).toBeUndefined();
  });

  it('names none on an origin of its own', () => {
    expect(headerValue(send([], { mount: '' }), 'x-forwarded-prefix')).toBeUndefined();
  });

  it('asks for a plain body only where the shim is to be put in', () => {
    const raw = ['Accept-Encoding', 'gzip'];
    expect(headerValue(send(raw, { isShimWanted: true }), 'accept-encoding')).toBeUndefined();
    expect(headerValue(send(raw), 'accept-encoding')).toBe('gzip');
  });

  it('drops names with underscores, as NGINX does', () => {
    expect(headerValues(send(['X_Custom', '1', 'x_forwarded_for', '1.1.1.1']), 'x_custom')).toEqual([]);
  });

  it('frames the body in one way only', () => {
    const chunked = send(['Transfer-Encoding', 'chunked', 'Content-Length', '7'], {}, 'POST');
    expect(headerValues(chunked, 'transfer-encoding')).toEqual(['chunked']);
    expect(headerValues(chunked, 'content-length')).toEqual([]);
    expect(headerValues(send([], {}, 'POST'), 'content-length')).toEqual(['0']);
    expect(headerValues(send([]), 'content-length')).toEqual([]);
    expect(
      headerValues(send(['Content-Length', '7', 'Expect', '100-continue'], {}, 'PUT'), 'expect'),
    ).toEqual([]);
  });

  it('hands the protocol change on', () => {
    const raw = [
      'Connection',
      'keep-alive, Upgrade',
      'Upgrade',
      'websocket',
      'Sec-WebSocket-Extensions',
      'x; y=1',
    ];
    const headers = send(raw, { upgrade: 'websocket' });
    expect(headers.slice(2, 4)).toEqual(['Sec-WebSocket-Extensions', 'x; y=1']);
    expect(headers.slice(-4)).toEqual(['Connection', 'Upgrade', 'Upgrade', 'websocket']);
  });

  it('does not call a followed link cross-site, but everything else', () => {
    const site = ['Sec-Fetch-Site', 'cross-site'];
    const link = [...site, 'Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Dest', 'document'];
    expect(headerValue(send(link), 'sec-fetch-site')).toBeUndefined();
    expect(headerValue(send(link, {}, 'POST'), 'sec-fetch-site')).toBe('cross-site');
    expect(headerValue(send([...site, 'Sec-Fetch-Mode', 'cors']), 'sec-fetch-site')).toBe('cross-site');
  });
});
