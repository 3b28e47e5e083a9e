import { Database } from '../../src/core/database/sqlite.js';

const FIRST_PORT = 32_000;

/**
 * Makes many instances out of the first one of a database that nobody has open: rows only, named `<prefix> <n>`. They have
 * no folders, which nothing but a start asks for.
 */
export function multiplyInstances(
  file: string,
  count: number,
  prefix: string,
  { slug = prefix.toLowerCase(), firstPort = FIRST_PORT } = {},
): void {
  const database = new Database(file);
  try {
    const columns = (database.pragma('table_info(instances)') as { name: string }[])
      .map(({ name }) => name)
      .filter((name) => name !== 'id');
    const own: Record<string, string> = {
      name: `'${prefix} ' || n`,
      slug: `'${slug}-' || n`,
      port: `${String(firstPort)} + n`,
      position: `${String(1000 * firstPort)} + n`,
    };
    const values = columns.map((column) => own[column] ?? column).join(', ');
    database.exec(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${String(count)})
       INSERT INTO instances (${columns.join(', ')})
       SELECT ${values} FROM numbers, (SELECT * FROM instances ORDER BY id LIMIT 1)`,
    );
  } finally {
    database.close();
  }
}
