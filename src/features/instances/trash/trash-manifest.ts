import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../../host/files/atomic-write.js';
import { withInnerFolder } from '../../../host/files/inner-folder.js';
import { readSmallFile } from '../../../host/files/regular-file.js';
import { removeTree } from '../../../host/files/remove-tree.js';
import type { InstanceEntity } from '../instance.entity.js';

/** File in a trashed folder that remembers the instance's settings. */
export const MANIFEST_FILE = '.aikore-instance.json';

/** Variables and arguments at their longest, written as JSON, with room to spare. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** Far more starts than anybody makes, far fewer than numbers can count. */
const MAX_RUN = 1_000_000_000;

/** What goes along: the addresses, versions that can only have come from the original AiKore so far, where the script is from. */
export const CARRIED = [
  'persistent_mode',
  'persistent_port',
  'access_mode',
  'public_port',
  'hostname',
  'use_custom_hostname',
  'python_version',
  'cuda_version',
  'torch_version',
  'script_origin',
] as const satisfies readonly (keyof InstanceEntity)[];
const MAX_CARRIED_LENGTH = 2000;

/** What is needed to bring an instance back. */
export type TrashManifest = Pick<
  InstanceEntity,
  'name' | 'base_blueprint' | 'gpu_ids' | 'autostart' | 'output_path' | 'env' | 'launch_args' | 'port'
> &
  // Absent in a manifest that an earlier version wrote.
  Partial<Pick<InstanceEntity, 'restart_policy' | 'probe' | (typeof CARRIED)[number]>> & {
    deleted_at: string;
    /** Number of the run that wrote the log in the folder, so that the next one gets a log of its own. */
    run?: number;
  };

/** It stays AiKore's: what is in it are settings, secrets among them. */
export async function writeManifest(folder: string, row: InstanceEntity): Promise<void> {
  const { name, base_blueprint, gpu_ids, autostart, output_path, env, launch_args, port, run } = row;
  const { restart_policy, probe } = row;
  const manifest: TrashManifest = {
    name,
    base_blueprint,
    gpu_ids,
    autostart,
    output_path,
    env,
    launch_args,
    port,
    restart_policy,
    probe,
    run,
    ...carriedOf(row),
    deleted_at: new Date().toISOString(),
  };
  await withInnerFolder(folder, [], undefined, async (opened) => {
    const file = join(opened, MANIFEST_FILE);
    // An application could have put a folder of that name there.
    await removeTree(file);
    await writeFileAtomically(file, JSON.stringify(manifest, null, 2), 0o600);
  });
}

/** For a folder that stays, or has come back. */
export async function removeManifest(folder: string): Promise<void> {
  await withInnerFolder(folder, [], undefined, (opened) => rm(join(opened, MANIFEST_FILE), { force: true }));
}

/** The settings that go along, of a row or a manifest. */
export function carriedOf(from: Partial<InstanceEntity>): Partial<InstanceEntity> {
  return Object.fromEntries(CARRIED.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));
}

/** @returns null for a folder without a manifest, such as one that the original AiKore put into the trash can */
export async function readManifest(folder: string): Promise<TrashManifest | null> {
  try {
    const text = await readSmallFile(join(folder, MANIFEST_FILE), MAX_MANIFEST_BYTES, 'anybody');
    const value: unknown = text === null ? null : JSON.parse(text);
    return isManifest(value) ? value : null;
  } catch {
    return null;
  }
}

function isManifest(value: unknown): value is TrashManifest {
  if (typeof value !== 'object' || value === null) return false;
  const of = (key: string): unknown => (value as Record<string, unknown>)[key];
  const isTextOrNull = (key: string): boolean => of(key) === null || typeof of(key) === 'string';
  const env = of('env');
  return (
    ['name', 'base_blueprint', 'launch_args', 'deleted_at'].every((key) => typeof of(key) === 'string') &&
    isTextOrNull('gpu_ids') &&
    isTextOrNull('output_path') &&
    typeof of('autostart') === 'boolean' &&
    typeof of('port') === 'number' &&
    CARRIED.every((key) => of(key) === undefined || isCarried(key, of(key))) &&
    (of('run') === undefined || isRunNumber(of('run'))) &&
    (of('probe') === undefined || isTextOrNull('probe')) &&
    [undefined, 'no', 'on-failure', 'always'].includes(of('restart_policy') as string | undefined) &&
    typeof env === 'object' &&
    env !== null
  );
}

function isCarried(key: (typeof CARRIED)[number], value: unknown): boolean {
  if (key === 'persistent_mode' || key === 'use_custom_hostname') return typeof value === 'boolean';
  if (key === 'access_mode') return value === 'path' || value === 'port';
  if (key === 'public_port' || key === 'persistent_port') return value === null || Number.isInteger(value);
  return value === null || (typeof value === 'string' && value.length <= MAX_CARRIED_LENGTH);
}

function isRunNumber(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_RUN;
}
