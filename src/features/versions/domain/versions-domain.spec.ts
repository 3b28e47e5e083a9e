import { describe, expect, it } from '@jest/globals';
import { adviceOn } from './advice.js';
import type { Findings } from './advice.js';
import { readConflicts } from './conflicts.js';
import { isTooNewFor, readDriver } from './driver.js';
import { asText, factsOf, packagesOf } from './facts.js';
import { plainText } from './plain-text.js';
import { readPackages, readReport, readTorch } from './reports.js';
import type { TorchReport } from './reports.js';

describe('what pip and uv say of conflicts', () => {
  it('is read', () => {
    const output = [
      'torchvision 0.20.1 requires torch, which is not installed.',
      'numba 0.60.0 has requirement numpy<2.1,>=1.22, but you have numpy 2.2.0.',
      'a-b 1.0 has requirement c_d[x]==2.0; python_version < "4", but you have c_d 1.0.post1.',
      'The package `diffusers` requires `huggingface-hub>=0.27`, but `0.23.0` is installed',
      "The package `torchvision` requires `torch==2.5.1`, but it's not installed",
      'Checked 12 packages in 1ms',
      'Found 2 incompatibilities',
      'No broken requirements found.',
    ].join('\n');
    expect(readConflicts(output)).toMatchObject([
      {
        package: 'torchvision',
        version: '0.20.1',
        dependency: 'torch',
        requirement: 'torch',
        installed: null,
      },
      {
        package: 'numba',
        version: '0.60.0',
        dependency: 'numpy',
        requirement: 'numpy<2.1,>=1.22',
        installed: '2.2.0',
      },
      { package: 'a-b', dependency: 'c_d', installed: '1.0.post1' },
      { package: 'diffusers', version: null, dependency: 'huggingface-hub', installed: '0.23.0' },
      { package: 'torchvision', requirement: 'torch==2.5.1', dependency: 'torch', installed: null },
    ]);
  });

  it('is bounded', () => {
    const line = 'a 1 requires b, which is not installed.\n';
    expect(readConflicts(line.repeat(5000))).toHaveLength(200);
    expect(readConflicts(`${'a '.repeat(100_000)}has requirement`)).toEqual([]);
  });
});

describe('what an environment tells of itself', () => {
  it('is the line with the word, whatever else is printed', () => {
    const stdout = 'hello\nWORD {"python": "3.11"}\nWORD {"python": "4"}\n{"python": "2"}\n';
    expect(readReport(stdout, 'WORD')).toEqual({ python: '3.11' });
    expect(readReport(stdout, 'OTHER')).toBeNull();
    expect(readReport('WORD {', 'WORD')).toBeNull();
    expect(readReport('WORD 7', 'WORD')).toBeNull();
  });

  it('is believed as far as it has the right shape', () => {
    expect(
      readPackages({ python: 7, packages: { torch: '2.5\u001b[31m\u202e', numpy: null }, installed: 'x' }),
    ).toEqual({
      python: '',
      implementation: '',
      packages: new Map([['torch', '2.5']]),
      installedCount: null,
      hasPip: false,
    });
    expect(readTorch({ gpus: [7, { name: 'a' }], architectures: 'x', error: 'x'.repeat(9999) })).toEqual({
      error: 'x'.repeat(500),
      cuda: null,
      hip: null,
      isAvailable: false,
      gpus: [{ name: 'a', architecture: '' }],
      architectures: [],
    });
  });

  it('is freed of what terminals act on', () => {
    expect(plainText('\u001b]0;title\u0007a\u001b[1mb\r\nc\u0000\u202ed\te\u009b', 100)).toBe('ab\ncd\te');
  });
});

describe('the driver', () => {
  it.each([
    ['| NVIDIA-SMI 550.54.15   Driver Version: 550.54.15   CUDA Version: 12.4     |', '550.54.15', '12.4'],
    ['| NVIDIA-SMI 590.1  KMD Version: 590.1   CUDA UMD Version: 13.1 |', null, '13.1'],
    ['Failed to initialize NVML', null, null],
  ])('is read from %j', (head, version, cuda) => {
    expect(readDriver(head)).toEqual({ version, cuda });
  });

  it('runs what was built for its major version of CUDA', () => {
    expect(isTooNewFor('13.0', '12.8')).toBe(true);
    expect(isTooNewFor('12.8', '12.4')).toBe(false);
    expect(isTooNewFor('11.8', '12.4')).toBe(false);
  });
});

