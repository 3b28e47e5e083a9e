import { describe, expect, it } from '@jest/globals';
import type { Origins } from './origins.js';
import {
  appsOrigin,
  dashboardOrigin,
  frameSources,
  isForeignOrigin,
  protocolOf,
  redirectToApps,
} from './origins.js';

const local: Origins = { dashboardPort: 9000, appsPort: 9001, publicUrl: null, appsPublicUrl: null };
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
    expect(dashboardOrigin(host, local)).toBe(dashboard);
    expect(appsOrigin(host, local)).toBe(apps);
  });

  it('are the public ones where they are configured', () => {
    expect(dashboardOrigin('box', mapped)).toBe('https://ai.example');
    expect(appsOrigin('box', mapped)).toBe('https://apps.ai.example');
    expect(protocolOf('apps.ai.example', mapped)).toBe('https');
    expect(protocolOf('box:9001', mapped)).toBe('http');
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
    expect(frameSources(host, origins)).toBe(expected);
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
    expect(redirectToApps(url, 'box:9000', local)).toBe(location);
  });
});

describe('isForeignOrigin', () => {
  it.each([
    ['http://box:9001', 'box:9001', false],
    ['https://box:9001', 'BOX:9001', false],
    ['http://box', 'box:80', false],
    ['http://box:9000', 'box:9001', false],
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
