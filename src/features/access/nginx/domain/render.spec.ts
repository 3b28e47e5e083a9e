import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReadDirective } from '../../../../../test/fixtures/proxy/read-directives.js';
import { readDirectives } from '../../../../../test/fixtures/proxy/read-directives.js';
import { block, directive, renderDirectives } from './directives.js';
import type { Directive } from './directives.js';
import { slotsOf } from './names.js';
import type { NginxPlan } from './plan.js';
import { addressIn, generationIn, portIn, publicPortsIn } from './read-config.js';
import { renderConfig } from './render.js';

const plan: NginxPlan = {
  address: '127.0.0.1',
  port: 9001,
  publicPorts: [19_001, 19_002],
  hostnames: ['comfy.home.lan'],
  slots: [21_000, 30_000],
  tlsFingerprint: null,
  workers: 2,
  user: null,
};

const read = (changes: Partial<NginxPlan> = {}): ReadDirective[] =>
  readDirectives(renderConfig({ ...plan, ...changes }, 'g1'));

function* all(directives: ReadDirective[]): Generator<ReadDirective> {
  for (const each of directives) {
    yield each;
    yield* all(each.children ?? []);
  }
}

const named = (directives: ReadDirective[], name: string): ReadDirective[] =>
  [...all(directives)].filter(({ words }) => words[0] === name);

describe('directives', () => {
  const hostile = fc.string({
    unit: fc.constantFrom(...' ;{}"\'\\$#\n\r\tabü/*'.split(/(?:)/u)),
    maxLength: 30,
  });

  it('are read as they were meant, whatever stands in them', () => {
    const tree = fc.letrec<{ one: Directive }>((tie) => ({
      one: fc.oneof(
        fc.array(hostile, { maxLength: 4 }).map((args) => directive('name', ...args)),
        fc
          .tuple(fc.array(hostile, { maxLength: 2 }), fc.array(tie('one'), { maxLength: 3 }))
          .map(([args, children]) => block('name', args, children)),
      ),
    })).one;
    const plainOf = ({ name, args, children }: Directive): ReadDirective => ({
      words: [name, ...args],
      children: children?.map(plainOf) ?? null,
    });
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 4 }), (directives) => {
        expect(readDirectives(renderDirectives(directives))).toEqual(directives.map(plainOf));
      }),
      { numRuns: 500 },
    );
  });
});

describe('renderConfig', () => {
  it('listens on the ports of the plan and no other', () => {
    const listens = named(read(), 'listen').map(({ words }) => words[1]);
    expect([...new Set(listens)]).toEqual([
      'unix:control.sock',
      '127.0.0.1:9001',
      '127.0.0.1:19001',
      '127.0.0.1:19002',
    ]);
    expect(named(read({ address: '::1' }), 'listen')[1]?.words[1]).toBe('[::1]:9001');
  });

  it('names hostnames of instances, each in a server of its own', () => {
    const names = named(read({ hostnames: ['a.lan', 'b.lan'] }), 'server_name').map(({ words }) => words[1]);
    expect(names).toEqual(['_', '*.localhost', 'a.lan', 'b.lan', '_', '_']);
  });

  it('sets all headers in every location that sets one', () => {
    const locations = named(read(), 'location').filter(({ children }) =>
      children?.some(({ words }) => words[0] === 'proxy_pass'),
    );
    expect(locations.length).toBeGreaterThan(10);
    for (const location of locations) {
      const set = new Set(
        location.children
          ?.filter(({ words }) => words[0] === 'proxy_set_header')
          .map(({ words }) => words[1]),
      );
      for (const header of [
        'Host',
        'Connection',
        'Upgrade',
        'x-aikore-entry',
        'x-aikore-peer',
        'x-aikore-failure',
      ])
        expect([location.words[1], header, set.has(header)]).toEqual([location.words[1], header, true]);
    }
  });

  it('lets no application steer it', () => {
    expect(named(read(), 'proxy_ignore_headers')[0]?.words).toContain('X-Accel-Redirect');
  });

  it('serves TLS on all its ports or on none', () => {
    const listens = named(read({ tlsFingerprint: '0123456789abcdef' }), 'listen').slice(1);
    expect(listens.every(({ words }) => words.includes('ssl'))).toBe(true);
    expect(named(read(), 'listen').some(({ words }) => words.includes('ssl'))).toBe(false);
  });

  it('tells what it holds', () => {
    const text = renderConfig(plan, 'abc123');
    expect([generationIn(text), portIn(text), publicPortsIn(text)]).toEqual([
      'abc123',
      9001,
      [19_001, 19_002],
    ]);
    expect([...slotsOf(text)]).toEqual([21_000, 30_000]);
    for (const address of ['127.0.0.1', '0.0.0.0', '::', 'fd00::7'])
      expect(addressIn(renderConfig({ ...plan, address }, 'abc123'))).toBe(address);
    expect(addressIn('')).toBeNull();
  });

  it.each([
    'x; } server { listen 1; location / { root /; autoindex on; } } server { server_name y',
    'a.lan b.lan',
    'a.lan\n',
    '$host',
    '"a"',
    "a'b",
    '~^.*$',
    '*.lan',
    '.lan',
    '_',
    '',
    'a..b',
    '-a.lan',
    'A.LAN',
    'ä.lan',
    'a.lan:80',
    'a.lan#',
    'a'.repeat(64),
    `${'a.'.repeat(126)}aa`,
  ])('refuses the hostname %j', (hostname) => {
    expect(() => renderConfig({ ...plan, hostnames: [hostname] }, 'g')).toThrow(TypeError);
  });

  it('refuses whatever else is not what it should be', () => {
    const wrong: Partial<NginxPlan>[] = [
      { address: 'localhost' },
      { address: '127.0.0.1; }' },
      { port: 0 },
      { port: 80.5 },
      { port: 70_000 },
      { publicPorts: [9001] },
      { slots: [21_000, 21_000] },
      { user: 'root; }' },
      { workers: 0 },
      { tlsFingerprint: '$x' },
    ];
    for (const changes of wrong) expect(() => renderConfig({ ...plan, ...changes }, 'g')).toThrow(TypeError);
    expect(() => renderConfig(plan, 'g;')).toThrow(TypeError);
  });

  it('either refuses a hostname or has the very same servers but for that name', () => {
    const shape = (directives: ReadDirective[]): unknown =>
      directives.map(({ words, children }) => [
        words[0] === 'server_name' ? 'server_name' : words,
        children === null ? null : shape(children),
      ]);
    const expected = shape(read({ hostnames: ['a.lan'] }));
    const mixed = fc.string({
      unit: fc.constantFrom(...'ab-.;{} \n"\'$\\#~*'.split(/(?:)/u)),
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.oneof(mixed, fc.domain()), (hostname) => {
        let text: string;
        try {
          text = renderConfig({ ...plan, hostnames: [hostname] }, 'g1');
        } catch {
          return;
        }
        const directives = readDirectives(text);
        expect(shape(directives)).toEqual(expected);
        expect(named(directives, 'server_name')[2]?.words).toEqual(['server_name', hostname]);
      }),
      { numRuns: 60 },
    );
  });
});
