import { describe, expect, it } from '@jest/globals';
import type { Instance } from '../../../../src/contracts/instance.js';
import { changedValues } from './changed-values.js';

const instance = {
  name: 'Demo',
  gpu_ids: null,
  autostart: false,
  port: 18001,
  output_path: null,
  env: { A: '1', B: '2' },
  launch_args: '',
} as unknown as Instance;

const same = {
  name: 'Demo',
  gpu_ids: null,
  autostart: false,
  port: 18001,
  output_path: null,
  env: { B: '2', A: '1' },
  launch_args: '',
};

describe('changedValues', () => {
  it('finds nothing in what is the same, whatever the order of variables', () => {
    expect(changedValues(instance, same)).toEqual({});
  });

  it('tells none from all GPUs, and sends whole environments', () => {
    expect(changedValues(instance, { ...same, gpu_ids: '', env: { A: '1' } })).toEqual({
      gpu_ids: '',
      env: { A: '1' },
    });
  });
});
