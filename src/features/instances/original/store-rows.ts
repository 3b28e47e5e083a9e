import { isDeepStrictEqual } from 'node:util';
import type { DataSource } from 'typeorm';
import { InstanceEntity } from '../instance.entity.js';
import type { OriginalRow } from './domain/original-row.js';

/** SQLite takes 32 766 values in a statement; a row has some forty. */
const ROWS_A_STATEMENT = 200;

/** Writes all rows or none. */
export async function writeRows(to: DataSource, rows: readonly InstanceEntity[]): Promise<void> {
  await to.transaction(async (manager) => {
    // A satellite may have been made before its parent.
    await manager.query('PRAGMA defer_foreign_keys = ON');
    for (let first = 0; first < rows.length; first += ROWS_A_STATEMENT) {
      const some = rows.slice(first, first + ROWS_A_STATEMENT);
      // Without its own idea of the ids, which it would write into the rows: it takes them for consecutive.
      await manager
        .createQueryBuilder()
        .insert()
        .into(InstanceEntity)
        .values(some)
        .updateEntity(false)
        .execute();
    }
  });
}

/** Columns that are never translated, only read as what they mean. */
const PLAIN = [
  'gpu_ids',
  'autostart',
  'persistent_mode',
  'hostname',
  'use_custom_hostname',
  'python_version',
  'cuda_version',
  'torch_version',
] as const;

/**
 * Reads everything back: every original row has its own, each field is what was to be written, and what is kept as it
 * was is what the original says.
 * @throws Error that names the first difference
 */
export async function proveRows(
  to: DataSource,
  originals: readonly OriginalRow[],
  rows: readonly InstanceEntity[],
): Promise<void> {
  const stored = await to.getRepository(InstanceEntity).find({ order: { id: 'ASC' } });
  if (stored.length !== originals.length)
    throw new Error(`${originals.length} instances became ${stored.length}`);
  originals.forEach((original, index) => {
    const [row, written] = [stored[index], rows[index]];
    if (row?.id !== original.id || written === undefined)
      throw new Error(`the instance ${original.id} is missing`);
    for (const [field, value] of Object.entries(written)) {
      if (!isDeepStrictEqual(row[field as keyof InstanceEntity], value)) throw differs(original, field);
    }
    for (const field of PLAIN) if (row[field] !== original[field]) throw differs(original, field);
  });
}

function differs({ id, name }: OriginalRow, field: string): Error {
  return new Error(`${field} of the instance ${id} (${name}) did not arrive as it was`);
}
