import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { AuditEntry, AuditOutcome } from '../../contracts/audit.js';

/** A line of the audit log. Its columns are the wire's. */
@Entity('audit')
export class AuditEntity implements AuditEntry {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'text' })
  at!: string;

  @Column({ type: 'text' })
  actor!: string;

  @Column({ type: 'text', nullable: true })
  address!: string | null;

  @Column({ type: 'text' })
  action!: string;

  @Column({ type: 'text', nullable: true })
  target!: string | null;

  @Column({ type: 'integer', nullable: true })
  instance_id!: number | null;

  @Column({ type: 'text', nullable: true })
  detail!: string | null;

  @Column({ type: 'text' })
  outcome!: AuditOutcome;

  @Column({ type: 'text', nullable: true })
  code!: string | null;

  @Column({ type: 'text', nullable: true })
  request_id!: string | null;
}

/** Its table. The indexes serve the filters; ids grow with the time, so that they also give the order. */
export const AUDIT_SCHEMA_SQL: readonly string[] = [
  `CREATE TABLE "audit" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "at" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "address" TEXT,
    "action" TEXT NOT NULL,
    "target" TEXT,
    "instance_id" INTEGER,
    "detail" TEXT,
    "outcome" TEXT NOT NULL,
    "code" TEXT,
    "request_id" TEXT
  ) STRICT`,
  'CREATE INDEX "audit_at" ON "audit" ("at")',
  'CREATE INDEX "audit_actor" ON "audit" ("actor", "id")',
  'CREATE INDEX "audit_action" ON "audit" ("action", "id")',
  'CREATE INDEX "audit_instance" ON "audit" ("instance_id", "id")',
];
