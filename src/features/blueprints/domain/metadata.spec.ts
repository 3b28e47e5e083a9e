import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseMetadata } from './metadata.js';

const block = (...lines: string[]): string =>
  ['### AIKORE-METADATA-START ###', ...lines, '### AIKORE-METADATA-END ###'].join('\n');
const parse = (...lines: string[]) =>
  parseMetadata(`#!/bin/bash\n${block(...lines)}\necho hi\n`, 'My App.sh');
const value = (line: string) => parse(`# aikore.${line}`);

describe('parseMetadata', () => {
  it('gives a script without a block the defaults', () => {
    expect(parseMetadata('#!/bin/bash\necho hi\n', 'My App.sh')).toEqual({
      name: 'My App',
      category: 'Other',
      description: '',
      venv_type: null,
      venv_path: null,
      probe: { type: 'http', path: '/' },
      proxy_mode: 'strip',
      proxy_shim: true,
      desktop: false,
      repository: null,
      vram_bytes: null,
      disk_bytes: null,
      package: null,
      variables: [],
      unknown: {},
      problems: [],
    });
  });

  it('reads every key', () => {
    const metadata = parse(
      '# aikore.name = ComfyUI',
      '# aikore.category = Image Generation',
      '# aikore.description = Nodes = pictures',
      '# aikore.venv_type = conda',
      '# aikore.venv_path = ./env',
      '# aikore.probe = http /system_stats',
      '# aikore.proxy.mode = keep',
      '# aikore.proxy.shim = on',
      '# aikore.desktop = yes',
      '# aikore.repository = https://github.com/comfyanonymous/ComfyUI',
      '# aikore.vram = 8 GB',
      '# aikore.disk = 0.5 TB',
      '# aikore.package = pypi comfyui-frontend-package FRONTEND_VERSION',
      '# aikore.var.MODEL = choice(small|large) "large" Which model',
      '# aikore.colour = blue',
    );
    expect(metadata).toEqual({
      name: 'ComfyUI',
      category: 'Image Generation',
      description: 'Nodes = pictures',
      venv_type: 'conda',
      venv_path: './env',
      probe: { type: 'http', path: '/system_stats' },
      proxy_mode: 'keep',
      proxy_shim: true,
      desktop: true,
      repository: 'https://github.com/comfyanonymous/ComfyUI',
      vram_bytes: 8 * 2 ** 30,
      disk_bytes: 2 ** 39,
      package: { registry: 'pypi', name: 'comfyui-frontend-package', variable: 'FRONTEND_VERSION' },
      variables: [
        {
          name: 'MODEL',
          type: 'choice',
          default: 'large',
          description: 'Which model',
          choices: ['small', 'large'],
        },
      ],
      unknown: { colour: 'blue' },
      problems: [],
    });
  });

  it('finds the block before the shebang, behind a byte order mark and with Windows line ends', () => {
    const text = `\uFEFF${block('# aikore.name = Early')}\n#!/bin/bash\n`.replaceAll('\n', '\r\n');
    expect(parseMetadata(text, 'x.sh')).toMatchObject({ name: 'Early', problems: [] });
  });

  it('passes over comments, blank lines and code inside the block', () => {
    expect(parse('', '# a note', 'echo hi', '#aikore.name=Tight').name).toBe('Tight');
  });

  it('ignores what stands outside the block and beyond the first 64 KiB', () => {
    expect(parseMetadata('# aikore.name = Outside\n', 'x.sh').name).toBe('x');
    const late = `${'#'.repeat(65)}\n`.repeat(1000) + block('# aikore.name = Late');
    expect(parseMetadata(late, 'x.sh').name).toBe('x');
  });

  it('reads a block without an end up to the code and says so', () => {
    const text = '### AIKORE-METADATA-START ###\n# aikore.name = Open\necho hi\n# aikore.name = Code\n';
    const metadata = parseMetadata(text, 'x.sh');
    expect(metadata.name).toBe('Open');
    expect(metadata.problems).toEqual([expect.stringContaining('has no end')]);
  });

  it('says which line it cannot read, and which key stands twice', () => {
    const metadata = parse('# aikore.name', '# aikore.a b = c', '# aikore.name = One', '# aikore.name = Two');
    expect(metadata.name).toBe('Two');
    expect(metadata.problems).toHaveLength(3);
  });

  it('removes control characters and what reorders text, and bounds lengths', () => {
    const metadata = parse(
      `# aikore.name = a\u0007b\u202Ec\u001b[31m`,
      `# aikore.description = ${'ß😀'.repeat(1000)}`,
    );
    expect(metadata.name).toBe('abc[31m');
    expect(Array.from(metadata.description)).toHaveLength(500);
    expect(metadata.problems).toEqual([expect.stringContaining('"description" is longer')]);
  });

  it.each([
    ['http', { type: 'http', path: '/' }],
    ['HTTP /health?full=1', { type: 'http', path: '/health?full=1' }],
    ['/api', { type: 'http', path: '/api' }],
    ['http ${SUBFOLDER}api', { type: 'http', path: '${SUBFOLDER}api' }],
    ['tcp', { type: 'tcp' }],
    ['process', { type: 'process' }],
  ])('reads the probe %j', (text, probe) => {
    expect(value(`probe = ${text}`)).toMatchObject({ probe, problems: [] });
  });

  it.each([
    '',
    'ping',
    'http health',
    'http //evil.test/',
    '/\\evil.test',
    'tcp 80',
    'http /a b',
    '/é',
    'http /a#b',
  ])('refuses the probe %j', (text) => {
    const metadata = value(`probe = ${text}`);
    expect(metadata.probe).toEqual({ type: 'http', path: '/' });
    expect(metadata.problems).toEqual([expect.stringContaining('"probe" must be')]);
  });

  it.each([
    ['strip', 'auto', true],
    ['keep', 'auto', false],
    ['keep', 'on', true],
    ['strip', 'off', false],
    ['port', 'auto', true],
  ])('proxy mode %s with the shim %s', (mode, shim, expected) => {
    expect(parse(`# aikore.proxy.shim = ${shim}`, `# aikore.proxy.mode = ${mode}`).proxy_shim).toBe(expected);
  });

  it.each(['/env', '~/env', '../env', './a/../../env', '$HOME/env', 'a\\b', ''])(
    'refuses the venv_path %j',
    (path) => {
      const metadata = value(`venv_path = ${path}`);
      expect(metadata.venv_path).toBeNull();
      expect(metadata.problems).toHaveLength(1);
    },
  );

  it.each([
    'javascript:alert(1)',
    'git@github.com:a/b',
    'https://user:secret@host/',
    'https://',
    'https://a b',
  ])('refuses the repository %j', (address) => {
    expect(value(`repository = ${address}`)).toMatchObject({
      repository: null,
      problems: [expect.any(String)],
    });
  });

  it.each([
    ['12', 12 * 2 ** 30],
    ['512 MB', 512 * 2 ** 20],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['much', null],
    ['-1', null],
  ])('reads the memory %j', (text, bytes) => {
    expect(value(`vram = ${text}`).vram_bytes).toBe(bytes);
    const { disk_bytes, problems } = value(`disk = ${text}`);
    expect(disk_bytes).toBe(bytes);
    expect(problems).toEqual(bytes === null ? [expect.stringContaining('"disk" must be')] : []);
  });

  it.each([
    ['pypi jupyterlab JUPYTERLAB_VERSION', { registry: 'pypi', name: 'jupyterlab' }],
    ['PyPI  a.b-c_D  X', { registry: 'pypi', name: 'a.b-c_D' }],
    ['npm sillytavern SILLYTAVERN_VERSION', { registry: 'npm', name: 'sillytavern' }],
    ['npm @scope/name.js X', { registry: 'npm', name: '@scope/name.js' }],
  ])('reads the package %j', (text, expected) => {
    const metadata = value(`package = ${text}`);
    expect(metadata).toMatchObject({ package: expected, problems: [] });
  });

  it.each([
    '',
    'pypi',
    'pypi name',
    'conda name X',
    'pypi name X more',
    'pypi --index-url X',
    'pypi -r X',
    'npm -g X',
    'npm ../x X',
    'npm @a/b/c X',
    'npm Upper X',
    'pypi a;id X',
    'pypi a[b] X',
    'pypi a==1 X',
    'pypi a 1X',
    'pypi a A=B',
    `pypi ${'a'.repeat(101)} X`,
  ])('refuses the package %j', (text) => {
    const metadata = value(`package = ${text}`);
    expect(metadata.package).toBeNull();
    expect(metadata.problems).toEqual([expect.stringContaining('"package" must read like')]);
  });

  it.each(['PYTHON_VERSION', 'CUDA_VERSION', 'TORCH_VERSION', 'GIT_REF'])(
    'leaves %s, a setting of every instance, out of the form',
    (name) => {
      const metadata = value(`var.${name} = string`);
      expect(metadata.variables).toEqual([]);
      expect(metadata.problems).toEqual([expect.stringContaining('that AiKore sets itself')]);
    },
  );

  it('takes the original key for desktop programs', () => {
    expect(value('persistent_mode = true')).toMatchObject({ desktop: true, unknown: {} });
  });

  it('watches the process of a desktop program, unless it names another probe', () => {
    expect(value('desktop = true').probe).toEqual({ type: 'process' });
    expect(parse('# aikore.desktop = true', '# aikore.probe = tcp').probe).toEqual({ type: 'tcp' });
  });

  it('keeps unknown keys, even those that objects inherit', () => {
    const { unknown } = parse('# aikore.constructor = a', '# aikore.Other.Key = b', '# aikore.__proto__ = c');
    expect(Object.entries(unknown)).toEqual([
      ['constructor', 'a'],
      ['Other.Key', 'b'],
    ]);
  });

  it('never throws and keeps its bounds, whatever the text', () => {
    const key = fc.constantFrom(
      'name',
      'probe',
      'proxy.mode',
      'proxy.shim',
      'venv_path',
      'vram',
      'disk',
      'package',
      'repository',
      'var.A',
      'x',
    );
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(key, fc.string({ unit: 'binary' })).map(([name, text]) => `# aikore.${name} = ${text}`),
      fc.tuple(fc.string(), fc.string()).map(([name, text]) => `# aikore.${name}=${text}`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.string(), (lines, filename) => {
        const metadata = parseMetadata(block(...lines), filename);
        expect(Array.from(metadata.name).length).toBeLessThanOrEqual(80);
        expect(metadata.problems.length).toBeLessThanOrEqual(20);
        expect(JSON.stringify(metadata)).not.toMatch(/\\u00[01]/);
        if (metadata.venv_path !== null) expect(metadata.venv_path).not.toMatch(/^\/|(^|\/)\.\.(\/|$)/);
      }),
      { numRuns: 300 },
    );
  });

  it('reads a hostile megabyte within a moment', () => {
    const started = performance.now();
    for (const filler of ['#', '# aikore.', '=', ' ', '"\\', 'a b ', '((((']) {
      parseMetadata(
        `### AIKORE-METADATA-START ###\n# aikore.var.A = string ${filler.repeat(2 ** 20)}`,
        'x.sh',
      );
      parseMetadata(`### AIKORE-METADATA-START ###\n${filler.repeat(2 ** 20)}`, 'x.sh');
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
