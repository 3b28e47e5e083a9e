import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutUnwanted } from '../../../core/text/domain/unwanted.js';
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

/** What goes along: the addresses, versions, which the original AiKore may have written otherwise, where the script is from. */
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
/** Names that the original AiKore made may be as long as those of folders. */
const MAX_PARENT_NAME_LENGTH = 255;

/** Settings that later versions added; they are checked as those are that somebody sends. */
type AddedSetting = 'restart_policy' | 'probe' | 'git_ref' | 'extra_requirements';

/** By what a satellite finds its parent again. */
export interface RememberedParent {
  id: number;
  name: string;
}

/** What is needed to bring an instance back. */
export type TrashManifest = Pick<
  InstanceEntity,
  'name' | 'base_blueprint' | 'gpu_ids' | 'autostart' | 'output_path' | 'env' | 'launch_args' | 'port'
> &
  // Absent in a manifest that an earlier version wrote.
  Partial<Pick<InstanceEntity, AddedSetting | (typeof CARRIED)[number]>> & {
    deleted_at: string;
    /** Of a satellite. */
    parent?: RememberedParent;
    /** Number of the run that wrote the log in the folder, so that the next one gets a log of its own. */
    run?: number;
  };

/** It stays AiKore's: what is in it are settings, secrets among them. */
export async function writeManifest(
  folder: string,
  row: InstanceEntity,
  parent: RememberedParent | null = null,
): Promise<void> {
  const { name, base_blueprint, gpu_ids, autostart, output_path, env, launch_args, port, run } = row;
  const { restart_policy, probe, git_ref, extra_requirements } = row;
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
    git_ref,
    extra_requirements,
    run,
    ...carriedOf(row),
    ...(parent === null ? {} : { parent }),
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
    (of('parent') === undefined || isParent(of('parent'))) &&
    ['probe', 'git_ref'].every((key) => of(key) === undefined || isTextOrNull(key)) &&
    ['undefined', 'string'].includes(typeof of('extra_requirements')) &&
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

function isParent(value: unknown): value is RememberedParent {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name } = value as Record<string, unknown>;
  const isName = typeof name === 'string' && name.length <= MAX_PARENT_NAME_LENGTH;
  return Number.isSafeInteger(id) && (id as number) > 0 && isName && withoutUnwanted(name) === name;
}

function isRunNumber(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_RUN;
}
