import type { Instance, InstanceUpdate, RestartPolicy } from '../../../src/contracts/instance.js';
import { formatEnvLines } from './env-lines.js';
import { gpuLabel } from './gpu.js';

/** The columns that this dashboard lets one set. */
export const SETTING_KEYS = [
  'name',
  'gpu_ids',
  'autostart',
  'port',
  'restart_policy',
  'launch_args',
  'env',
  'output_path',
  'probe',
  'access_mode',
  'public_port',
  'hostname',
  'use_custom_hostname',
  'persistent_mode',
  'git_ref',
  'python_version',
  'cuda_version',
  'torch_version',
  'extra_requirements',
] as const;

export type SettingKey = (typeof SETTING_KEYS)[number];
export type SettingValue = Exclude<InstanceUpdate[SettingKey], undefined>;

/** Settings that a running instance takes over at its next start only, as `InstancesService` has it. */
const COUNTS_AT_START: ReadonlySet<SettingKey> = new Set([
  'gpu_ids',
  'port',
  'output_path',
  'env',
  'launch_args',
  'probe',
  'persistent_mode',
  'git_ref',
  'python_version',
  'cuda_version',
  'torch_version',
  'extra_requirements',
]);

export const SETTING_LABELS: Readonly<Record<SettingKey, string>> = {
  name: 'Name',
  gpu_ids: 'GPUs',
  autostart: 'Autostart',
  port: 'Port',
  restart_policy: 'When it ends by itself',
  launch_args: 'Launch arguments',
  env: 'Environment variables',
  output_path: 'Output folder',
  probe: 'Probe',
  access_mode: 'Reached',
  public_port: 'Published port',
  hostname: 'Custom hostname',
  use_custom_hostname: 'Answer at the hostname',
  persistent_mode: 'Desktop',
  git_ref: 'Source',
  python_version: 'Python',
  cuda_version: 'CUDA',
  torch_version: 'PyTorch',
  extra_requirements: 'Further packages',
};

const POLICIES: Readonly<Record<RestartPolicy, string>> = {
  no: 'leave it ended',
  'on-failure': 'start again when it failed',
  always: 'start again however it ended',
};

export function needsRestart(key: SettingKey): boolean {
  return COUNTS_AT_START.has(key);
}

/** Whether two values of a setting mean the same; the order of variables means nothing. */
export function isSameSetting(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a ?? null)) === JSON.stringify(sorted(b ?? null));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A value in words for a person. */
export function describeSetting(key: SettingKey, value: SettingValue): string {
  switch (key) {
    case 'gpu_ids':
      return describeGpus(value as string | null);
    case 'autostart':
    case 'use_custom_hostname':
    case 'persistent_mode':
      return value === true ? 'on' : 'off';
    case 'restart_policy':
      return POLICIES[value as RestartPolicy];
    case 'env':
      return formatEnvLines(withoutSecrets((value ?? {}) as Instance['env'])) || 'none';
    case 'output_path':
      return typeof value === 'string' ? value : 'a folder of its own';
    case 'probe':
    case 'git_ref':
    case 'python_version':
    case 'cuda_version':
    case 'torch_version':
      return typeof value === 'string' ? value : 'as its blueprint says';
    case 'access_mode':
      return value === 'port' ? 'at a port of its own' : 'below a path';
    case 'public_port':
      return typeof value === 'number' ? String(value) : 'a free one';
    case 'port':
      return typeof value === 'number' ? String(value) : 'another free one';
    default:
      return (value as string | null) || 'none';
  }
}

const SECRET_NAME = /TOKEN|SECRET|PASS|CREDENTIAL|API_?KEY/i;

/** What looks like a secret is not shown to who merely looks on. Only its end tells two of them apart. */
function withoutSecrets(env: Instance['env']): Instance['env'] {
  const hide = (value: string): string =>
    value === '' ? '' : `•••${value.length > 11 ? value.slice(-3) : ''}`;
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, SECRET_NAME.test(name) ? hide(value) : value]),
  );
}

function describeGpus(gpuIds: string | null): string {
  const label = gpuLabel(gpuIds);
  if (label === 'all') return 'all';
  return label === 'CPU' ? 'none (CPU)' : label;
}
