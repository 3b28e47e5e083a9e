import { describe, expect, it } from '@jest/globals';
import { rewriteLocation } from './location.js';
import type { ResponseHeaderContext } from './response-headers.js';
import { toBrowser } from './response-headers.js';
import { rewriteSetCookie } from './set-cookie.js';

const context: ResponseHeaderContext = {
  route: { instanceId: 1, slug: 'app', port: 5000, mode: 'strip', isShimInjected: true },
  mount: '/instance/app',
  host: 'box:9001',
  isOwnCookie: (name) => name === 'aikore_session',
  dashboard: () => 'http://box:9000',
  isInjected: false,
};

describe('rewriteLocation', () => {
  it.each([
    ['/', '/instance/app/'],
    ['/login?next=/a%2Fb', '/instance/app/login?next=/a%2Fb'],
    ['/instance/app/x', '/instance/app/x'],
    ['/instance/app', '/instance/app'],
    ['/instance/apple/x', '/instance/app/instance/apple/x'],
    ['login', 'login'],
    ['../up', '../up'],
    ['?q', '?q'],
    ['http://box:9001/x', '/instance/app/x'],
    ['HTTPS://BOX:9001', '/instance/app/'],
    ['//box:9001/x', '/instance/app/x'],
    ['http://127.0.0.1:5000/x', '/instance/app/x'],
    ['http://localhost:5000?x', '/instance/app/?x'],
    ['http://127.0.0.1:5001/x', 'http://127.0.0.1:5001/x'],
    ['https://example.com/x', 'https://example.com/x'],
    ['//example.com/x', '//example.com/x'],
    ['/\\example.com', '/instance/app/\\example.com'],
    ['http://box:9001@example.com/', 'http://box:9001@example.com/'],
  ])('%s → %s', (value, expected) => {
    expect(rewriteLocation(value, context.route, 'box:9001', '/instance/app')).toBe(expected);
  });

  it('leaves the words of an application that knows its prefix', () => {
    const route = { ...context.route, mode: 'keep' as const };
    const rewritten = (value: string): string => rewriteLocation(value, route, 'box:9001', '/instance/app');
    expect(rewritten('/login')).toBe('/login');
    // It may take the proxy's scheme for the browser's.
    expect(rewritten('http://box:9001/instance/app/lab?x')).toBe('/instance/app/lab?x');
    expect(rewritten('http://127.0.0.1:5000/instance/app/')).toBe('/instance/app/');
    expect(rewritten('https://example.com/x')).toBe('https://example.com/x');
  });
});

describe('rewriteSetCookie', () => {
  it.each([
    ['a=b', 'a=b'],
    ['a=b; Path=/; HttpOnly', 'a=b; Path=/instance/app/; HttpOnly'],
    ['a=b;path = /x ;Secure', 'a=b; Path=/instance/app/x;Secure'],
    ['a=b; Path=/instance/app/x', 'a=b; Path=/instance/app/x'],
    ['a=b; Domain=example.com; Path=/', 'a=b; Path=/instance/app/'],
    ['a=b; Path', 'a=b; Path'],
    ['a=x=y; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'a=x=y; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
    ['__Host-a=b; Path=/; Secure', '__Host-a=b; Path=/; Secure'],
    ['aikore_session=evil; Path=/', null],
    [' aikore_session =evil', null],
    ['aikore_session', null],
    ['=aikore_session=evil', null],
  ])('%s → %s', (value, expected) => {
    expect(rewriteSetCookie(value, '/instance/app', (name) => name === 'aikore_session')).toBe(expected);
  });
});

describe('toBrowser', () => {
  it('keeps what is the application’s, repeated headers too', () => {
    const raw = ['Content-Type', 'text/plain', 'Link', '<a>', 'link', '<b>', 'ETag', '"x"'];
    expect(toBrowser(raw, context)).toEqual(raw);
  });

  it('drops what one application may not say for all', () => {
    const names = ['Service-Worker-Allowed', 'Clear-Site-Data', 'Strict-Transport-Security', 'Alt-Svc'];
    const hop = ['Connection', 'x-y', 'X-Y', '1', 'Keep-Alive', 'timeout=5', 'Transfer-Encoding', 'chunked'];
    const raw = [...names.flatMap((name) => [name, '1']), ...hop, 'Content-Length', '5', 'X-Kept', '1'];
    expect(toBrowser(raw, context)).toEqual(['X-Kept', '1']);
  });

  it('lets the dashboard frame what forbids it, and nobody else', () => {
    const name = 'Content-Security-Policy';
    const policy = "frame-ancestors 'self' http://box:9000";
    expect(toBrowser([name, "default-src 'self'; frame-ancestors 'none'; img-src *"], context)).toEqual([
      name,
      `default-src 'self'; ${policy}; img-src *`,
    ]);
    expect(toBrowser(['x-frame-options', 'DENY', name, 'img-src *'], context)).toEqual([
      name,
      'img-src *',
      name,
      policy,
    ]);
    const both = ['X-Frame-Options', 'DENY', name, 'img-src *; frame-ancestors https://portal.test'];
    expect(toBrowser(both, context)).toEqual([
      name,
      "img-src *; frame-ancestors https://portal.test 'self' http://box:9000",
    ]);
  });

  it('keeps Referers useful', () => {
    const policy = (value: string): string[] => toBrowser(['Referrer-Policy', value], context);
    expect(policy('no-referrer')).toEqual(['Referrer-Policy', 'same-origin']);
    expect(policy('unsafe-url, strict-origin')).toEqual(['Referrer-Policy', 'same-origin']);
    expect(policy('no-referrer, strict-origin-when-cross-origin')).toEqual([
      'Referrer-Policy',
      'no-referrer, strict-origin-when-cross-origin',
    ]);
  });

  it('drops the length of a body that is about to change', () => {
    const raw = ['Content-Length', '5', 'Accept-Ranges', 'bytes', 'ETag', '"x"'];
    expect(toBrowser(raw, { ...context, isInjected: true })).toEqual(['ETag', '"x"']);
  });
});
