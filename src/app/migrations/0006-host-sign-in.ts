import type { MigrationInterface, QueryRunner } from 'typeorm';
import { HOST_SIGN_IN_SCHEMA_SQL } from '../../core/auth/auth.entities.js';
import { refuseToGoBack } from './refuse-to-go-back.js';

/** Sessions of further host names, and where the dashboard is. */
export class HostSignIn1700000000006 implements MigrationInterface {
  readonly name = 'HostSignIn1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of HOST_SIGN_IN_SCHEMA_SQL) await runner.query(statement);
  }

  down(): Promise<void> {
    return refuseToGoBack();
  }
}
