import type { ArchiveContents } from '../../../contracts/operation.js';
import type { AccessMode, InstanceCreate, RestartPolicy } from '../../../contracts/instance.js';
import { withoutUnwanted } from '../../../core/text/domain/unwanted.js';
import type { Declared } from './transfer-job.js';

/** Name of the first entry of an archive, which says what the others are. */
export const HEAD_NAME = 'aikore.json';
/** Variables at their longest, written as JSON, with room to spare. */
export const MAX_HEAD_BYTES = 4 * 1024 * 1024;
/** Below these lie the files of the instance and its outputs. */
export const FILES_FOLDER = 'files';
export const OUTPUTS_FOLDER = 'outputs';

export const HEAD_FORMAT = 'aikore-archive';
export const HEAD_VERSION = 1;

/** Settings as they go into an archive: not those that belong to this machine, such as ports and hostnames. */
export type ArchivedSettings = Omit<
  InstanceCreate,
  'name' | 'port' | 'public_port' | 'hostname' | 'use_custom_hostname' | 'autostart' | 'output_path'
> & { script_origin?: string | null };

/** The first entry of an archive. */
export interface ArchiveHead {
  contents: ArchiveContents;
  settings: ArchivedSettings;
  declared: Declared;
  /** Where the instance's folder was when its environment was made. */
  home: string;
  /** Links from environments to the Python that they were made with. */
  interpreters: Record<string, string>;
}

type Fields = Record<string, unknown>;

const MAX_COUNT = 20_000_000;
const MAX_TEXT_LENGTH = 4096;
const MAX_INTERPRETERS = 256;
const MAX_WITHHELD = 200;

/**
 * Reads the first entry of an archive, which anybody may have written. What the values may be is for the rules of
 * settings; here they only have the right shape.
 * @returns a sentence when it is none
 */
export function readArchiveHead(text: string): ArchiveHead | string {
  const value = parse(text);
  if (value === null) return 'Its aikore.json is not valid JSON.';
  if (value['format'] !== HEAD_FORMAT) return 'Its aikore.json is not that of an archive.';
  if (value['version'] !== HEAD_VERSION)
    return 'It was made by a newer AiKore, in a form that this one does not know.';
  const contents = readContents(fieldsOf(value['contents']));
  const settings = readSettings(fieldsOf(value['settings']));
  const entryCount = value['entry_count'];
  if (contents === null || settings === null || !isCount(entryCount) || entryCount > MAX_COUNT)
    return 'Its aikore.json is damaged.';
  const { total_bytes: totalBytes, file_count: fileCount } = contents;
  return {
    contents,
    settings,
    declared: { totalBytes, fileCount, entryCount },
    home: typeof value['home'] === 'string' ? value['home'].slice(0, MAX_TEXT_LENGTH) : '',
    interpreters: readTexts(fieldsOf(value['interpreters']), MAX_INTERPRETERS),
  };
}

function readContents(of: Fields): ArchiveContents | null {
  const { has_environment: hasEnvironment, has_outputs: hasOutputs, withheld } = of;
  const { total_bytes: totalBytes, file_count: fileCount } = of;
  if (typeof hasEnvironment !== 'boolean' || typeof hasOutputs !== 'boolean') return null;
  if (!isCount(totalBytes) || !isCount(fileCount) || !Array.isArray(withheld)) return null;
  return {
    instance_name: shown(of['instance_name']),
    base_blueprint: shown(of['base_blueprint']),
    has_environment: hasEnvironment,
    has_outputs: hasOutputs,
    withheld: withheld.slice(0, MAX_WITHHELD).map(shown),
    total_bytes: totalBytes,
    file_count: fileCount,
    exported_at: dateOf(of['exported_at']),
    made_by: shown(of['made_by']),
  };
}

function readSettings(of: Fields): ArchivedSettings | null {
  const env = of['env'] ?? {};
  if (typeof of['base_blueprint'] !== 'string' || typeof env !== 'object' || Array.isArray(env)) return null;
  const textOrNull = (key: string): string | null => (typeof of[key] === 'string' ? of[key] : null);
  return {
    base_blueprint: of['base_blueprint'],
    gpu_ids: textOrNull('gpu_ids'),
    persistent_mode: of['persistent_mode'] === true,
    python_version: textOrNull('python_version'),
    cuda_version: textOrNull('cuda_version'),
    torch_version: textOrNull('torch_version'),
    git_ref: textOrNull('git_ref'),
    extra_requirements: textOrNull('extra_requirements') ?? '',
    access_mode: oneOf<AccessMode>(of['access_mode'], ['path', 'port']),
    restart_policy: oneOf<RestartPolicy>(of['restart_policy'], ['no', 'on-failure', 'always']),
    env: env as Record<string, string>,
    launch_args: textOrNull('launch_args') ?? '',
    probe: textOrNull('probe'),
    script_origin: /^[\da-f]{64}$/.test(textOrNull('script_origin') ?? '')
      ? textOrNull('script_origin')
      : null,
  };
}

function oneOf<T extends string>(value: unknown, words: readonly [T, ...T[]]): T {
  return words.find((word) => word === value) ?? words[0];
}

function readTexts(of: Fields, most: number): Record<string, string> {
  const texts = Object.entries(of).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts.slice(0, most));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? withoutUnwanted(value).slice(0, 200) : '';
}

function dateOf(value: unknown): string {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? new Date(0).toISOString() : new Date(time).toISOString();
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function parse(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : null;
  } catch {
    return null;
  }
}
