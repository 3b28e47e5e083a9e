import { describe, expect, it } from '@jest/globals';
import type { FieldValues } from './field-values.js';
import { sparseValues } from './sparse-values.js';

const plain: FieldValues = {
  name: 'Demo',
  gpu_ids: null,
  autostart: false,
  output_path: null,
  env: {},
  launch_args: '',
  restart_policy: 'no',
  probe: null,
  access_mode: 'path',
  hostname: null,
  use_custom_hostname: false,
  persistent_mode: false,
  git_ref: null,
  python_version: null,
  cuda_version: null,
  torch_version: null,
  extra_requirements: '',
};

describe('sparseValues', () => {
  it('always says where the instance is reached and whether it has a desktop, of which a blueprint may think otherwise', () => {
    expect(sparseValues(plain)).toEqual({ name: 'Demo', access_mode: 'path', persistent_mode: false });
  });

  it('says what is not as AiKore would choose it', () => {
    const unusual = { gpu_ids: '', env: { A: '1' }, hostname: 'demo.lan', persistent_mode: true };
    expect(sparseValues({ ...plain, ...unusual })).toEqual({ name: 'Demo', access_mode: 'path', ...unusual });
  });
});
