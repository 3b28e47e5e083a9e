import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUTH_SCHEMA_SQL } from '../../core/auth/auth.entities.js';
import { INSTANCES_SCHEMA_SQL } from '../../features/instances/instances.schema.js';
import { refuseToGoBack } from './refuse-to-go-back.js';

/** The first tables. TypeORM orders migrations by the number at the end of the class name. */
export class Initial1700000000001 implements MigrationInterface {
  readonly name = 'Initial1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...INSTANCES_SCHEMA_SQL, ...AUTH_SCHEMA_SQL]) await runner.query(statement);
  }

  down(): Promise<void> {
    return refuseToGoBack();
  }
}
