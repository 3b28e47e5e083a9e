import type { Repository } from 'typeorm';
import type { AuditEntry } from '../../contracts/audit.js';
import type { Clock } from '../auth/clock.js';
import { DAY_MS, HOUR_MS, isoOf } from '../auth/clock.js';
import type { Logger } from '../logging.js';
import { Mutex } from '../mutex.js';
import type { AuditEntity } from './audit.entity.js';
import type { AuditFilter } from './audit-filter.js';
import { applyFilter } from './audit-filter.js';
import type { AuditPort, AuditRecord } from './audit.port.js';
import { NOBODY } from './audit.port.js';
import { FailureDamper } from './failure-damper.js';

export const KEPT_DAYS = 90;
export const KEPT_ENTRIES = 100_000;
/** Whoever is not signed in must not push out what others did. */
const KEPT_ENTRIES_OF_NOBODY = 10_000;

/** What comes within this time is written together: each write waits for the disk. */
const GATHER_MS = 200;
const BATCH = 100;
/** So many wait for a database that takes nothing, as on a full disk. */
const MOST_WAITING = 2000;
const PRUNE_EVERY_MS = HOUR_MS;
const PRUNE_EVERY_ENTRIES = 1000;
const MAX_TEXT = 300;

type Row = Omit<AuditEntity, 'id'>;

/** The audit log: the one writer of its table. What it is told is on the disk 0.2 s later, or as soon as there is room. */
export class AuditLog implements AuditPort {
  readonly #writes = new Mutex();
  readonly #damper: FailureDamper;
  #waiting: Row[] = [];
  #lostCount = 0;
  #isBehind = false;
  #timer: NodeJS.Timeout | undefined;
  #prunedAtMs = 0;
  #sincePrune = 0;

  constructor(
    private readonly repository: Repository<AuditEntity>,
    private readonly logger: Logger,
    private readonly clock: Clock = Date.now,
    private readonly keptEntries = KEPT_ENTRIES,
  ) {
    this.#damper = new FailureDamper(clock);
  }

  record(record: AuditRecord): void {
    const row = rowOf(record, isoOf(this.clock()));
    if (record.actor === NOBODY) {
      const leftOut = this.#damper.admit(`${row.address ?? ''} ${row.action} ${row.code ?? ''}`);
      if (leftOut === null) return;
      if (leftOut > 0) row.detail = `and ${leftOut} more in the minutes before`;
    }
    this.#waiting.push(row);
    this.#lostCount += this.#waiting.splice(0, this.#waiting.length - MOST_WAITING).length;
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }

  /** Entries newest first; what was recorded before is among them. */
  async find(filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
    await this.flush();
    return applyFilter(this.repository.createQueryBuilder('audit'), filter)
      .orderBy('audit.id', 'DESC')
      .take(limit)
      .getMany();
  }

  /** The actors and actions there are, in order. */
  async words(): Promise<{ actors: string[]; actions: string[] }> {
    const [actors, actions] = await Promise.all([this.#distinct('actor'), this.#distinct('action')]);
    return { actors, actions };
  }

  /** Writes what waits. Never fails: what cannot be written waits on. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#writes.run(() => this.#write());
  }

  /** To be called now and then: writes what waits, and lets go of what is too old or too much. */
  async maintain(): Promise<void> {
    await this.flush();
    const nowMs = this.clock();
    const isDue = nowMs - this.#prunedAtMs >= PRUNE_EVERY_MS || this.#sincePrune >= PRUNE_EVERY_ENTRIES;
    if (!isDue) return;
    this.#prunedAtMs = nowMs;
    this.#sincePrune = 0;
    await this.#writes.run(() => this.#prune(nowMs));
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting.slice(0, BATCH);
        await this.repository.insert(batch);
        this.#waiting = this.#waiting.filter((row) => !batch.includes(row));
        this.#sincePrune += batch.length;
      }
      this.#settle();
    } catch (error) {
      if (!this.#isBehind)
        this.logger.warn('the audit log cannot be written now; it is tried again', { error });
      this.#isBehind = true;
    }
  }

  #settle(): void {
    this.#isBehind = false;
    if (this.#lostCount === 0) return;
    this.logger.warn('entries of the audit log were lost while it could not be written', {
      count: this.#lostCount,
    });
    this.#lostCount = 0;
  }

  async #prune(nowMs: number): Promise<void> {
    await this.repository.query('DELETE FROM audit WHERE at < ?', [isoOf(nowMs - KEPT_DAYS * DAY_MS)]);
    await this.repository.query(
      'DELETE FROM audit WHERE id <= (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET ?)',
      [this.keptEntries],
    );
    await this.repository.query(
      'DELETE FROM audit WHERE actor = ? AND id <= (SELECT id FROM audit WHERE actor = ? ORDER BY id DESC LIMIT 1 OFFSET ?)',
      [NOBODY, NOBODY, KEPT_ENTRIES_OF_NOBODY],
    );
  }

  async #distinct(column: 'actor' | 'action'): Promise<string[]> {
    // Jumps from one value to the next along the index, however many entries share one.
    const rows = await this.repository.query<{ word: string | null }[]>(
      `WITH RECURSIVE words(word) AS (
        SELECT min(${column}) FROM audit
        UNION ALL
        SELECT (SELECT min(${column}) FROM audit WHERE ${column} > word) FROM words WHERE word IS NOT NULL
      ) SELECT word FROM words WHERE word IS NOT NULL LIMIT 500`,
    );
    return rows.map(({ word }) => word).filter((word) => word !== null);
  }
}

function rowOf(record: AuditRecord, at: string): Row {
  return {
    at,
    actor: cleaned(record.actor),
    address: cleanedOrNull(record.address),
    action: cleaned(record.action),
    target: cleanedOrNull(record.target),
    instance_id: record.instanceId ?? null,
    detail: cleanedOrNull(record.detail),
    outcome: record.outcome,
    code: cleanedOrNull(record.code),
    request_id: cleanedOrNull(record.requestId),
  };
}

function cleanedOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : cleaned(text);
}

/** Text from outside, on one line and not endless. */
function cleaned(text: string): string {
  const flat = text
    .slice(0, MAX_TEXT * 2)
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim();
  const characters = Array.from(flat);
  return characters.length <= MAX_TEXT ? flat : `${characters.slice(0, MAX_TEXT - 1).join('')}…`;
}
