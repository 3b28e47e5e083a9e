import { describe, expect, it } from '@jest/globals';
import { parseNvidiaSmi } from './nvidia-smi.js';

describe('parseNvidiaSmi', () => {
  it('reads cards, and null for what a card cannot tell', () => {
    const text = [
      '0, GPU-8f6a, NVIDIA H100 80GB HBM3, 81559, 1024, 37, 41, 118.27',
      '1, GPU-11b2, NVIDIA GeForce RTX 3060, 12288, 0, [N/A], 38, [Not Supported]',
      '',
    ].join('\n');
    expect(parseNvidiaSmi(text)).toEqual([
      {
        index: 0,
        uuid: 'GPU-8f6a',
        name: 'NVIDIA H100 80GB HBM3',
        memory_total_bytes: 81559 * 1024 * 1024,
        memory_used_bytes: 1024 ** 3,
        utilization_percent: 37,
        temperature_celsius: 41,
        power_watts: 118.27,
      },
      {
        index: 1,
        uuid: 'GPU-11b2',
        name: 'NVIDIA GeForce RTX 3060',
        memory_total_bytes: 12 * 1024 ** 3,
        memory_used_bytes: 0,
        utilization_percent: null,
        temperature_celsius: 38,
        power_watts: null,
      },
    ]);
  });

  it('passes over what the driver says instead of cards', () => {
    expect(
      parseNvidiaSmi('NVIDIA-SMI has failed because it could not communicate with the driver.\n'),
    ).toEqual([]);
    expect(parseNvidiaSmi('No devices were found\n')).toEqual([]);
  });
});
