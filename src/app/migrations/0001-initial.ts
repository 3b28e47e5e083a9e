import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUTH_SCHEMA_SQL } from '../../core/auth/auth.entities.js';
import { INSTANCES_SCHEMA_SQL } from '../../features/instances/instances.schema.js';

/** The first tables. TypeORM orders migrations by the number at the end of the class name. */
export class Initial1700000000001 implements MigrationInterface {
  readonly name = 'Initial1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...INSTANCES_SCHEMA_SQL, ...AUTH_SCHEMA_SQL]) await runner.query(statement);
  }

  async down(): Promise<void> {
    // Going back means putting the backup in place; a database is never taken apart.
    return Promise.reject(new Error('migrations are not reverted; restore the backup'));
  }
}
