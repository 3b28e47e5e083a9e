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

  it.each([{ python_version: '3.12' }, { cuda_version: '12' }, { torch_version: '2' }])(
    'refuse %j, whose part does not exist yet',
    (settings) => {
      expect(Object.keys(problemsOf(settings))).toEqual(Object.keys(settings));
    },
  );
});
