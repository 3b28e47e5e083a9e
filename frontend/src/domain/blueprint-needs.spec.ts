import { describe, expect, it } from '@jest/globals';
import type { Blueprint } from '../../../src/contracts/blueprint.js';
import type { Gpu } from '../../../src/contracts/system.js';
import { lacksOf, needWarnings, needWords } from './blueprint-needs.js';
import type { Machine } from './blueprint-needs.js';

const GB = 2 ** 30;

const blueprint = (more: Partial<Blueprint> = {}): Blueprint =>
  ({
    vram_bytes: null,
    disk_bytes: null,
    desktop: false,
    venv_type: null,
    repository: null,
    package: null,
    ...more,
  }) as Blueprint;

const gpu = (index: number, totalGb: number, usedGb: number | null = 0): Gpu =>
  ({
    index,
    is_selectable: true,
    memory_total_bytes: totalGb * GB,
    memory_used_bytes: usedGb === null ? null : usedGb * GB,
  }) as Gpu;

const machine = (more: Partial<Machine> = {}): Machine => ({
  gpus: [],
  diskFreeBytes: null,
  capabilities: [],
  ...more,
});

describe('what a blueprint needs', () => {
  const wants24 = blueprint({ vram_bytes: 24 * GB });

  it('is said in a few words', () => {
    expect(needWords(blueprint({ vram_bytes: 6 * GB, disk_bytes: 9.5 * GB, desktop: true }))).toEqual([
      '6 GB VRAM',
      '9.5 GB disk',
      'desktop',
    ]);
    expect(needWords(blueprint())).toEqual([]);
  });

  it.each<[string, Gpu[], string | null, RegExp | null]>([
    ['no GPU', [], null, /this machine has none/],
    ['a card that tells a little less than its label', [gpu(0, 23.99)], null, null],
    ['a smaller card', [gpu(0, 8), gpu(1, 12)], null, /the largest here has 12 GB/],
    ['a chosen card that is smaller', [gpu(0, 24), gpu(1, 12)], '1', /GPU 1 has 12 GB/],
    ['the chosen card', [gpu(0, 24), gpu(1, 12)], '0,1', null],
    ['none chosen', [gpu(0, 24)], '', /none is chosen/],
    ['a driver that does not tell', [gpu(0, 0, null)], null, null],
    ['a card that is full now', [gpu(0, 24, 20)], null, /of which 4 GB are free now/],
  ])('of GPU memory, with %s', (_name, gpus, gpuIds, words) => {
    const warnings = needWarnings(wants24, machine({ gpus }), gpuIds);
    expect(warnings).toEqual(words === null ? [] : [expect.stringMatching(words)]);
  });

  it('is not lacked where it is only taken', () => {
    expect(lacksOf(wants24, machine({ gpus: [gpu(0, 24, 20)] }), null)).toEqual([]);
  });

  it('of the disk is compared with what is free', () => {
    const large = blueprint({ disk_bytes: 40 * GB });
    expect(needWarnings(large, machine({ diskFreeBytes: 12 * GB }), null)).toEqual([
      'It takes about 40 GB of the disk, without models; 12 GB are free.',
    ]);
    expect(needWarnings(large, machine({ diskFreeBytes: 50 * GB }), null)).toEqual([]);
    expect(needWarnings(large, machine(), null)).toEqual([]);
  });

  it('of programs is said before it is missed', () => {
    const absent = (name: string) => ({ name, present: false, detail: `${name} is not here.` });
    const bare = machine({ capabilities: ['git', 'Python', 'uv', 'Openbox'].map(absent), conda: null });
    const source = 'https://example.org/x';
    expect(needWarnings(blueprint({ repository: source, venv_type: 'python' }), bare, null)).toEqual([
      'git is not here.',
      'Python is not here.',
    ]);
    expect(needWarnings(blueprint({ venv_type: 'conda' }), bare, null)).toEqual([
      expect.stringMatching(/no conda/),
    ]);
    expect(needWarnings(blueprint({ desktop: true }), bare, null)).toEqual([
      'It needs a desktop. Openbox is not here.',
    ]);
    expect(needWarnings(blueprint({ venv_type: 'conda' }), machine(), null)).toEqual([]);
  });
});
