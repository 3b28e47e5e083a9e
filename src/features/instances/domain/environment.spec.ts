import { describe, expect, it } from '@jest/globals';
import { buildEnvironment, isWithheld, ownEnvProblem } from './environment.js';
import type { LaunchFacts } from './environment.js';

const facts: LaunchFacts = {
  instanceName: 'Comfy',
  instanceDir: '/data/instances/Comfy',
  outputDir: '/data/outputs/Comfy',
  webuiPort: 21_000,
  baseBlueprint: 'ComfyUI.sh',
  slug: 'comfy',
  gpuIds: null,
  tmpDir: '/data/tmp',
  functionsFile: '/program/blueprints/functions.sh',
  modelsDir: '/data/models',
  dataDir: '/data',
  programDir: '/program',
  marker: 'marker-1',
  ownEnv: {},
  hasDesktop: false,
  wantsDesktop: false,
};

describe('the environment of a blueprint', () => {
  it('holds exactly what is promised, and what is inherited', () => {
    expect(buildEnvironment({ PATH: '/bin', HOME: '/root' }, facts)).toEqual({
      PATH: '/bin',
      HOME: '/root',
      PYTHONUNBUFFERED: '1',
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      INSTANCE_NAME: 'Comfy',
      INSTANCE_CONF_DIR: '/data/instances/Comfy',
      INSTANCE_OUTPUT_DIR: '/data/outputs/Comfy',
      WEBUI_PORT: '21000',
      BLUEPRINT_ID: 'ComfyUI',
      SUBFOLDER: '/instance/comfy/',
      GRADIO_ROOT_PATH: '/instance/comfy',
      TMPDIR: '/data/tmp',
      AIKORE_FUNCTIONS: '/program/blueprints/functions.sh',
      AIKORE_MODELS_DIR: '/data/models',
      BASE_DIR: '/data',
      SD_INSTALL_DIR: '/program',
      AIKORE_INSTANCE_MARKER: 'marker-1',
    });
  });

  it('tells Gradio no prefix where a desktop opens it, and another where the instance says so', () => {
    const shown = { ...facts, hasDesktop: true, wantsDesktop: true };
    expect(buildEnvironment({ GRADIO_ROOT_PATH: '/x' }, shown)).not.toHaveProperty('GRADIO_ROOT_PATH');
    const hidden = buildEnvironment({}, { ...shown, hasDesktop: false });
    expect(hidden['GRADIO_ROOT_PATH']).toBe('/instance/comfy');
    const own = buildEnvironment({}, { ...facts, ownEnv: { GRADIO_ROOT_PATH: '' } });
    expect(own['GRADIO_ROOT_PATH']).toBe('');
  });

  it('shows no other screen to what is to have a desktop, and the one of AiKore to all others', () => {
    const screen = { DISPLAY: ':0', XAUTHORITY: '/home/me/.Xauthority', WAYLAND_DISPLAY: 'wayland-0' };
    expect(buildEnvironment(screen, facts)).toMatchObject(screen);
    const env = buildEnvironment(screen, { ...facts, wantsDesktop: true, ownEnv: { DISPLAY: ':7' } });
    expect([env['DISPLAY'], env['XAUTHORITY'], env['WAYLAND_DISPLAY']]).toEqual([':7', undefined, undefined]);
  });

  it.each([
    [null, undefined],
    ['', ''],
    ['1,0', '1,0'],
  ])('masks GPUs: %j gives %j, whatever was inherited', (gpuIds, mask) => {
    const env = buildEnvironment({ CUDA_VISIBLE_DEVICES: '7' }, { ...facts, gpuIds });
    expect(env['CUDA_VISIBLE_DEVICES']).toBe(mask);
    expect('CUDA_VISIBLE_DEVICES' in env).toBe(mask !== undefined);
  });

  it('lets the own variables win, but for the marker', () => {
    const ownEnv = { TMPDIR: '/fast', PATH: '/own', AIKORE_INSTANCE_MARKER: 'forged' };
    const env = buildEnvironment({ PATH: '/bin' }, { ...facts, ownEnv });
    expect(env).toMatchObject({ TMPDIR: '/fast', PATH: '/own', AIKORE_INSTANCE_MARKER: 'marker-1' });
  });

  it.each([
    'AIKORE_TOKEN',
    'AIKORE_X',
    'NODE_OPTIONS',
    'NODE_ENV',
    'npm_config_x',
    'MAKEFLAGS',
    'MAKELEVEL',
    'MFLAGS',
  ])('withholds %s', (name) => {
    expect(isWithheld(name)).toBe(true);
    expect(buildEnvironment({ [name]: 'x' }, facts)[name]).toBeUndefined();
  });

  it.each(['PATH', 'NODEJS', 'NPM_TOKEN', 'MAKER', 'AIKORE', 'HF_TOKEN'])('passes %s on', (name) => {
    expect(isWithheld(name)).toBe(false);
  });
});

describe('own variables', () => {
  it.each([{}, { A: '' }, { _a1: 'x'.repeat(32_768) }, { HF_TOKEN: '"$HOME"\ttab' }, { PATH: '/x' }])(
    'may be %j',
    (env) => expect(ownEnvProblem(env)).toBeNull(),
  );

  it.each([
    { '': 'x' },
    { '1A': 'x' },
    { 'A-B': 'x' },
    { 'A=B': 'x' },
    { 'A\0': 'x' },
    { ['A'.repeat(129)]: 'x' },
    { A: 'x'.repeat(32_769) },
    { A: 'a\nb' },
    { A: 'a\rb' },
    { A: 'a\0b' },
    { A: 1 },
    { A: null },
    { A: ['x'] },
    { WEBUI_PORT: '1' },
    { CUDA_VISIBLE_DEVICES: '0' },
    { INSTANCE_NAME: 'x' },
    { AIKORE_FUNCTIONS: 'x' },
    { AIKORE_ANYTHING: 'x' },
    { LD_PRELOAD: '/x.so' },
    { BASH_ENV: '/x' },
    Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`V${index}`, ''])),
  ])('may not be %j', (env) => expect(ownEnvProblem(env)).toMatch(/\.$/));

  it('are named in the sentence without anything that could deceive', () => {
    expect(ownEnvProblem({ 'a\u202eb\n': 'x' })).toBe('"a?b?" is not a name for a variable.');
  });
});
