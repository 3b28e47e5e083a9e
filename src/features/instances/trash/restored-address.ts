import { AppError } from '../../../core/errors.js';
import { readCustomHostname } from '../../../core/http/domain/custom-hostname.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { PublishedLeases, PublishedUse } from '../leases/published-leases.js';
import type { AddressSettings } from '../settings/address-settings.js';

type AddressColumns = Pick<
  InstanceEntity,
  'access_mode' | 'public_port' | 'hostname' | 'use_custom_hostname' | 'persistent_port'
>;

/** What an instance was reached at before, as a manifest says it. */
export type FormerAddress = Partial<AddressColumns & Pick<InstanceEntity, 'persistent_mode'>>;

export interface RestoredAddress {
  columns: AddressColumns;
  /** Sentences about what could not come back. */
  notes: string[];
  /** The ports are stored or given up. */
  settle: () => void;
}

/** Gives a restored instance its former addresses back, or what is free in their place: others may have them by now. */
export async function restoreAddress(
  former: FormerAddress,
  slug: string,
  addresses: AddressSettings,
  published: PublishedLeases,
): Promise<RestoredAddress> {
  const notes: string[] = [];
  const named = hostnameOf(former, slug, addresses, notes);
  const isPortMode = former.access_mode === 'port';
  const publicPort = isPortMode
    ? await portOf(published, 'public_port', former.public_port, 'It is reached by its path now', notes)
    : null;
  const desktopPort =
    former.persistent_mode === true
      ? await portOf(published, 'persistent_port', former.persistent_port, 'Its desktop has none yet', notes)
      : null;
  return {
    columns: {
      ...named,
      access_mode: publicPort === null ? 'path' : 'port',
      public_port: publicPort,
      persistent_port: desktopPort,
    },
    notes,
    settle: () => {
      for (const port of [publicPort, desktopPort]) if (port !== null) published.settle(port);
    },
  };
}

/** One that is none by today's rule was taken over from the original AiKore; it leads nowhere and may stay. */
function hostnameOf(
  { hostname = null, use_custom_hostname: isUsed = false }: FormerAddress,
  slug: string,
  addresses: AddressSettings,
  notes: string[],
): Pick<AddressColumns, 'hostname' | 'use_custom_hostname'> {
  const reading = hostname === null ? null : readCustomHostname(hostname);
  if (reading?.ok !== true) return { hostname, use_custom_hostname: isUsed && hostname !== null };
  const conflict = addresses.nameConflict(reading.value, { slug, row: null });
  if (conflict === null) return { hostname, use_custom_hostname: isUsed };
  notes.push(`It came back without the hostname ${reading.value.text}: ${lowerFirst(conflict)}`);
  return { hostname: null, use_custom_hostname: false };
}

async function portOf(
  published: PublishedLeases,
  use: PublishedUse,
  former: number | null | undefined,
  otherwise: string,
  notes: string[],
): Promise<number | null> {
  if (typeof former === 'number') {
    const isFree = await published.take(former, use, null).then(
      () => true,
      () => false,
    );
    if (isFree) return former;
  }
  try {
    return await published.choose(use);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    notes.push(`${otherwise}: no port of the published range is free.`);
    return null;
  }
}

function lowerFirst(sentence: string): string {
  return sentence.startsWith('It ') ? `it ${sentence.slice(3)}` : sentence;
}
