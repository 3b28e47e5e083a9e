import type { Instance } from '../../../src/contracts/instance.js';
import type { SystemInfo } from '../../../src/contracts/system.js';

/** A way by which an instance is reached. */
export interface Address {
  kind: 'path' | 'hostname' | 'port' | 'localhost' | 'desktop';
  label: string;
  url: string;
}

type Origins = Pick<SystemInfo, 'apps_url' | 'published_url'>;

/**
 * Every address of an instance, the one that its links have first.
 * @param pageUrl address of the dashboard: names under `localhost` lead to the machine of whoever looks at it
 */
export function addressesOf(instance: Instance, origins: Origins, pageUrl: string): Address[] {
  const { url, slug, access_mode: mode, public_port: port, desktop_url: desktop } = instance;
  const addresses: Address[] = [];
  if (isAtHostname(instance)) addresses.push({ kind: 'hostname', label: 'Hostname', url });
  if (mode === 'port' && port !== null)
    addresses.push({ kind: 'port', label: 'Port', url: `${origins.published_url}:${String(port)}/` });
  addresses.push({ kind: 'path', label: 'Path', url: pathAddress(slug, origins) });
  if (isLoopback(new URL(pageUrl).hostname)) {
    const local = new URL(pathAddress(slug, origins));
    const host = `${slug}.localhost${local.port === '' ? '' : `:${local.port}`}`;
    addresses.push({ kind: 'localhost', label: 'On this machine', url: `${local.protocol}//${host}/` });
  }
  if (desktop !== null) addresses.push({ kind: 'desktop', label: 'Desktop', url: desktop });
  return addresses;
}

/**
 * The address by which an application can be embedded: browsers send the sign-in along into frames of their page's own
 * host only, whatever port, so one that has a hostname is embedded by its path.
 */
export function embeddableAddress(instance: Instance, appsUrl: string | null): string {
  return isAtHostname(instance) && appsUrl !== null ? `${appsUrl}/instance/${instance.slug}/` : instance.url;
}

/**
 * Whether its hostname is its link: one that does not lead to it is kept, and its link is its port or path then, perhaps
 * at that very name, where it is AiKore's own.
 */
function isAtHostname(instance: Instance): boolean {
  const { use_custom_hostname: isUsed, hostname, url, slug, access_mode: mode, public_port: port } = instance;
  if (!isUsed || hostname === null || !URL.canParse(url)) return false;
  const link = new URL(url);
  if (/^https?:\/\//i.test(hostname)) return URL.canParse(hostname) && new URL(hostname).href === link.href;
  if (link.hostname !== hostname.replace(/:.*$/, '').toLowerCase()) return false;
  const isByPort = mode === 'port' && port !== null;
  return isByPort ? link.port !== String(port) : link.pathname !== `/instance/${slug}/`;
}

function pathAddress(slug: string, { apps_url: apps }: Origins): string {
  return `${apps}/instance/${slug}/`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127\.|^\[::1\]$/.test(hostname);
}
