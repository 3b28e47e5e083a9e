import type { Origins } from '../../../core/http/domain/origins.js';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * Whether AiKore can be what answers at an origin whose host name is one application's. Another port of the name may
 * be anybody's: whoever listens there must not be handed a sign-in.
 * @param setting the host name as it was typed (`name`, `name:port` or the URL of a proxy before AiKore); null for
 *   `<slug>.localhost`
 */
export function isServedOrigin(origin: URL, setting: string | null, origins: Origins): boolean {
  const { dashboardPort, appsPort, publicUrl, appsPublicUrl } = origins;
  const known = [
    dashboardPort,
    appsPort,
    ...[publicUrl, appsPublicUrl].flatMap((url) => (url === null ? [] : [portOf(url)])),
    ...(setting === null ? [] : portsOfSetting(setting, origin)),
  ];
  return known.includes(portOf(origin));
}

/** A name without a port is often published on the scheme's own, by a container or a proxy. */
function portsOfSetting(setting: string, origin: URL): number[] {
  const address = /^https?:\/\//i.test(setting) ? setting : `${origin.protocol}//${setting}`;
  return URL.canParse(address) ? [portOf(new URL(address))] : [];
}

function portOf(url: URL): number {
  return url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
}
