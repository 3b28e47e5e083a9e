import { describe, expect, it } from '@jest/globals';
import { addressOf, desktopAddressOf, hostnameTrouble } from './addresses.js';
import type { Addressed, SeenOrigins } from './addresses.js';

const SEEN: SeenOrigins = {
  dashboard: 'http://box:9000',
  apps: 'http://box:9001',
  published: 'http://box',
};

const instance = (change: Partial<Addressed> = {}): Addressed => ({
  slug: 'comfy',
  access_mode: 'path',
  public_port: null,
  hostname: null,
  use_custom_hostname: false,
  persistent_mode: false,
  persistent_port: null,
  ...change,
});

describe('the address of an instance', () => {
  it.each<[Partial<Addressed>, string]>([
    [{}, 'http://box:9001/instance/comfy/'],
    [{ access_mode: 'port', public_port: 19_001 }, 'http://box:19001/'],
    // A port that was not found.
    [{ access_mode: 'port' }, 'http://box:9001/instance/comfy/'],
    [{ hostname: 'comfy.lan' }, 'http://box:9001/instance/comfy/'],
    [{ hostname: 'comfy.lan', use_custom_hostname: true }, 'http://comfy.lan:9001/'],
    [{ hostname: 'comfy.lan:8080', use_custom_hostname: true }, 'http://comfy.lan:8080/'],
    [{ hostname: 'https://ai.example/comfy', use_custom_hostname: true }, 'https://ai.example/comfy'],
    [
      { hostname: 'comfy.lan', use_custom_hostname: true, access_mode: 'port', public_port: 19_001 },
      'http://comfy.lan:9001/',
    ],
    // Of the original AiKore, from before there were rules.
    [{ hostname: 'javascript:alert(1)', use_custom_hostname: true }, 'http://box:9001/instance/comfy/'],
    [{ use_custom_hostname: true }, 'http://box:9001/instance/comfy/'],
  ])('of %j is %s', (change, expected) => {
    expect(addressOf(instance(change), SEEN, true)).toBe(expected);
  });

  it('at a name needs no port where the dashboard has a default one, and is encrypted as it is', () => {
    const named = instance({ hostname: 'comfy.lan', use_custom_hostname: true });
    expect(addressOf(named, { ...SEEN, dashboard: 'http://box' }, true)).toBe('http://comfy.lan/');
    for (const origins of [
      { dashboard: 'https://box', apps: 'https://apps:8443' },
      { dashboard: 'https://box:8443', apps: 'https://box' },
    ])
      expect(addressOf(named, { ...SEEN, ...origins }, true)).toBe('https://comfy.lan/');
  });

  it('is no name that leads elsewhere', () => {
    const named = { hostname: 'comfy.lan', use_custom_hostname: true };
    expect(addressOf(instance(named), SEEN, false)).toBe('http://box:9001/instance/comfy/');
    const port = { access_mode: 'port', public_port: 19_001 } as const;
    expect(addressOf(instance({ ...named, ...port }), SEEN, false)).toBe('http://box:19001/');
  });

  it.each<[Partial<Addressed>, string | null]>([
    [{}, null],
    [{ persistent_mode: true }, null],
    [{ persistent_port: 19_002 }, null],
    [{ persistent_mode: true, persistent_port: 19_002 }, 'http://box:19002/'],
  ])('of the desktop of %j is %j', (change, expected) => {
    expect(desktopAddressOf(instance(change), SEEN)).toBe(expected);
  });
});

describe('a hostname', () => {
  const troubleAt = (hostname: string | null, use_custom_hostname = true) =>
    hostnameTrouble({ id: 1, hostname, use_custom_hostname }, (name) => {
      if (name === 'box.lan') return 'aikore';
      return name === 'nobody.localhost' ? null : { instanceId: name === 'mine.lan' ? 1 : 2, name: 'Forge' };
    });

  it.each([
    ['mine.lan', null],
    ['https://MINE.lan:1/x', null],
    ['box.lan:80', /^Its hostname box\.lan is a name of AiKore itself, so its link is another address\./],
    ['forge.lan', /^Its hostname forge\.lan leads to Forge, so/],
    ['nobody.localhost', /^Its hostname nobody\.localhost leads to no instance, so/],
    ['<b>\u202e', /^Its hostname does not lead to it\. [ -~]*$/],
  ])('%j that does not lead to its instance is told of', (hostname, expected) => {
    const trouble = troubleAt(hostname);
    if (expected === null) expect(trouble).toBeNull();
    else expect(trouble).toMatch(expected);
  });

  it('that is not in use troubles nobody', () => {
    expect([troubleAt('box.lan', false), troubleAt(null)]).toEqual([null, null]);
  });
});
