import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SUPERVISION_SCHEMA_SQL } from '../../features/instances/instances.schema.js';
import { refuseToGoBack } from './refuse-to-go-back.js';

/** An instance's own probe, why it failed, and its automatic restarts. */
export class Supervision1700000000002 implements MigrationInterface {
  readonly name = 'Supervision1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of SUPERVISION_SCHEMA_SQL) await runner.query(statement);
  }

  down(): Promise<void> {
    return refuseToGoBack();
  }
}
