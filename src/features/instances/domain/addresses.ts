import { readCustomHostname } from '../../../core/http/domain/custom-hostname.js';
import type { AccessMode } from '../../../contracts/instance.js';

/** AiKore's origins as the asking browser sees them, without a trailing slash. */
export interface SeenOrigins {
  dashboard: string;
  apps: string;
  /** Scheme and host of what answers on a port of the published range; the port follows. */
  published: string;
}

/** What an instance's addresses depend on. */
export interface Addressed {
  slug: string;
  access_mode: AccessMode;
  public_port: number | null;
  hostname: string | null;
  use_custom_hostname: boolean;
  persistent_mode: boolean;
  persistent_port: number | null;
}

/** Whom a hostname leads to, lower case and without a port: AiKore itself, an instance, or nobody. */
export type FindAtHostname = (hostname: string) => 'aikore' | { instanceId: number; name: string } | null;

/**
 * Why an instance's hostname does not lead to it, as a sentence; null when it does, or when none is in use. The settings
 * refuse such a name, but AiKore may have got it later, or it comes from the original AiKore, which had no rules.
 */
export function hostnameTrouble(
  instance: Pick<Addressed, 'hostname' | 'use_custom_hostname'> & { id: number },
  findAt: FindAtHostname,
): string | null {
  if (!instance.use_custom_hostname || instance.hostname === null) return null;
  const reading = readCustomHostname(instance.hostname);
  if (!reading.ok) return `Its hostname does not lead to it. ${reading.problem}`;
  const { hostname } = reading.value;
  const found = findAt(hostname);
  if (found !== 'aikore' && found?.instanceId === instance.id) return null;
  const why = found === 'aikore' ? 'is a name of AiKore itself' : `leads to ${found?.name ?? 'no instance'}`;
  return `Its hostname ${hostname} ${why}, so its link is another address. Give it another name, or switch its hostname off.`;
}

/**
 * The address of an instance's application: its hostname's before its port's, and its path where it has neither.
 * @param isAtHostname whether its hostname leads to it, if it has one
 */
export function addressOf(instance: Addressed, seen: SeenOrigins, isAtHostname: boolean): string {
  const { slug, access_mode: mode, public_port: port } = instance;
  return (
    (isAtHostname ? hostnameLink(instance, seen) : null) ??
    (mode === 'port' && port !== null ? `${seen.published}:${port}/` : `${seen.apps}/instance/${slug}/`)
  );
}

/** The address of its desktop, or null when it has none. */
export function desktopAddressOf(instance: Addressed, seen: SeenOrigins): string | null {
  const { persistent_mode: isPersistent, persistent_port: port } = instance;
  return isPersistent && port !== null ? `${seen.published}:${port}/` : null;
}

/**
 * A name without a port leads to where the browser is already, when that is a default port (one that was published for
 * all), and to the applications' port otherwise: both answer at it.
 */
function hostnameLink(instance: Addressed, { dashboard, apps }: SeenOrigins): string | null {
  if (!instance.use_custom_hostname || instance.hostname === null) return null;
  const reading = readCustomHostname(instance.hostname);
  if (!reading.ok) return null;
  const { hostname, port, link } = reading.value;
  if (link !== null) return link;
  const base = new URL(new URL(dashboard).port === '' ? dashboard : apps);
  const suffix = port ?? base.port;
  return `${base.protocol}//${hostname}${suffix === '' ? '' : `:${suffix}`}/`;
}
