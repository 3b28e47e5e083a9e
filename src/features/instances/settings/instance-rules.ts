import { invalidFields } from '../../../core/errors.js';
import type { InstanceUpdate } from '../../../contracts/instance.js';
import { readProbe } from '../../blueprints/blueprints.api.js';
import { ownEnvProblem } from '../domain/environment.js';
import { gpuIdsProblem } from '../domain/gpu-ids.js';
import { nameProblem } from '../domain/instance-name.js';
import { launchArgsProblem } from '../domain/launch-args.js';
import { outputPathProblem } from '../domain/output-path.js';

/** Settings whose part does not exist yet, with the only value that is true today. */
const NOT_YET: { [K in keyof InstanceUpdate]?: InstanceUpdate[K] } = {
  hostname: null,
  use_custom_hostname: false,
  public_port: null,
  python_version: null,
  cuda_version: null,
  torch_version: null,
  access_mode: 'path',
};

/** The rule of each field that has one; null values have passed the DTO and mean "none". */
const RULES: ((settings: InstanceUpdate) => [field: string, problem: string | null])[] = [
  ({ name }) => ['name', check(name, nameProblem)],
  ({ gpu_ids }) => ['gpu_ids', check(gpu_ids, gpuIdsProblem)],
  ({ launch_args }) => ['launch_args', check(launch_args, launchArgsProblem)],
  ({ env }) => ['env', check(env, ownEnvProblem)],
  ({ probe }) => ['probe', check(probe, probeProblem)],
  ({ output_path }) => ['output_path', check(output_path, outputPathProblem)],
];

/**
 * Checks the values of settings one by one; what depends on other instances or the machine is checked where it is done.
 * @throws AppError `invalid` with one sentence a field
 */
export function checkSettings(settings: InstanceUpdate): void {
  const problems: Record<string, string> = {};
  for (const [field, only] of Object.entries(NOT_YET)) {
    const value = settings[field as keyof InstanceUpdate];
    if (value !== undefined && value !== only)
      problems[field] = 'This version of AiKore cannot do that yet; leave it out.';
  }
  for (const rule of RULES) {
    const [field, problem] = rule(settings);
    if (problem !== null) problems[field] = problem;
  }
  if (Object.keys(problems).length > 0) throw invalidFields(problems);
}

function probeProblem(probe: string): string | null {
  return readProbe(probe).ok ? null : 'A probe is "http", "http /path", "tcp" or "process".';
}

function check<T>(value: T | null | undefined, rule: (value: T) => string | null): string | null {
  return value === undefined || value === null ? null : rule(value);
}
