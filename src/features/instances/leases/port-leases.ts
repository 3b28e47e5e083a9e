import type { PortRange } from '../../../core/config/readers.js';
import { AppError, invalidFields } from '../../../core/errors.js';
import { describeHolder, findPortHolder } from '../../../host/ports/port-holder.js';
import { isPortFree } from '../../../host/ports/free-port.js';
import type { InstanceEntity } from '../instance.entity.js';

/** Where applications' own ports are taken from; below the range that the kernel gives to outgoing connections. */
const FIRST_PORT = 21_000;
const LAST_PORT = 28_999;
const LAST_PRIVILEGED_PORT = 1023;

export interface PortLeaseOptions {
  /** Published for port-mode instances and desktops; nobody's own port. */
  publishedRange: PortRange;
  /** Ports that AiKore itself listens on. */
  ownPorts: () => readonly number[];
  /** Every instance that holds a lease. */
  rows: () => Iterable<InstanceEntity>;
}

/** Leases of applications' own ports: for an instance's life, in the database, checked against the machine. */
export class PortLeases {
  /** Chosen and not in the database yet. */
  private readonly reserved = new Set<number>();

  constructor(private readonly options: PortLeaseOptions) {}

  /**
   * Takes a port that nobody has and nobody listens on. Give it back with `settle` once it is stored or given up.
   * @throws AppError `unavailable` when none is left
   */
  async choose(): Promise<number> {
    this.forgetStored();
    for (let port = FIRST_PORT; port <= LAST_PORT; port += 1) {
      if (this.isLeased(port)) continue;
      this.reserved.add(port);
      if (await isPortFree(port)) return port;
      this.reserved.delete(port);
    }
    throw new AppError(
      'unavailable',
      'NO_FREE_PORT',
      `No port between ${FIRST_PORT} and ${LAST_PORT} is free.`,
    );
  }

  /** What a row holds by now needs no reservation. */
  private forgetStored(): void {
    for (const row of this.options.rows()) this.reserved.delete(row.port);
  }

  settle(port: number): void {
    this.reserved.delete(port);
  }

  /**
   * Checks a port that an operator asks for.
   * @param own the instance that asks, whose own lease does not count
   * @param runningPort where its own application listens now, perhaps not the leased one
   * @throws AppError: `invalid` for a port that no instance may have, `conflict` for one that is taken
   */
  async check(port: number, own: InstanceEntity | null, runningPort: number | null = null): Promise<void> {
    const { first, last } = this.options.publishedRange;
    if (port <= LAST_PRIVILEGED_PORT)
      throw invalidFields({
        port: `Ports up to ${LAST_PRIVILEGED_PORT} are privileged; choose a higher one.`,
      });
    if (port >= first && port <= last) {
      throw invalidFields({
        port: `${port} lies in the published range ${first}-${last}, which is not for applications' own ports.`,
      });
    }
    if (this.options.ownPorts().includes(port))
      throw invalidFields({ port: `${port} is a port of AiKore itself.` });
    for (const row of this.options.rows()) {
      if (row.port === port && row !== own) {
        throw new AppError('conflict', 'PORT_TAKEN', `Port ${port} belongs to the instance ${row.name}.`, {
          port: `It belongs to ${row.name}.`,
        });
      }
    }
    if (own?.port === port || runningPort === port) return;
    this.forgetStored();
    if (this.reserved.has(port)) {
      throw new AppError('conflict', 'PORT_TAKEN', `Port ${port} is being given to another instance.`, {
        port: 'It is being given to another instance.',
      });
    }
    await this.checkMachine(port);
  }

  /** Makes sure at a start that the port is really free, and takes another when somebody else holds it. */
  async confirm(row: InstanceEntity): Promise<{ port: number; note: string }> {
    if (await isPortFree(row.port)) return { port: row.port, note: '' };
    const holder = await findPortHolder(row.port);
    const port = await this.choose();
    // It stays reserved: the supervisor stores it once the start has succeeded, and nobody may take it before.
    const who = holder === null ? 'something else' : describeHolder(holder);
    return { port, note: `Its port was held by ${who}, so it got port ${port}.` };
  }

  private async checkMachine(port: number): Promise<void> {
    if (await isPortFree(port)) return;
    const holder = await findPortHolder(port);
    const who = holder === null ? 'another process' : describeHolder(holder);
    throw new AppError('conflict', 'PORT_IN_USE', `Port ${port} is in use by ${who}.`, {
      port: `It is in use by ${who}.`,
    });
  }

  private isLeased(port: number): boolean {
    const { first, last } = this.options.publishedRange;
    if ((port >= first && port <= last) || this.reserved.has(port) || this.options.ownPorts().includes(port))
      return true;
    for (const row of this.options.rows()) if (row.port === port) return true;
    return false;
  }
}
