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
  pins: {
    python_version: null,
    cuda_version: null,
    torch_version: null,
    git_ref: null,
    extra_requirements: '',
  },
  isSatellite: false,
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

  it('tells a pin that is set, over all others, and hides what AiKore itself was started with', () => {
    const inherited = {
      PYTHON_VERSION: '3.9',
      CUDA_VERSION: '12.1',
      GIT_REF: 'main',
      TORCHVISION_VERSION: '1',
    };
    const bare = buildEnvironment(inherited, facts);
    expect(bare).not.toHaveProperty('PYTHON_VERSION');
    expect(bare).not.toHaveProperty('CUDA_VERSION');
    expect(bare).not.toHaveProperty('GIT_REF');
    expect(bare).not.toHaveProperty('AIKORE_EXTRA_REQUIREMENTS');
    expect(bare['TORCHVISION_VERSION']).toBe('1');
    const pins = {
      python_version: '3.12',
      cuda_version: '12.8',
      torch_version: '2.7.1',
      git_ref: 'v1',
      extra_requirements: 'a\nb',
    };
    expect(buildEnvironment(inherited, { ...facts, pins, ownEnv: { GIT_REF: 'mine' } })).toMatchObject({
      PYTHON_VERSION: '3.12',
      CUDA_VERSION: '12.8',
      TORCH_VERSION: '2.7.1',
      GIT_REF: 'v1',
      AIKORE_EXTRA_REQUIREMENTS: 'a\nb',
    });
  });

  it('tells a satellite that it is one, and nobody else', () => {
    expect(buildEnvironment({}, { ...facts, isSatellite: true })['AIKORE_SATELLITE']).toBe('1');
    expect(buildEnvironment({ AIKORE_SATELLITE: '1' }, facts)).not.toHaveProperty('AIKORE_SATELLITE');
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
