import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SCRIPT_ORIGIN_SCHEMA_SQL } from '../../features/instances/instances.schema.js';
import { refuseToGoBack } from './refuse-to-go-back.js';

/** Which content of its blueprint an instance's script was taken from. */
export class ScriptOrigin1700000000005 implements MigrationInterface {
  readonly name = 'ScriptOrigin1700000000005';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of SCRIPT_ORIGIN_SCHEMA_SQL) await runner.query(statement);
  }

  down(): Promise<void> {
    return refuseToGoBack();
  }
}
