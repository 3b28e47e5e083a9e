import type { InstallPins } from '../../../contracts/environment.js';

/** The settings that say what an environment is made of. */
export const PIN_COLUMNS = [
  'python_version',
  'cuda_version',
  'torch_version',
  'git_ref',
  'extra_requirements',
] as const satisfies readonly (keyof InstallPins)[];

/** What blueprints get a pin as. */
const VARIABLES = {
  python_version: 'PYTHON_VERSION',
  cuda_version: 'CUDA_VERSION',
  torch_version: 'TORCH_VERSION',
  git_ref: 'GIT_REF',
  extra_requirements: 'AIKORE_EXTRA_REQUIREMENTS',
} as const satisfies Record<keyof InstallPins, string>;

/** Variables that only pins set: those that AiKore itself was started with, as in many images, are no wish of anybody. */
export const PIN_VARIABLES: ReadonlySet<string> = new Set(Object.values(VARIABLES));

const PYTHON_VERSION = /^3\.(?:0|[1-9]\d?)(?:\.(?:0|[1-9]\d?))?$/;
const CUDA_VERSION = /^[1-9]\d?\.(?:0|[1-9]\d?)$/;
const TORCH_VERSION = /^[1-9]\d?\.(?:0|[1-9]\d?)(?:\.(?:0|[1-9]\d?))?$/;

export function pythonVersionProblem(version: string): string | null {
  return PYTHON_VERSION.test(version) ? null : 'A version of Python is such as "3.12" or "3.12.4".';
}

export function cudaVersionProblem(version: string): string | null {
  return CUDA_VERSION.test(version) ? null : 'A version of CUDA is such as "12.8".';
}

export function torchVersionProblem(version: string): string | null {
  return TORCH_VERSION.test(version) ? null : 'A version of torch is such as "2.7.1".';
}

/** The pins among the settings of an instance. */
export function pinsOf(settings: InstallPins): InstallPins {
  const { python_version, cuda_version, torch_version, git_ref, extra_requirements } = settings;
  return { python_version, cuda_version, torch_version, git_ref, extra_requirements };
}

/** What a script gets of its pins: a variable for each that is set. */
export function pinVariables(pins: InstallPins): Record<string, string> {
  const entries = PIN_COLUMNS.map((column) => [VARIABLES[column], pins[column] ?? ''] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== '' && !value.includes('\0')));
}