const TORCH: TorchReport = {
  error: null,
  cuda: '12.8',
  hip: null,
  isAvailable: true,
  gpus: [{ name: 'RTX 4090', architecture: 'sm_89' }],
  architectures: ['sm_80', 'sm_86', 'sm_90', 'compute_90'],
};

const advice = (torch: Partial<TorchReport> | null, more: Partial<Findings> = {}): string =>
  adviceOn({
    environment: { kind: 'python', path: './env', state: 'ready', message: 'x', installed_count: 1 },
    packages: null,
    torch: torch === null ? null : { ...TORCH, ...torch },
    conflicts: [],
    driver: { version: '570', cuda: '12.8' },
    nvidiaGpuCount: 1,
    gpuIds: null,
    ...more,
  }).join(' ');

describe('advice', () => {
  it('is not given where all is well', () => {
    expect(advice({})).toBe('');
    expect(advice(null)).toBe('');
    expect(advice({ gpus: [{ name: 'new', architecture: 'sm_120' }] })).toBe('');
  });

  it.each([
    [{ error: 'ImportError: libcudart.so' }, {}, /cannot be loaded: ImportError/],
    [{ isAvailable: false }, { nvidiaGpuCount: 0 }, /AiKore sees no NVIDIA GPU/],
    [{ isAvailable: false }, { gpuIds: '' }, /no GPU is chosen/],
    [{ isAvailable: false, cuda: null }, {}, /built for the CPU only/],
    [{ isAvailable: false, cuda: '13.0' }, {}, /CUDA 13\.0, and the driver serves up to 12\.8/],
    [{ isAvailable: false }, {}, /sees no GPU, although/],
    [{ architectures: ['sm_50', 'sm_90'] }, {}, /holds no code for RTX 4090 \(sm_89\)/],
  ] as [Partial<TorchReport>, Partial<Findings>, RegExp][])(
    'is given for torch like %j on a machine like %j',
    (torch, more, sentence) => {
      expect(advice(torch, more)).toMatch(sentence);
    },
  );

  it('is given for conflicts, and first for an environment that is not there', () => {
    const [conflict] = readConflicts('a 1 requires b, which is not installed.');
    if (conflict === undefined) throw new Error('not read');
    expect(advice(null, { conflicts: [conflict] })).toMatch(
      /^One package does not fit .* build the environment anew/,
    );
    const environment = {
      kind: 'machine',
      path: null,
      state: 'missing',
      message: 'No python3.',
      installed_count: null,
    } as const;
    expect(advice(null, { environment, conflicts: [conflict, conflict] })).toMatch(
      /^No python3\. 2 packages/,
    );
  });
});

describe('the text', () => {
  const machine = {
    os: 'Debian 12',
    kernel: '6.1',
    cpuModel: 'A CPU',
    cpuCount: 8,
    memoryTotalBytes: 64 * 2 ** 30,
    gpus: [{ index: 0, vendor: 'nvidia', name: 'RTX 4090', memoryTotalBytes: 24 * 2 ** 30 }],
  } as const;

  it('has a line for each fact and package', () => {
    const report = readPackages({
      python: '3.12.1',
      implementation: 'CPython',
      packages: { numpy: '2.0', torch: '2.9.1', unknown: '1' },
    });
    const facts = factsOf(machine, { version: '570.1', cuda: '12.8' }, report, TORCH);
    expect(asText(facts, packagesOf(report), './env').split('\n')).toEqual([
      'OS: Debian 12 (kernel 6.1)',
      'CPU: A CPU, 8 cores',
      'RAM: 64.0 GiB',
      'GPU 0: RTX 4090, 24.0 GiB',
      'NVIDIA driver: 570.1',
      'CUDA of the driver: 12.8',
      'Python: 3.12.1 (CPython)',
      'CUDA of torch: 12.8',
      'GPUs that torch sees: RTX 4090',
      'Environment: ./env',
      '',
      'torch: 2.9.1',
      'numpy: 2.0',
    ]);
  });

  it('says so where there is nothing', () => {
    const facts = factsOf({ ...machine, gpus: [] }, null, null, null);
    expect(asText(facts, packagesOf(null), './env').split('\n').slice(3)).toEqual([
      'GPU: none that AiKore sees',
      'Environment: ./env',
    ]);
  });
});
