import { isSameSetting } from '../../domain/settings.js';
import type { FieldValues } from './field-values.js';

/**
 * What AiKore stores where a body says nothing. Where the instance is reached and its desktop are not among it: a blueprint may
 * ask for something else, and what counts is what the form shows.
 */
const USUAL: Readonly<Partial<FieldValues>> = {
  gpu_ids: null,
  autostart: false,
  output_path: null,
  env: {},
  launch_args: '',
  restart_policy: 'no',
  probe: null,
  hostname: null,
  use_custom_hostname: false,
  git_ref: null,
  python_version: null,
  cuda_version: null,
  torch_version: null,
  extra_requirements: '',
};

/** Leaves out what is as AiKore would choose it: fewer values to be refused by a part that is not there. */
export function sparseValues(values: FieldValues): FieldValues {
  const keys = Object.keys(values) as (keyof FieldValues)[];
  const unusual = keys.filter((key) => !(key in USUAL && isSameSetting(values[key], USUAL[key])));
  return { ...Object.fromEntries(unusual.map((key) => [key, values[key]])), name: values.name };
}
