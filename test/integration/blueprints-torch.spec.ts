import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FUNCTIONS } from '../support/setup-lab.js';

let dir: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'aikore torch-')));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const at = (...names: string[]): string => join(dir, ...names);

function put(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
  chmodSync(at(path), mode);
}

function bash(script: string, env: Record<string, string> = {}) {
  const run = spawnSync(
    'bash',
    ['--norc', '-euo', 'pipefail', '-c', `source "$AIKORE_FUNCTIONS"\n${script}`],
    {
      cwd: dir,
      env: {
        PATH: `${at('bin')}:/usr/bin:/bin`,
        HOME: dir,
        AIKORE_FUNCTIONS: FUNCTIONS,
        _AIKORE_KFD: at('kfd'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    },
  );
  return { code: run.status, out: run.stdout.toString(), err: run.stderr.toString() };
}

/** What a driver prints: the head of its table, its cards, and their compute capabilities. */
function driver(version: string, cuda: string, ...capabilities: string[]): void {
  const cards = capabilities.map((_, n) => `GPU ${n}: NVIDIA GeForce (UUID: GPU-0000-${n})`).join('\n');
  put(
    'bin/nvidia-smi',
    `#!/bin/sh
case "$*" in
  *-L*) cat <<'END'
${cards}
END
;;
  *compute_cap*) printf '%s\\n' ${capabilities.join(' ')} ;;
  *) cat <<'END'
Sat Nov 21 22:00:00 2026
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI ${version}              Driver Version: ${version}      CUDA Version: ${cuda}     |
|-----------------------------------------+------------------------+----------------------+
END
;;
esac
`,
    0o755,
  );
}

describe('aikore_accelerator', () => {
  const accelerator = (env: Record<string, string> = {}): string =>
    bash('aikore_accelerator', env).out.trim();

  it('is what the machine has, or what the user says', () => {
    expect(accelerator()).toBe('cpu');
    put('kfd', '');
    expect(accelerator()).toBe('rocm');
    driver('570.86.15', '12.8', '8.9');
    expect(accelerator()).toBe('cuda');
    expect(accelerator({ ACCELERATOR: 'cpu' })).toBe('cpu');
    expect(bash('aikore_accelerator', { ACCELERATOR: 'tpu' }).code).toBe(1);
  });

  it('is not a card whose driver is in trouble', () => {
    put(
      'bin/nvidia-smi',
      '#!/bin/sh\necho "Failed to initialize NVML: Driver/library version mismatch"\nexit 18\n',
      0o755,
    );
    expect(accelerator()).toBe('cpu');
    put('bin/nvidia-smi', '#!/bin/sh\necho "No devices were found"\nexit 6\n', 0o755);
    expect(accelerator()).toBe('cpu');
  });
});

describe('the index that torch comes from', () => {
  const WHL = 'https://download.pytorch.org/whl/';
  const index = (accelerator: string, version = '', env: Record<string, string> = {}) =>
    bash(`_aikore_torch_index ${accelerator} "${version}"`, env);

  it.each([
    // The driver's version and CUDA, the cards, the torch that is wanted, the folder of the index.
    ['570.86.15', '12.8', ['8.9'], '', 'cu128'],
    ['580.65.06', '13.0', ['12.0'], '', 'cu128'],
    ['590.48.01', '13.1', ['12.0'], '2.9.1', 'cu128'],
    ['550.54.14', '12.4', ['8.6'], '2.5.1', 'cu124'],
    ['535.183.01', '12.2', ['8.6'], '2.5.1', 'cu121'],
    ['535.183.01', '12.2', ['8.6'], '2.1.0', 'cu121'],
    ['560.35.03', '12.6', ['8.6'], '2.7.1', 'cu126'],
    ['520.61.05', '11.8', ['8.6'], '2.7.1', 'cu118'],
    ['570.86.15', '12.8', ['6.1'], '', 'cu126'],
    ['580.65.06', '13.0', ['8.9', '5.2'], '2.8.0', 'cu126'],
    ['570.86.15', '12.8', ['12.0'], '2.7.1', 'cu128'],
    ['535.183.01', '12.2', ['8.6'], '2.9.1', 'cu126'],
  ])('driver %s (CUDA %s), cards %j, torch %j: %s', (version, cuda, cards, torch, folder) => {
    driver(version, cuda, ...cards);
    expect(index('cuda', torch).out).toBe(`${WHL}${folder}`);
  });

  it('says what does not fit, and warns where it is the last resort', () => {
    driver('470.256.02', '11.4', '8.6');
    const { code, err } = index('cuda', '2.9.1');
    expect(code).toBe(1);
    expect(err).toMatch(/No build of torch 2\.9\.1 fits this driver, which runs CUDA 11\.4 at most/);
    driver('525.60.13', '12.0', '8.6');
    expect(index('cuda', '2.9.1').err).toContain('the oldest build that there is was made with 12.6');
  });

  it.each([
    ['cpu', '2.7.1', {}, `${WHL}cpu`],
    ['rocm', '2.7.1', {}, `${WHL}rocm6.3`],
    ['rocm', '', {}, `${WHL}rocm6.4`],
    ['cuda', '2.9.1', { CUDA_VERSION: '13.0' }, `${WHL}cu130`],
    ['cuda', '', { CUDA_VERSION: '12.8.1' }, `${WHL}cu128`],
    ['cuda', '', { PYTORCH_INDEX_URL: 'https://mirror.lan/whl/x' }, 'https://mirror.lan/whl/x'],
  ])('%s, torch %j, %j: %s', (accelerator, torch, env: Record<string, string>, expected) => {
    expect(index(accelerator, torch, env).out).toBe(expected);
  });
});

describe('aikore_torch', () => {
  const TORCH = `_AIKORE_ENV="$PWD"; _aikore_has_uv() { false; }; _aikore_plain_pip() { printf '%s\\n' "$*"; }; _aikore_torch_builds() { :; }; `;

  it.each([
    ['aikore_torch', {}, 'torch torchvision torchaudio'],
    ['aikore_torch torch==2.1.0 torchvision==0.16.0', {}, 'torch==2.1.0 torchvision==0.16.0'],
    ['aikore_torch torch==2.1.0 torchvision==0.16.0', { TORCH_VERSION: '2.7.1' }, 'torch==2.7.1 torchvision'],
  ])('%s with %j installs %s', (call, env: Record<string, string>, packages) => {
    const { out } = bash(`${TORCH}${call}`, {
      ACCELERATOR: 'cpu',
      PYTORCH_INDEX_URL: 'https://u:secret@m/x',
      ...env,
    });
    expect(out).toContain(`install --index-url https://u:secret@m/x ${packages}\n`);
    expect(out).toContain('From https://***@m/x\n');
  });
});

describe('the filter of requirements', () => {
  function filter(accelerator: string, ...files: string[]) {
    mkdirSync(at('out'), { recursive: true });
    const words = files.map((file) => `'${at(file)}'`).join(' ');
    const filterFile = join(dirname(FUNCTIONS), 'lib/filter-requirements.py');
    const run = bash(`python3 -I '${filterFile}' ${accelerator} '${at('out')}' ${words}`);
    const read = (name: string): string[] => readFileSync(at('out', name), 'utf8').split('\n').slice(0, -1);
    return { ...run, requirements: read('requirements.txt'), constraints: read('constraints.txt') };
  }

  it('leaves out what belongs to the accelerator, in whichever way it is written', () => {
    put(
      'app/requirements.txt',
      `\ufeff# a comment
torch==2.1.0
TorchVision>=0.16 ; python_version < "3.12"
torchvision
torchaudio ~= 2.0
torchsde
torchmetrics>=1.0  # kept
xformers==0.0.22; sys_platform != "darwin"
bitsandbytes[extra]>=0.41
flash-attn @ https://example.org/flash_attn-2.7.4-cp311-cp311-linux_x86_64.whl
https://example.org/files/xformers-0.0.22-cp310-cp310-manylinux.whl
git+https://github.com/x/bitsandbytes.git
git+https://github.com/openai/CLIP.git@abc#egg=clip
sage_attention
sageattention
triton; platform_system == "Linux"
nvidia-cublas-cu12
nvidia-ml-py>=12
--extra-index-url https://download.pytorch.org/whl/cu118
--extra-index-url https://example.org/index
-f https://download.pytorch.org/whl/torch_stable.html
numpy \\
  <2
onnxruntime-gpu[cuda]==1.18
-r more/extra.txt
-c pins.txt
-e .
./packages/thing
transformers
`,
    );
    put('app/more/extra.txt', 'torch\nscipy\n-r ../requirements.txt\n');
    put('app/pins.txt', 'torch==1.0\nscipy==1.11\n');
    const { code, out, requirements, constraints } = filter('cuda', 'app/requirements.txt');
    expect(code).toBe(0);
    const local = (path: string): string => `file://${at('app', path).replaceAll(' ', '%20')}`;
    expect(requirements).toEqual([
      'torchsde',
      'torchmetrics>=1.0',
      'git+https://github.com/openai/CLIP.git@abc#egg=clip',
      'sage_attention',
      'nvidia-ml-py>=12',
      '--extra-index-url https://example.org/index',
      'numpy    <2',
      'onnxruntime-gpu[cuda]==1.18',
      'scipy',
      `-e ${local('').replace(/\/$/, '')}`,
      local('packages/thing'),
      'transformers',
    ]);
    expect(constraints).toEqual(['scipy==1.11']);
    expect(out).toContain('torch, torchvision, torchaudio, xformers, bitsandbytes, flash-attn');
  });

  it.each([
    ['cpu', ['onnxruntime>=1.16; python_version > "3"']],
    ['rocm', ['onnxruntime>=1.16; python_version > "3"']],
    ['cuda', ['onnxruntime-gpu>=1.16; python_version > "3"']],
  ])('takes the onnxruntime that runs on %s', (accelerator, expected) => {
    put('r.txt', 'onnxruntime-gpu>=1.16; python_version > "3"\n');
    expect(filter(accelerator, 'r.txt').requirements).toEqual(expected);
  });

  it('says which file is not there', () => {
    put('r.txt', '-r gone.txt\n');
    put('out/requirements.txt', '');
    put('out/constraints.txt', '');
    expect(filter('cpu', 'r.txt')).toMatchObject({ code: 1, err: expect.stringContaining('gone.txt') });
  });
});
