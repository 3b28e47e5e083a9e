import type { Repository } from 'typeorm';
import type { Logger } from '../logging.js';
import type { KnownDashboardEntity } from './auth.entities.js';
import { BackgroundWrites } from './background-writes.js';
import type { Clock } from './clock.js';
import { MINUTE_MS, isoOf } from './clock.js';

const ONLY_ROW = 1;
const WRITE_EVERY_MS = 5 * MINUTE_MS;
const MAX_ADDRESSES = 64;

/**
 * Remembers under which address signed-in browsers use the dashboard. A machine has many names and ports may be mapped:
 * from the name of an application nobody can tell where the dashboard is.
 */
export class KnownDashboard {
  #last: string | null = null;
  /** By the address of the browser's side, the one seen longest ago first. */
  readonly #byAddress = new Map<string, string>();
  /** What the database holds. */
  #written: { origin: string | null; atMs: number } = { origin: null, atMs: -Infinity };
  readonly #writes: BackgroundWrites;

  constructor(
    private readonly repository: Repository<KnownDashboardEntity>,
    logger: Logger,
    private readonly clock: Clock = Date.now,
  ) {
    this.#writes = new BackgroundWrites(logger);
  }

  /** To be called once, before requests are taken. */
  async load(): Promise<void> {
    const row = await this.repository.findOneBy({ id: ONLY_ROW });
    if (row === null || !URL.canParse(row.origin)) return;
    this.#last = row.origin;
    this.#written = { origin: row.origin, atMs: -Infinity };
  }

  /** @param origin where a signed-in browser, seen at `address`, has just used the dashboard */
  note(origin: string, address: string): void {
    this.#last = origin;
    this.#byAddress.delete(address);
    this.#byAddress.set(address, origin);
    const [oldest] = this.#byAddress.keys();
    if (this.#byAddress.size > MAX_ADDRESSES && oldest !== undefined) this.#byAddress.delete(oldest);
    this.#store(origin);
  }

  /** Where the browser at an address used it last, else where anybody did; null where nobody has yet. */
  originFor(address: string): string | null {
    return this.#byAddress.get(address) ?? this.#last;
  }

  /** To be awaited before the database closes. */
  settled(): Promise<void> {
    if (this.#last !== null) this.#write(this.#last);
    return this.#writes.settled();
  }

  /** Browsers that use different names take turns; the database need not hear of each. */
  #store(origin: string): void {
    if (this.clock() - this.#written.atMs >= WRITE_EVERY_MS) this.#write(origin);
  }

  #write(origin: string): void {
    if (origin === this.#written.origin) return;
    const nowMs = this.clock();
    this.#written = { origin, atMs: nowMs };
    const row = { id: ONLY_ROW, origin, usedAt: isoOf(nowMs) };
    this.#writes.run('where the dashboard is', () => this.repository.upsert(row, ['id']));
  }
}
