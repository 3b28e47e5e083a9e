import { describe, expect, it } from '@jest/globals';
import { isServedOrigin } from './own-origin.js';

const origins = { dashboardPort: 9000, appsPort: 9001, publicUrl: null, appsPublicUrl: null };
const served = (origin: string, setting: string | null, more = {}): boolean =>
  isServedOrigin(new URL(origin), setting, { ...origins, ...more });

describe('isServedOrigin', () => {
  it.each([
    ['http://demo.localhost:9001', null],
    ['http://demo.localhost:9000', null],
    ['http://comfy.home.lan:9001', 'comfy.home.lan'],
    ['http://comfy.home.lan', 'comfy.home.lan'],
    ['https://comfy.home.lan', 'comfy.home.lan'],
    ['http://comfy.home.lan:8080', 'comfy.home.lan:8080'],
    ['https://comfy.home.lan', 'https://comfy.home.lan/start'],
    ['https://comfy.home.lan:8443', 'https://comfy.home.lan:8443/'],
  ])('takes %s for %p', (origin, setting) => {
    expect(served(origin, setting)).toBe(true);
  });

  it.each([
    ['http://demo.localhost', null],
    ['http://demo.localhost:8080', null],
    ['http://comfy.home.lan:8080', 'comfy.home.lan'],
    ['http://comfy.home.lan', 'comfy.home.lan:8080'],
    ['http://comfy.home.lan', 'https://comfy.home.lan/'],
    ['http://comfy.home.lan:1', 'http://['],
  ])('refuses %s for %p', (origin, setting) => {
    expect(served(origin, setting)).toBe(false);
  });

  it('takes the ports that the operator names in the public addresses', () => {
    const appsPublicUrl = new URL('https://apps.example.org/');
    expect(served('https://demo.localhost', null, { appsPublicUrl })).toBe(true);
    expect(served('http://demo.localhost:8000', null, { publicUrl: new URL('http://box:8000') })).toBe(true);
  });
});
