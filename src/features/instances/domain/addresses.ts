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

/** The address of an instance's application: its hostname's before its port's, and its path where it has neither. */
export function addressOf(instance: Addressed, seen: SeenOrigins): string {
  const { slug, access_mode: mode, public_port: port } = instance;
  return (
    hostnameLink(instance, seen) ??
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
