import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PUBLISHED_PORTS_SCHEMA_SQL } from '../../features/instances/instances.schema.js';
import { refuseToGoBack } from './refuse-to-go-back.js';

/** A published port belongs to one instance, whichever of its two uses it has. */
export class PublishedPorts1700000000003 implements MigrationInterface {
  readonly name = 'PublishedPorts1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of PUBLISHED_PORTS_SCHEMA_SQL) await runner.query(statement);
  }

  down(): Promise<void> {
    return refuseToGoBack();
  }
}
