import { invalidFields } from '../../../core/errors.js';
import { readCustomHostname } from '../../../core/http/domain/custom-hostname.js';
import type { InstanceUpdate } from '../../../contracts/instance.js';
import { readProbe } from '../../blueprints/blueprints.api.js';
import { ownEnvProblem } from '../domain/environment.js';
import { extraRequirementsProblem } from '../domain/extra-requirements.js';
import { gitRefProblem } from '../domain/git-ref.js';
import { gpuIdsProblem } from '../domain/gpu-ids.js';
import { nameProblem } from '../domain/instance-name.js';
import { launchArgsProblem } from '../domain/launch-args.js';
import { outputPathProblem } from '../domain/output-path.js';
import { cudaVersionProblem, pythonVersionProblem, torchVersionProblem } from '../domain/pins.js';

/** The rule of each field that has one; null values have passed the DTO and mean "none". */
const RULES: ((settings: InstanceUpdate) => [field: string, problem: string | null])[] = [
  ({ name }) => ['name', check(name, nameProblem)],
  ({ gpu_ids }) => ['gpu_ids', check(gpu_ids, gpuIdsProblem)],
  ({ launch_args }) => ['launch_args', check(launch_args, launchArgsProblem)],
  ({ env }) => ['env', check(env, ownEnvProblem)],
  ({ probe }) => ['probe', check(probe, probeProblem)],
  ({ hostname }) => ['hostname', check(hostname, hostnameProblem)],
  ({ output_path }) => ['output_path', check(output_path, outputPathProblem)],
  ({ python_version }) => ['python_version', check(python_version, pythonVersionProblem)],
  ({ cuda_version }) => ['cuda_version', check(cuda_version, cudaVersionProblem)],
  ({ torch_version }) => ['torch_version', check(torch_version, torchVersionProblem)],
  ({ git_ref }) => ['git_ref', check(git_ref, gitRefProblem)],
  ({ extra_requirements }) => ['extra_requirements', check(extra_requirements, extraRequirementsProblem)],
];

/**
 * Checks the values of settings one by one; what depends on other instances or the machine is checked where it is done.
 * @throws AppError `invalid` with one sentence a field
 */
export function checkSettings(settings: InstanceUpdate): void {
  const problems: Record<string, string> = {};
  for (const rule of RULES) {
    const [field, problem] = rule(settings);
    if (problem !== null) problems[field] = problem;
  }
  if (Object.keys(problems).length > 0) throw invalidFields(problems);
}

function probeProblem(probe: string): string | null {
  return readProbe(probe).ok ? null : 'A probe is "http", "http /path", "tcp" or "process".';
}

function hostnameProblem(text: string): string | null {
  const reading = readCustomHostname(text);
  return reading.ok ? null : reading.problem;
}

function check<T>(value: T | null | undefined, rule: (value: T) => string | null): string | null {
  return value === undefined || value === null ? null : rule(value);
}
