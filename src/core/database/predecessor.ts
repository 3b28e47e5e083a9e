import type { DataSource } from 'typeorm';
import type { Database } from './sqlite.js';

/** A program whose database AiKore takes over; what its rows mean is not this room's business. */
export interface Predecessor {
  /**
   * Whether a database is that program's.
   * @returns a word for the backup's name, such as `original-v6`; null when it is somebody else's
   * @throws Error with a sentence's part when it is, but cannot be taken over: "it has the schema version 7"
   */
  recognise(database: Database): string | null;

  /**
   * Writes everything into a new database that has every table and no row, in one transaction, and proves that it is there.
   * @throws Error; the old database is kept then
   */
  translate(from: Database, to: DataSource): Promise<void>;
}
