import { describe, expect, it } from '@jest/globals';
import type { Instance } from '../../../src/contracts/instance.js';
import type { Capability } from '../../../src/contracts/system.js';
import { addressesOf, embeddableAddress } from './addresses.js';
import { missingForDesktops } from './desktop-parts.js';
import { hostnameProblem } from './hostname-rule.js';
import { shortAddress } from './short-address.js';

const ORIGINS = { apps_url: 'http://box:9001', published_url: 'http://box' };

const instance = (change: Partial<Instance> = {}): Instance =>
  ({
    slug: 'comfy',
    url: 'http://box:9001/instance/comfy/',
    desktop_url: null,
    access_mode: 'path',
    public_port: null,
    hostname: null,
    use_custom_hostname: false,
    ...change,
  }) as Instance;

describe('the addresses of an instance', () => {
  const urls = (of: Instance, page = 'http://box:9000/') =>
    addressesOf(of, ORIGINS, page).map(({ kind, url }) => [kind, url]);

  it('are its path, and its name under localhost for who sits at the machine', () => {
    expect(urls(instance())).toEqual([['path', 'http://box:9001/instance/comfy/']]);
    for (const page of ['http://localhost:9000/', 'http://127.0.0.1:9000/', 'http://[::1]:9000/'])
      expect(urls(instance(), page)[1]).toEqual(['localhost', 'http://comfy.localhost:9001/']);
  });

  it('begin with the one that links have', () => {
    const all = instance({
      url: 'http://comfy.lan:9001/',
      hostname: 'comfy.lan',
      use_custom_hostname: true,
      access_mode: 'port',
      public_port: 19_001,
      desktop_url: 'http://box:19002/',
    });
    expect(urls(all)).toEqual([
      ['hostname', 'http://comfy.lan:9001/'],
      ['port', 'http://box:19001/'],
      ['path', 'http://box:9001/instance/comfy/'],
      ['desktop', 'http://box:19002/'],
    ]);
  });

  it('have no hostname where it leads nowhere: not switched on, or none by the rules', () => {
    expect(urls(instance({ hostname: 'comfy.lan' }))).toHaveLength(1);
    expect(urls(instance({ hostname: 'no name', use_custom_hostname: true }))).toHaveLength(1);
  });

  it("have no hostname where that is AiKore's own by now, whichever address is the link", () => {
    const own = { hostname: 'Box', use_custom_hostname: true };
    expect(urls(instance(own))).toEqual([['path', 'http://box:9001/instance/comfy/']]);
    const port = { url: 'http://box:19001/', access_mode: 'port', public_port: 19_001 } as const;
    expect(urls(instance({ ...own, ...port })).map(([kind]) => kind)).toEqual(['port', 'path']);
    expect(embeddableAddress(instance({ ...own, ...port }), ORIGINS.apps_url)).toBe(port.url);
    const proxied = { url: 'https://box/instance/comfy/', hostname: 'https://box/instance/comfy/' };
    expect(urls(instance({ ...own, ...proxied }))[0]).toEqual(['hostname', proxied.url]);
  });

  it('can be embedded by the path where the host is another, and as they are otherwise', () => {
    const named = instance({
      url: 'https://ai.example/x',
      hostname: 'https://AI.example/x',
      use_custom_hostname: true,
    });
    expect(embeddableAddress(named, ORIGINS.apps_url)).toBe('http://box:9001/instance/comfy/');
    expect(embeddableAddress(named, null)).toBe('https://ai.example/x');
    const port = instance({ url: 'http://box:19001/', access_mode: 'port', public_port: 19_001 });
    expect(embeddableAddress(port, ORIGINS.apps_url)).toBe('http://box:19001/');
  });

  it.each([
    ['http://box:9001/instance/comfy/', '/instance/comfy/'],
    ['http://box:19001/', ':19001'],
    ['http://comfy.lan:9001/', 'comfy.lan:9001'],
    ['https://ai.example/comfy', 'ai.example/comfy'],
    ['no address', 'no address'],
  ])('%s is short as %s', (address, short) => {
    expect(shortAddress(address, 'http://box:9000/')).toBe(short);
  });
});

describe('a hostname that is typed', () => {
  it.each(['comfy', 'Comfy.Home.lan', 'comfy.lan:80', 'https://ai.example/x', 'xn--bcher-kva.example'])(
    '%s is fine',
    (text) => expect(hostnameProblem(text, [])).toBeNull(),
  );

  it.each([
    'a b',
    'x.lan;',
    'x.lan}',
    '$x',
    '"x"',
    '*.lan',
    'x.lan.',
    'bücher.lan',
    '10.0.0.1',
    'x:0',
    'x/y',
  ])('%s is not, with a sentence', (text) => expect(hostnameProblem(text, [])).toMatch(/^[A-Z].*\.$/));

  it("is nobody else's, whatever its case and port", () => {
    const others = [
      { name: 'Forge', hostname: 'http://forge.lan:81/x' },
      { name: 'None', hostname: null },
    ];
    expect(hostnameProblem('FORGE.lan', others)).toBe('It belongs to Forge.');
    expect(hostnameProblem('comfy.lan', others)).toBeNull();
  });
});

describe('what is missing for desktops', () => {
  const part = (name: string, present: boolean): Capability => ({ name, present, detail: `No ${name}.` });

  it('is nothing while one server of two is there', () => {
    const parts = [part('KasmVNC', false), part('TigerVNC', true), part('Openbox', true), part('uv', false)];
    expect(missingForDesktops(parts)).toEqual([]);
    expect(missingForDesktops([])).toEqual([]);
  });

  it('is said once for each part', () => {
    const parts = [part('KasmVNC', false), part('TigerVNC', false), part('Kiosk browser', false)];
    expect(missingForDesktops(parts)).toEqual(['No KasmVNC.', 'No TigerVNC.', 'No Kiosk browser.']);
  });
});
