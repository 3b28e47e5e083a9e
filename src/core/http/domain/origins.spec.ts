import { describe, expect, it } from '@jest/globals';
import type { Origins, Seen } from './origins.js';
import {
  appsOrigin,
  dashboardOrigin,
  frameSources,
  isForeignOrigin,
  ownOrigin,
  protocolOf,
  redirectToApps,
} from './origins.js';

const local: Origins = { dashboardPort: 9000, appsPort: 9001, publicUrl: null, appsPublicUrl: null };
const plain = (host: string): Seen => ({ host, isSecure: false });
const encrypted = (host: string): Seen => ({ host, isSecure: true });
const mapped: Origins = {
  ...local,
  publicUrl: new URL('https://ai.example'),
  appsPublicUrl: new URL('https://apps.ai.example'),
};

describe('origins', () => {
  it.each([
    ['box', 'http://box:9000', 'http://box:9001'],
    ['box:9000', 'http://box:9000', 'http://box:9001'],
    ['[::1]:9000', 'http://[::1]:9000', 'http://[::1]:9001'],
    ['[::1]', 'http://[::1]:9000', 'http://[::1]:9001'],
  ])('are on the host that the browser used: %s', (host, dashboard, apps) => {
    expect(dashboardOrigin(plain(host), local)).toBe(dashboard);
    expect(appsOrigin(plain(host), local)).toBe(apps);
  });

  it('have the scheme that the browser used', () => {
    expect(dashboardOrigin(encrypted('box:9001'), local)).toBe('https://box:9000');
    expect(appsOrigin(encrypted('box'), local)).toBe('https://box:9001');
    expect(ownOrigin(encrypted('box'))).toBe('https://box');
    expect(protocolOf(encrypted('box:9001'), local)).toBe('https');
  });

  it('are written without the port that the scheme implies, as browsers write them', () => {
    const usual = { ...local, dashboardPort: 443, appsPort: 80 };
    expect(dashboardOrigin(encrypted('box:80'), usual)).toBe('https://box');
    expect(appsOrigin(plain('box'), usual)).toBe('http://box');
    expect(dashboardOrigin(plain('box'), usual)).toBe('http://box:443');
  });

  it('are the public ones where they are configured', () => {
    expect(dashboardOrigin(encrypted('box'), mapped)).toBe('https://ai.example');
    expect(appsOrigin(plain('box'), mapped)).toBe('https://apps.ai.example');
    expect(protocolOf(plain('apps.ai.example'), mapped)).toBe('https');
    expect(protocolOf(plain('box:9001'), mapped)).toBe('http');
  });
});

describe('frameSources', () => {
  it.each([
    ['box:9000', local, 'http://box:*'],
    ['192.168.1.5:9000', local, 'http://192.168.1.5:*'],
    ['[::1]:9000', local, 'http:'],
    ['box', mapped, 'https://apps.ai.example:* https://ai.example:*'],
    ['box; script-src *', local, "'none'"],
    ['a,b', local, "'none'"],
    ["x'y;default-src", local, "'none'"],
    ['', local, "'none'"],
  ])('for %s', (host, origins, expected) => {
    expect(frameSources(plain(host), origins)).toBe(expected);
  });
});

describe('frameSources over TLS', () => {
  it('names nothing unencrypted', () => {
    expect(frameSources(encrypted('box:9000'), local)).toBe('https://box:*');
    expect(frameSources(encrypted('[::1]'), local)).toBe('https:');
  });
});

describe('redirectToApps', () => {
  it.each([
    ['/instance/comfy/a%2Fb?x=//y', 'http://box:9001/instance/comfy/a%2Fb?x=//y'],
    ['/instance/comfy', 'http://box:9001/instance/comfy'],
    ['/instances', null],
    ['/instance/', null],
    ['//instance/comfy/', null],
    ['/', null],
  ])('%s → %s', (url, location) => {
    expect(redirectToApps(url, plain('box:9000'), local)).toBe(location);
  });
});

describe('isForeignOrigin', () => {
  it.each([
    ['http://box:9001', 'box:9001', false],
    ['https://box:9001', 'BOX:9001', false],
    ['http://box', 'box:80', false],
    ['http://box:9000', 'box:9001', false],
    ['https://box:9000', 'box:9001', false],
    ['http://box:19001', 'box:9001', true],
    ['http://box', 'box:9001', true],
    ['http://evil.example', 'box:9001', true],
    ['http://box.evil.example:9001', 'box:9001', true],
    ['null', 'box:9001', true],
    ['file://', 'box:9001', true],
    ['chrome-extension://abc', 'box:9001', true],
    ['', 'box:9001', true],
  ])('%s asking %s → %s', (origin, host, expected) => {
    expect(isForeignOrigin(origin, host, local)).toBe(expected);
  });

  it('knows the public origins', () => {
    expect(isForeignOrigin('https://ai.example', 'apps.ai.example', mapped)).toBe(false);
    expect(isForeignOrigin('https://apps.ai.example', '10.0.0.1:9001', mapped)).toBe(false);
    expect(isForeignOrigin('http://ai.example', 'apps.ai.example', mapped)).toBe(true);
  });
});
