import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PINS_SCHEMA_SQL } from '../../features/instances/instances.schema.js';
import { refuseToGoBack } from './refuse-to-go-back.js';

/** What the environment of an instance is pinned to. */
export class Environments1700000000007 implements MigrationInterface {
  readonly name = 'Environments1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of PINS_SCHEMA_SQL) await runner.query(statement);
  }

  down(): Promise<void> {
    return refuseToGoBack();
  }
}
