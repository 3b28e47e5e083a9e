import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A browser that is signed in. Times are ISO 8601 in UTC. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** SHA-256 of the cookie's value, hexadecimal. */
  @Column({ name: 'token_hash', type: 'text', unique: true })
  tokenHash!: string;

  @Column({ name: 'created_at', type: 'text' })
  createdAt!: string;

  @Column({ name: 'last_seen_at', type: 'text' })
  lastSeenAt!: string;

  @Column({ name: 'expires_at', type: 'text' })
  expiresAt!: string;

  @Column({ type: 'text' })
  address!: string;

  @Column({ name: 'user_agent', type: 'text' })
  userAgent!: string;

  /** The session that it ends with, for a child session; null for one that began with a sign-in. */
  @Column({ name: 'parent_id', type: 'integer', nullable: true })
  parentId!: number | null;

  /** Lower case, without a port: the only name at which a child session counts. */
  @Column({ type: 'text', nullable: true })
  hostname!: string | null;
}

/** A named API token. */
@Entity('api_tokens')
export class ApiTokenEntity {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** Unique regardless of case. */
  @Column({ type: 'text', unique: true })
  name!: string;

  /** SHA-256 of the whole token, hexadecimal. */
  @Column({ name: 'token_hash', type: 'text', unique: true })
  tokenHash!: string;

  /** Separated by commas. */
  @Column({ type: 'text' })
  scopes!: string;

  @Column({ name: 'created_at', type: 'text' })
  createdAt!: string;

  @Column({ name: 'last_used_at', type: 'text', nullable: true })
  lastUsedAt!: string | null;

  @Column({ name: 'expires_at', type: 'text', nullable: true })
  expiresAt!: string | null;
}

/** The operator's password; there is one row at most, with id 1. */
@Entity('credentials')
export class CredentialEntity {
  @PrimaryColumn({ type: 'integer' })
  id!: number;

  /** A PHC string, `$argon2id$…`. */
  @Column({ name: 'password_hash', type: 'text' })
  passwordHash!: string;

  @Column({ name: 'changed_at', type: 'text' })
  changedAt!: string;
}

/** Where a browser that was signed in used the dashboard last; there is one row at most, with id 1. */
@Entity('known_dashboard')
export class KnownDashboardEntity {
  @PrimaryColumn({ type: 'integer' })
  id!: number;

  /** `http://192.0.2.5:9000` */
  @Column({ type: 'text' })
  origin!: string;

  @Column({ name: 'used_at', type: 'text' })
  usedAt!: string;
}

export const authEntities = [SessionEntity, ApiTokenEntity, CredentialEntity, KnownDashboardEntity];

/** The tables of the entities above; part of the first migration. */
export const AUTH_SCHEMA_SQL: readonly string[] = [
  `CREATE TABLE "sessions" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "token_hash" TEXT NOT NULL UNIQUE,
    "created_at" TEXT NOT NULL,
    "last_seen_at" TEXT NOT NULL,
    "expires_at" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "user_agent" TEXT NOT NULL
  ) STRICT`,
  `CREATE TABLE "api_tokens" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "name" TEXT NOT NULL COLLATE NOCASE UNIQUE,
    "token_hash" TEXT NOT NULL UNIQUE,
    "scopes" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "last_used_at" TEXT,
    "expires_at" TEXT
  ) STRICT`,
  `CREATE TABLE "credentials" (
    "id" INTEGER PRIMARY KEY NOT NULL CHECK ("id" = 1),
    "password_hash" TEXT NOT NULL,
    "changed_at" TEXT NOT NULL
  ) STRICT`,
];

/** What signing in at further host names keeps; a migration of its own. A child row goes with its parent's. */
export const HOST_SIGN_IN_SCHEMA_SQL: readonly string[] = [
  `ALTER TABLE "sessions" ADD COLUMN "parent_id" INTEGER REFERENCES "sessions"("id") ON DELETE CASCADE`,
  `ALTER TABLE "sessions" ADD COLUMN "hostname" TEXT`,
  `CREATE INDEX "sessions_by_parent" ON "sessions" ("parent_id")`,
  `CREATE TABLE "known_dashboard" (
    "id" INTEGER PRIMARY KEY NOT NULL CHECK ("id" = 1),
    "origin" TEXT NOT NULL,
    "used_at" TEXT NOT NULL
  ) STRICT`,
];
