import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../../core/errors.js';
import type { InstanceUpdate } from '../../../contracts/instance.js';
import { checkSettings } from './instance-rules.js';

function problemsOf(settings: InstanceUpdate): Record<string, unknown> {
  try {
    checkSettings(settings);
    return {};
  } catch (error) {
    if (error instanceof AppError && error.kind === 'invalid') return error.details;
    throw error;
  }
}

describe('the rules for settings', () => {
  it('accept what the defaults are, and what is left out', () => {
    expect(problemsOf({})).toEqual({});
    expect(
      problemsOf({
        name: 'Comfy',
        base_blueprint: 'ComfyUI.sh',
        gpu_ids: null,
        output_path: null,
        env: {},
        launch_args: '',
        access_mode: 'path',
        restart_policy: 'no',
        persistent_mode: true,
        hostname: null,
        use_custom_hostname: false,
        public_port: null,
        python_version: null,
        cuda_version: null,
        torch_version: null,
        git_ref: null,
        extra_requirements: '',
      }),
    ).toEqual({});
  });

  it('name every field that is wrong, each with a sentence', () => {
    const problems = problemsOf({
      name: '..',
      gpu_ids: 'x',
      launch_args: '"',
      env: { 'A B': '' },
      output_path: '../x',
      hostname: 'no name',
      probe: 'x',
    });
    expect(Object.keys(problems).sort()).toEqual([
      'env',
      'gpu_ids',
      'hostname',
      'launch_args',
      'name',
      'output_path',
      'probe',
    ]);
    for (const sentence of Object.values(problems)) expect(sentence).toMatch(/\.$/);
  });

  it.each(['http', 'http /health', '/health?x=1', '${SUBFOLDER}api', 'tcp', 'process', 'HTTP /'])(
    'accept the probe %j',
    (probe) => expect(problemsOf({ probe })).toEqual({}),
  );

  it.each([
    '',
    ' ',
    'ftp',
    'http x',
    '//evil.example/',
    'http /a /b',
    '/a b',
    '/\\x',
    'http /\n',
    `/${'x'.repeat(512)}`,
  ])('refuse the probe %j', (probe) => expect(Object.keys(problemsOf({ probe }))).toEqual(['probe']));

  it.each(['no', 'on-failure', 'always'] as const)('accept the restart policy %s', (restart_policy) => {
    expect(problemsOf({ restart_policy })).toEqual({});
  });

  it.each([
    ...['3.8', '3.12', '3.12.4', '3.0', '3.10.19'].map((python_version) => ({ python_version })),
    ...['12.8', '11.8', '9.0', '13.0'].map((cuda_version) => ({ cuda_version })),
    ...['2.7.1', '2.7', '1.13.1', '2.10.0'].map((torch_version) => ({ torch_version })),
    ...['main', 'v1.2.3', 'feature/one', 'a'.repeat(40), 'größe', 'x@y', '@x', 'a.b'].map((git_ref) => ({
      git_ref,
    })),
  ])('accept the pin %j', (settings) => {
    expect(problemsOf(settings)).toEqual({});
  });

  const NO_VERSIONS = [
    '',
    ' ',
    '3',
    'latest',
    '-3.12',
    '3.12 ',
    ' 3.12',
    '3.012',
    '3.12.',
    '.3.12',
    '3.12\n',
  ];
  const NO_WORDS = ['$(id)', '3.12;id', '../3.12', '3.１２', '3.12\0', '9'.repeat(10_000), '\u202E3.12'];

  it.each(['python_version', 'cuda_version', 'torch_version'] as const)('refuse what is no %s', (field) => {
    for (const text of [...NO_VERSIONS, ...NO_WORDS, '3.12rc1', '3.12+cu128', '>=3.10', '3.12.4.1'])
      expect([text.slice(0, 20), Object.keys(problemsOf({ [field]: text }))]).toEqual([
        text.slice(0, 20),
        [field],
      ]);
  });

  it.each([
    { python_version: '2.7' },
    { python_version: '4.0' },
    { cuda_version: '12' },
    { cuda_version: '12.8.1' },
  ])('refuse %j', (settings) => expect(Object.keys(problemsOf(settings))).toEqual(Object.keys(settings)));

  it.each([
    ...[
      '',
      '-',
      '--upload-pack=touch',
      '-b',
      '@',
      'a..b',
      'a//b',
      '/a',
      'a/',
      '.a',
      'a/.b',
      'a.lock',
      'a.lock/b',
    ],
    ...[
      'a b',
      'a~1',
      'a^',
      'a:b',
      'a?',
      'a*',
      'a[b',
      'a\\b',
      'a@{1}',
      'a.',
      'a\nb',
      'a\0',
      'a\x7f',
      'a\u202Eb',
    ],
    'x'.repeat(201),
  ])('refuse the reference %j', (git_ref) => {
    expect(Object.keys(problemsOf({ git_ref }))).toEqual(['git_ref']);
  });

  it.each([
    '',
    'xformers==0.0.30',
    'a>=1,<2 ; python_version > "3.10"\nb[extra]\n\n# a remark\n\tc @ https://example.org/c.whl',
    '--extra-index-url https://example.org/index\n--extra-index-url=https://me:secret@example.org/x # mine\n--pre',
    '--find-links https://example.org/wheels\n--find-links ./wheels',
    'a'.repeat(16 * 1024),
  ])('accept the requirements %#', (extra_requirements) => {
    expect(problemsOf({ extra_requirements })).toEqual({});
  });

  it.each([
    ['-r other.txt', 1],
    ['ok\n  --requirement x', 2],
    ['-c limits', 1],
    ['-e .', 1],
    ['--index-url https://example.org', 1],
    ['--extra-index-url http://example.org', 1],
    ['--extra-index-url file:///etc', 1],
    ['--extra-index-url https://', 1],
    ['--extra-index-url https://a.example --trusted-host b', 1],
    ['--extra-index-urlhttps://a.example', 1],
    ['--find-links http://example.org', 1],
    ['--find-links ext::sh', 1],
    ['--find-links -r', 1],
    ['--pre --no-deps', 1],
    ['--trusted-host x', 1],
    ['a \\\n--index-url https://example.org', 1],
    ['ok\na\0b', 2],
    ['\x1b[31mred', 1],
    ['a\u202Eb', 1],
  ])('refuse the requirements %j', (extra_requirements, line) => {
    const problems = problemsOf({ extra_requirements });
    expect(Object.keys(problems)).toEqual(['extra_requirements']);
    expect(problems['extra_requirements']).toMatch(new RegExp(`^Line ${line}: .+\\.$`));
  });

  it('refuse requirements of more than 16 KB, counted in bytes', () => {
    for (const extra_requirements of ['a'.repeat(16 * 1024 + 1), 'ä'.repeat(8 * 1024 + 1)])
      expect(Object.keys(problemsOf({ extra_requirements }))).toEqual(['extra_requirements']);
  });
});
