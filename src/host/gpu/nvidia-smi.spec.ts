import { describe, expect, it } from '@jest/globals';
import { cardArguments, isUnknownField, parseCards, parseProcesses } from './nvidia-smi.js';

const MIB = 1024 * 1024;

describe('the cards that nvidia-smi lists', () => {
  it('are read with null for what a card cannot tell', () => {
    const text = [
      '0, GPU-8f6a0c1e-2d, 81559, 1024, 37, 41, 118.27, Disabled, NVIDIA H100 80GB HBM3',
      '1, GPU-11b2, 12288, 0, [N/A], 38, [Not Supported], [N/A], NVIDIA GeForce RTX 3060',
      '',
    ].join('\n');
    expect(parseCards(text, true)).toEqual([
      {
        index: 0,
        vendor: 'nvidia',
        uuid: 'GPU-8f6a0c1e-2d',
        name: 'NVIDIA H100 80GB HBM3',
        is_selectable: true,
        is_mig: false,
        problem: null,
        memory_total_bytes: 81559 * MIB,
        memory_used_bytes: 1024 * MIB,
        utilization_percent: 37,
        temperature_celsius: 41,
        power_watts: 118.27,
      },
      expect.objectContaining({
        index: 1,
        memory_used_bytes: 0,
        utilization_percent: null,
        temperature_celsius: 38,
        power_watts: null,
        is_mig: false,
      }),
    ]);
  });

  it('may be divided: what only the parts know is null', () => {
    const [whole] = parseCards('0, GPU-4, 81920, 39, [N/A], 29, 42.11, Enabled, NVIDIA A100 80GB PCIe', true);
    expect(whole).toMatchObject({ is_mig: true, utilization_percent: null, memory_used_bytes: 39 * MIB });
    // In a container that was given one part of it.
    const inside =
      '0, GPU-4, [Insufficient Permissions], [Insufficient Permissions], [N/A], 47, 60.0, Enabled, NVIDIA A100';
    expect(parseCards(inside, true)[0]).toMatchObject({ memory_total_bytes: 0, memory_used_bytes: null });
  });

  it('keep a name with commas whole', () => {
    expect(parseCards('0, GPU-1, 10, 1, 2, 3, 4, Disabled, Quadro, Special Edition', true)[0]?.name).toBe(
      'Quadro, Special Edition',
    );
    expect(parseCards('0, GPU-1, 10, 1, 2, 3, 4, Tesla, M40', false)[0]?.name).toBe('Tesla, M40');
  });

  it.each([
    'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.\n',
    'No devices were found\n',
    'Unable to determine the device handle for GPU0000:65:00.0: GPU is lost.  Reboot the system to recover this GPU\n',
    '0, GPU-1, 10, 1',
    'x, GPU-1, 10, 1, 2, 3, 4, Disabled, a',
    '0, <script>, 10, 1, 2, 3, 4, Disabled, a',
    '\0\0\0,,,,,,,,,,',
  ])('are none in %j', (text) => expect(parseCards(text, true)).toEqual([]));

  it.each([['18446744073709551615'], ['-1'], ['1e3'], ['NaN'], ['Infinity'], ['[GPU requires reset]']])(
    'have no figure where it says %s',
    (field) => {
      expect(
        parseCards(`0, GPU-1, 10, ${field}, 2, 3, 4, Disabled, a`, true)[0]?.memory_used_bytes,
      ).toBeNull();
    },
  );

  it('are asked for without MIG where the driver knows none', () => {
    expect(cardArguments(true)[0]).toContain('mig.mode.current,name');
    expect(cardArguments(false)[0]).not.toContain('mig');
    expect(isUnknownField('Field "mig.mode.current" is not a valid field to query.')).toBe(true);
  });
});

describe('the processes that nvidia-smi lists', () => {
  it('are read, one line a card', () => {
    const text = '4242, GPU-1, 5123\n4242, GPU-2, 100\n77, MIG-9, [N/A]\n[Not Found], GPU-1, 1\n, ,\n';
    expect(parseProcesses(text)).toEqual([
      { pid: 4242, memoryBytes: 5123 * MIB },
      { pid: 4242, memoryBytes: 100 * MIB },
      { pid: 77, memoryBytes: null },
    ]);
    expect(parseProcesses('No running processes found\n')).toEqual([]);
  });
});
