import type { PortRange } from '../../../core/config/readers.js';
import { AppError, invalidFields } from '../../../core/errors.js';
import { isPortFree } from '../../../host/ports/free-port.js';
import { describeHolder, findPortHolder } from '../../../host/ports/port-holder.js';
import type { InstanceEntity } from '../instance.entity.js';

/** The two uses of a published port: an application's own origin, and its desktop. */
export type PublishedUse = 'public_port' | 'persistent_port';

const USED_UP = 'NO_FREE_PUBLISHED_PORT';
const USES: readonly PublishedUse[] = ['public_port', 'persistent_port'];
const NAMES: Record<PublishedUse, string> = {
  public_port: 'public port',
  persistent_port: "desktop's port",
};

type Row = Pick<InstanceEntity, 'id' | 'name' | PublishedUse>;

export interface PublishedLeaseOptions {
  range: PortRange;
  /** Every instance that may hold a lease. */
  rows: () => Iterable<Row>;
  /** Stores a lease; the database lets no two uses have one port. */
  save: (id: number, use: PublishedUse, port: number) => Promise<void>;
  /** Whether a process is AiKore's NGINX: it keeps no application from its port, but a desktop, which this process serves. */
  isOwnNginx: (pid: number) => boolean;
}

/** Leases of the published range (`AIKORE_INSTANCE_PORT_RANGE`), where AiKore itself listens for instances. */
export class PublishedLeases {
  /** Chosen and not in the database yet. */
  private readonly reserved = new Set<number>();

  constructor(private readonly options: PublishedLeaseOptions) {}

  /**
   * Takes a port of the range that nobody has and nobody listens on. Give it back with `settle` once it is stored or
   * given up. Desktops come from the other end than applications: a service worker that an application has left in a
   * browser lives on with the port.
   * @throws AppError `unavailable` when none is left
   */
  async choose(use: PublishedUse): Promise<number> {
    const { first, last } = this.options.range;
    for (let step = 0; step <= last - first; step += 1) {
      const port = use === 'public_port' ? first + step : last - step;
      if (this.reserved.has(port) || this.leaseOf(port) !== null) continue;
      this.reserved.add(port);
      if ((await this.strangerAt(port, use)) === null) return port;
      this.reserved.delete(port);
    }
    throw new AppError(
      'unavailable',
      USED_UP,
      `No port of the published range ${first}-${last} is free. Free one, or widen AIKORE_INSTANCE_PORT_RANGE.`,
    );
  }

  settle(port: number): void {
    this.reserved.delete(port);
  }

  /**
   * Takes a port that an operator asks for. Give it back with `settle` once it is stored or given up.
   * @param own the instance that asks, whose lease for the same use does not count
   * @throws AppError: `invalid` for a port outside of the range, `conflict` for one that is taken
   */
  async take(port: number, use: PublishedUse, own: Row | null): Promise<void> {
    const { first, last } = this.options.range;
    if (!this.isInRange(port)) {
      throw invalidFields({
        [use]: `${port} lies outside of the published range ${first}-${last} (AIKORE_INSTANCE_PORT_RANGE).`,
      });
    }
    if (own?.[use] === port) return;
    const lease = this.leaseOf(port);
    if (lease !== null) {
      const whose = `the ${NAMES[lease.use]} of ${lease.row === own ? 'this instance' : lease.row.name}`;
      throw taken('PORT_TAKEN', `Port ${port} is ${whose}.`, use, `It is ${whose}.`);
    }
    if (this.reserved.has(port)) {
      const problem = 'is being given to another instance.';
      throw taken('PORT_TAKEN', `Port ${port} ${problem}`, use, `It ${problem}`);
    }
    // Before anything is waited for: a start that looks for a port at the same time must not find this one.
    this.reserved.add(port);
    const holder = await this.strangerAt(port, use);
    if (holder === null) return;
    this.reserved.delete(port);
    throw taken('PORT_IN_USE', `Port ${port} is in use by ${holder}.`, use, `It is in use by ${holder}.`);
  }

  /**
   * Makes sure at a start that the instance has a port of the range that no stranger holds.
   * @returns what there is to say of a port that had to be given up, or stays for want of another; or nothing
   * @throws AppError `unavailable` when none is left; an error of the database when the lease cannot be stored
   */
  async confirm(row: Row, use: PublishedUse): Promise<string> {
    const before = row[use];
    if (before !== null && !this.isInRange(before)) return this.bringInside(row, use);
    const holder = before === null ? null : await this.strangerAt(before, use);
    if (before !== null && holder === null) return '';
    const port = await this.replace(row, use);
    return before === null
      ? ''
      : `Its ${NAMES[use]} ${before} was held by ${holder}, so it got port ${port}.`;
  }

  /**
   * Replaces a port outside of the range, which was another one when the port was chosen; it stays while none is free.
   * @returns what there is to say of it, or nothing
   * @throws an error of the database when the lease cannot be stored
   */
  async bringInside(row: Row, use: PublishedUse): Promise<string> {
    const before = row[use];
    if (before === null || this.isInRange(before)) return '';
    const { first, last } = this.options.range;
    try {
      const port = await this.replace(row, use);
      return `Its ${NAMES[use]} ${before} is outside of the published range, so it got port ${port}.`;
    } catch (error) {
      if (!isUsedUp(error)) throw error;
      return `Its ${NAMES[use]} ${before} stays outside of the published range: none of ${first}-${last} is free.`;
    }
  }

  /** What there is to say of a port that is in use, in a sentence; null when it is one of the range. */
  strayWarning(row: Row, use: PublishedUse): string | null {
    const port = row[use];
    if (port === null || this.isInRange(port)) return null;
    const { first, last } = this.options.range;
    return `Its ${NAMES[use]} ${port} is outside of the published range ${first}-${last}, so it may not be reached. It gets another at its next start, when one is free.`;
  }

  /** @returns the port that the row has now */
  private async replace(row: Row, use: PublishedUse): Promise<number | null> {
    const before = row[use];
    const port = await this.choose(use);
    try {
      // The settings may have changed while a free one was looked for.
      if (row[use] !== before) return row[use];
      await this.options.save(row.id, use, port);
      row[use] = port;
    } finally {
      this.settle(port);
    }
    return port;
  }

  private isInRange(port: number): boolean {
    return port >= this.options.range.first && port <= this.options.range.last;
  }

  private leaseOf(port: number): { row: Row; use: PublishedUse } | null {
    for (const row of this.options.rows()) for (const use of USES) if (row[use] === port) return { row, use };
    return null;
  }

  /** Who keeps the port from AiKore, in words; null when nobody does. */
  private async strangerAt(port: number, use: PublishedUse): Promise<string | null> {
    if (await isPortFree(port)) return null;
    // Who was about to let go of it, as NGINX's workers are, may have ended between one look and the next.
    return (await this.strangerSeenAt(port, use)) === null ? null : this.strangerSeenAt(port, use);
  }

  private async strangerSeenAt(port: number, use: PublishedUse): Promise<string | null> {
    const holder = await findPortHolder(port);
    if (holder === null) return null;
    return holder.pid !== null && this.isOwn(holder.pid, use) ? null : describeHolder(holder);
  }

  private isOwn(pid: number, use: PublishedUse): boolean {
    return pid === process.pid || (use === 'public_port' && this.options.isOwnNginx(pid));
  }
}

/** Whether no port of the range is left. */
export function isUsedUp(error: unknown): error is AppError {
  return error instanceof AppError && error.code === USED_UP;
}

function taken(code: string, message: string, use: PublishedUse, detail: string): AppError {
  return new AppError('conflict', code, message, { [use]: detail });
}
