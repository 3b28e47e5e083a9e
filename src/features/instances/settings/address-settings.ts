import { invalidFields } from '../../../core/errors.js';
import { readCustomHostname } from '../../../core/http/domain/custom-hostname.js';
import type { CustomHostname } from '../../../core/http/domain/custom-hostname.js';
import type { InstanceUpdate } from '../../../contracts/instance.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { PublishedLeases } from '../leases/published-leases.js';

/** The columns that say where an instance is reached. */
type AddressColumns = Pick<
  InstanceEntity,
  'access_mode' | 'public_port' | 'hostname' | 'use_custom_hostname' | 'persistent_mode' | 'persistent_port'
>;

export interface AddressSettingsParts {
  published: PublishedLeases;
  rows: () => Iterable<InstanceEntity>;
  /** Whether a name leads to AiKore itself. */
  isOwnName: (hostname: string) => boolean;
}

/** An instance as far as its address is concerned, before a change. */
export interface AddressOwner {
  slug: string;
  /** Null for one that is being made. */
  row: InstanceEntity | null;
}

/** What is stored beside the wish: ports that were chosen or are given back. */
export type DecidedAddress = Partial<Pick<AddressColumns, 'public_port' | 'persistent_port'>>;

const NONE: AddressColumns = {
  access_mode: 'path',
  public_port: null,
  hostname: null,
  use_custom_hostname: false,
  persistent_mode: false,
  persistent_port: null,
};

/** Decides what the settings of an instance's address become: what does not go together, whose name it is, which ports. */
export class AddressSettings {
  constructor(private readonly parts: AddressSettingsParts) {}

  /**
   * Checks what belongs together, and decides the ports. Those that are new stay reserved until `settle`.
   * @param wish with a hostname in its normal form, when it has one
   * @throws AppError `invalid`, `conflict`, or `unavailable` when the published range is used up
   */
  async decide(wish: InstanceUpdate, owner: AddressOwner): Promise<DecidedAddress> {
    const before = owner.row ?? NONE;
    this.checkHostname(wish, before, owner);
    const decided: DecidedAddress = {};
    try {
      const publicPort = await this.decidePublicPort(wish, before, owner.row);
      if (publicPort !== undefined) decided.public_port = publicPort;
      const desktopPort = await this.decideDesktopPort(wish, before);
      if (desktopPort !== undefined) decided.persistent_port = desktopPort;
      return decided;
    } catch (error) {
      this.settle(decided);
      throw error;
    }
  }

  /** What was decided is stored or given up. */
  settle({ public_port: one, persistent_port: other }: DecidedAddress): void {
    for (const port of [one, other]) if (typeof port === 'number') this.parts.published.settle(port);
  }

  /** Why an instance cannot be reached at a name, as a sentence, or null. @param owner whose own name does not count */
  nameConflict({ hostname }: CustomHostname, owner: AddressOwner): string | null {
    if (this.parts.isOwnName(hostname))
      return `${hostname} is a name of AiKore itself; the dashboard would not be reached there any more.`;
    const [label, ...above] = hostname.split('.');
    if (above.join('.') === 'localhost' && label !== owner.slug)
      return `Names under localhost are given by AiKore: this one answers at ${owner.slug}.localhost already.`;
    for (const row of this.parts.rows()) {
      if (row !== owner.row && hostnameOf(row.hostname) === hostname) return `It belongs to ${row.name}.`;
    }
    return null;
  }

  private checkHostname(wish: InstanceUpdate, before: AddressColumns, owner: AddressOwner): void {
    if (wish.hostname === undefined && wish.use_custom_hostname !== true) return;
    const text = wish.hostname === undefined ? before.hostname : wish.hostname;
    if (text === null) {
      if (wish.use_custom_hostname === true)
        throw invalidFields({ use_custom_hostname: 'It needs a hostname to answer at.' });
      if (wish.use_custom_hostname ?? before.use_custom_hostname)
        throw invalidFields({ hostname: 'It is in use: switch the custom hostname off with it.' });
      return;
    }
    const reading = readCustomHostname(text);
    const problem = reading.ok ? this.nameConflict(reading.value, owner) : reading.problem;
    if (problem !== null) throw invalidFields({ hostname: problem });
  }

  /** A port of port mode: chosen when it becomes that, given back when it is that no more. */
  private async decidePublicPort(
    { access_mode: mode, public_port: wished }: InstanceUpdate,
    before: AddressColumns,
    row: InstanceEntity | null,
  ): Promise<number | null | undefined> {
    if ((mode ?? before.access_mode) !== 'port') {
      if (typeof wished === 'number')
        throw invalidFields({ public_port: 'Only an instance in port mode (access_mode "port") has one.' });
      return before.public_port === null ? undefined : null;
    }
    if (typeof wished === 'number') {
      await this.parts.published.take(wished, 'public_port', row);
      return wished;
    }
    const isKept = wished === undefined && before.public_port !== null;
    return isKept ? undefined : this.parts.published.choose('public_port');
  }

  /** The desktop's port, in the same manner; nobody asks for a certain one. */
  private async decideDesktopPort(
    { persistent_mode: wished }: InstanceUpdate,
    before: AddressColumns,
  ): Promise<number | null | undefined> {
    if (wished === undefined || wished === (before.persistent_port !== null)) return undefined;
    return wished ? this.parts.published.choose('persistent_port') : null;
  }
}

/** A hostname as it is stored; one that is none stays for the rules to refuse. */
export function withNormalHostname<Wish extends InstanceUpdate>(wish: Wish): Wish {
  const reading = typeof wish.hostname === 'string' ? readCustomHostname(wish.hostname) : null;
  return reading?.ok === true ? { ...wish, hostname: reading.value.text } : wish;
}

function hostnameOf(text: string | null): string | null {
  const reading = text === null ? null : readCustomHostname(text);
  return reading?.ok === true ? reading.value.hostname : null;
}
