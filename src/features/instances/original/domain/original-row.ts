/** A value as SQLite hands it out; a column's type binds nobody there (sqlite.org/datatype3.html). */
export type StoredValue = string | number | bigint | Uint8Array | null;

/** Columns of `instances` in the newest schema of the original AiKore (v6); older ones lack the last of them. */
export const ORIGINAL_COLUMNS = [
  'id',
  'name',
  'base_blueprint',
  'gpu_ids',
  'autostart',
  'persistent_mode',
  'status',
  'port',
  'persistent_port',
  'persistent_display',
  'hostname',
  'use_custom_hostname',
  'output_path',
  'parent_instance_id',
  'python_version',
  'cuda_version',
  'torch_version',
] as const;

export type OriginalColumn = (typeof ORIGINAL_COLUMNS)[number];

/** What such a row says, whatever it was stored as. */
export interface OriginalRow {
  id: number;
  name: string;
  base_blueprint: string;
  /** Null for all; the original knew no "none". */
  gpu_ids: string | null;
  autostart: boolean;
  persistent_mode: boolean;
  status: string;
  port: number | null;
  persistent_port: number | null;
  persistent_display: number | null;
  hostname: string | null;
  use_custom_hostname: boolean;
  output_path: string | null;
  parent_instance_id: number | null;
  python_version: string | null;
  cuda_version: string | null;
  torch_version: string | null;
}

/** Ids that the database counts on from; far more than anybody makes. */
const MAX_ID = 2 ** 31 - 1;

/** @throws RangeError for an id that nothing can be numbered after */
export function readOriginalRow(stored: Readonly<Partial<Record<OriginalColumn, StoredValue>>>): OriginalRow {
  const id = asInteger(stored.id);
  if (id === null || id < 1 || id > MAX_ID)
    throw new RangeError(`it has an instance of the impossible number ${asText(stored.id) ?? ''}`);
  return {
    id,
    name: asText(stored.name) ?? '',
    base_blueprint: asText(stored.base_blueprint) ?? '',
    gpu_ids: asGpuMask(stored.gpu_ids),
    autostart: asFlag(stored.autostart),
    persistent_mode: asFlag(stored.persistent_mode),
    status: asText(stored.status) ?? '',
    port: asInteger(stored.port),
    persistent_port: asInteger(stored.persistent_port),
    persistent_display: asInteger(stored.persistent_display),
    hostname: asWords(stored.hostname),
    use_custom_hostname: asFlag(stored.use_custom_hostname),
    output_path: asWords(stored.output_path),
    parent_instance_id: asInteger(stored.parent_instance_id),
    python_version: asWords(stored.python_version),
    cuda_version: asWords(stored.cuda_version),
    torch_version: asWords(stored.torch_version),
  };
}

function asText(value: StoredValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}

/** Text, of which nothing but blanks is none. */
function asWords(value: StoredValue | undefined): string | null {
  const text = asText(value);
  return text === null || text.trim() === '' ? null : text;
}

function asInteger(value: StoredValue | undefined): number | null {
  const text = asText(value)?.trim() ?? '';
  if (!/^-?\d{1,16}(\.0*)?$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

function asFlag(value: StoredValue | undefined): boolean {
  const text = (asText(value) ?? '').trim().toLowerCase();
  return (
    ['true', 't', 'yes', 'y', 'on'].includes(text) ||
    (text !== '' && Number(text) !== 0 && !isNaN(Number(text)))
  );
}

/** Whatever it holds was handed to CUDA as it is, a card's UUID for instance; only blanks around the commas are dropped. */
function asGpuMask(value: StoredValue | undefined): string | null {
  const mask = asWords(value)
    ?.split(',')
    .map((index) => index.trim())
    .join(',');
  return mask === undefined || /\0/.test(mask) ? null : mask;
}
