import type { Repository } from 'typeorm';
import type { CredentialEntity } from './auth.entities.js';
import type { Clock } from './clock.js';
import { isoOf } from './clock.js';

const ONLY_ROW = 1;

/** The operator's password hash in the database. */
export class CredentialStore {
  constructor(
    private readonly repository: Repository<CredentialEntity>,
    private readonly clock: Clock = Date.now,
  ) {}

  /** Null while no password is set. */
  async load(): Promise<string | null> {
    const row = await this.repository.findOneBy({ id: ONLY_ROW });
    return row?.passwordHash ?? null;
  }

  async save(passwordHash: string): Promise<void> {
    await this.repository.upsert({ id: ONLY_ROW, passwordHash, changedAt: isoOf(this.clock()) }, ['id']);
  }
}
