import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_SCHEMA_SQL } from '../../core/audit/audit.entity.js';
import { refuseToGoBack } from './refuse-to-go-back.js';

/** Who did what. */
export class Audit1700000000004 implements MigrationInterface {
  readonly name = 'Audit1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of AUDIT_SCHEMA_SQL) await runner.query(statement);
  }

  down(): Promise<void> {
    return refuseToGoBack();
  }
}
