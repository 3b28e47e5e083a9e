import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCustomHostname } from './custom-hostname.js';

const textOf = (text: string): string | null => {
  const reading = readCustomHostname(text);
  return reading.ok ? reading.value.text : null;
};

const LABEL_63 = 'x'.repeat(63);
const NAME_253 = [LABEL_63, LABEL_63, LABEL_63, 'x'.repeat(61)].join('.');

describe('a custom hostname', () => {
  it.each([
    ['comfy', 'comfy', 'comfy', null, null],
    ['comfy.home.lan', 'comfy.home.lan', 'comfy.home.lan', null, null],
    ['Comfy.Home.LAN', 'comfy.home.lan', 'comfy.home.lan', null, null],
    ['comfy.home.lan:8080', 'comfy.home.lan:8080', 'comfy.home.lan', 8080, null],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', 'xn--bcher-kva.example', null, null],
    ['a-b.1x', 'a-b.1x', 'a-b.1x', null, null],
    ['http://comfy.lan', 'http://comfy.lan/', 'comfy.lan', null, 'http://comfy.lan/'],
    ['HTTPS://Comfy.LAN:8443/', 'https://comfy.lan:8443/', 'comfy.lan', 8443, 'https://comfy.lan:8443/'],
    [
      'https://forge.example.org/X_y/~a',
      'https://forge.example.org/X_y/~a',
      'forge.example.org',
      null,
      'https://forge.example.org/X_y/~a',
    ],
    [NAME_253, NAME_253, NAME_253, null, null],
  ])('reads %s', (written, text, hostname, port, link) => {
    expect(readCustomHostname(written)).toEqual({ ok: true, value: { text, hostname, port, link } });
    // What is stored reads as itself.
    expect(textOf(text)).toBe(text);
  });

  it.each([
    '',
    ' ',
    'comfy.lan ',
    ' comfy.lan',
    'comfy..lan',
    '.comfy.lan',
    'comfy.lan.',
    '-comfy.lan',
    'comfy-.lan',
    'com_fy.lan',
    '*.lan',
    '*',
    'comfy.lan; return 200',
    'comfy.lan;',
    'comfy.lan}',
    'comfy.lan{',
    'comfy.lan\n',
    'comfy.lan\r\nHost: evil',
    'comfy\u0000.lan',
    '$host',
    'comfy.$host',
    '"comfy.lan"',
    "'comfy.lan'",
    '~^comfy',
    'comfy.lan#',
    'comfy.lan?x',
    'comfy.lan/x',
    '../x',
    'comfy.lan/../x',
    'user@comfy.lan',
    'http://user:pw@comfy.lan/',
    'http://comfy.lan/?q',
    'http://comfy.lan/#f',
    'http://comfy.lan/../x',
    'http://comfy.lan/%2e%2e/x',
    'http://comfy.lan/a b',
    'http://comfy.lan/";',
    'http://',
    'http:///x',
    'ftp://comfy.lan',
    'javascript:alert(1)',
    '//comfy.lan',
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    'comfy.1',
    '[::1]',
    '::1',
    'comfy.lan:0',
    'comfy.lan:080',
    'comfy.lan:65536',
    'comfy.lan:x',
    'comfy.lan:',
    'bücher.example',
    'comfy\u202Enal.lan',
    'ｃｏｍｆｙ.lan',
    'xn--a.example',
    `${'x'.repeat(64)}.lan`,
    `${NAME_253}x`,
    'x'.repeat(10_000),
    `http://comfy.lan/${'x'.repeat(10_000)}`,
  ])('refuses %j with a sentence', (written) => {
    const reading = readCustomHostname(written);
    expect(reading.ok).toBe(false);
    if (reading.ok) return;
    expect(reading.problem).toMatch(/^[A-Z][ -~]*\.$/);
    expect(reading.problem.length).toBeLessThan(400);
  });

  it('says how a name of other letters is written', () => {
    expect(readCustomHostname('bücher.example')).toEqual({
      ok: false,
      problem: 'Write the name as it crosses the network: xn--bcher-kva.example.',
    });
  });

  it('lets nothing through but what is safe in a configuration file, whatever was written', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('http://', 'a.b', ':80', ';', '}', '\n', '$', '"', '..', '/', 'xn--', 'é', '\\', '%'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const reading = readCustomHostname(pieces.join(''));
        if (!reading.ok) return;
        expect(reading.value.hostname).toMatch(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/);
        expect(reading.value.text).toMatch(/^[A-Za-z0-9.:/~_%-]+$/);
      }),
      { numRuns: 2000 },
    );
  });
});
