import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';

/** better-sqlite3 13 is built against this version of Node-API, which Node 22.14 and everything newer has. */
const NODE_API_OF_CURRENT = 10;

/** The package that holds the SQLite this Node can load: one library in two versions (docs/adr/0021-two-versions-of-sqlite.md). */
export const SQLITE_PACKAGE =
  Number(process.versions.napi) >= NODE_API_OF_CURRENT ? 'better-sqlite3' : 'better-sqlite3-node20';

/** An open connection. */
export type Database = BetterSqlite3.Database;

/** Opens databases; nobody else loads the library. Only the one version is read, for the other may not even be there. */
export const Database = createRequire(import.meta.url)(SQLITE_PACKAGE) as typeof BetterSqlite3;
