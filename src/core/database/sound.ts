import type { Database } from './sqlite.js';

/**
 * Looks through a whole database for damage.
 * @throws Error with what SQLite found first
 */
export function checkSound(database: Database): void {
  const damage = database.pragma('integrity_check(1)', { simple: true });
  if (damage !== 'ok') throw new Error(`it is damaged: ${String(damage).replace(/\s+/g, ' ')}`);
}

/** Opens as little as possible to what a hostile file could bring along: functions in its schema, cells that overlap. */
export function distrust(database: Database): void {
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
}
