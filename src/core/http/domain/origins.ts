/** Where the two origins are for browsers. */
export interface Origins {
  dashboardPort: number;
  appsPort: number;
  /** What browsers see when ports are mapped or a proxy stands before AiKore. */
  publicUrl: URL | null;
  appsPublicUrl: URL | null;
}

/** The host without its port. `host` is a valid Host value. */
function hostNameOf(host: string): string {
  return host.replace(/:\d+$/, '');
}

/** The dashboard's origin as the browser that sent this Host reaches it. */
export function dashboardOrigin(host: string, origins: Origins): string {
  return origins.publicUrl?.origin ?? `http://${hostNameOf(host)}:${origins.dashboardPort}`;
}

/** The applications' origin as the browser that sent this Host (to the dashboard) reaches it. */
export function appsOrigin(host: string, origins: Origins): string {
  return origins.appsPublicUrl?.origin ?? `http://${hostNameOf(host)}:${origins.appsPort}`;
}

/**
 * What the dashboard may embed, as sources of a content security policy: the applications' origin, and other ports of the
 * host that it is reached at, where applications of *port* mode are. A policy cannot name an IPv6 address (CSP3, 2.3.1),
 * so there its scheme has to do.
 */
export function frameSources(host: string, origins: Origins): string {
  const addresses = [appsOrigin(host, origins), dashboardOrigin(host, origins)];
  const urls = addresses.filter((address) => URL.canParse(address)).map((address) => new URL(address));
  const sources = urls.map(({ protocol, hostname }) => {
    if (hostname.startsWith('[')) return protocol;
    // A Host that is refused is answered as well, and must not write the policy.
    return /^[a-z0-9._-]+$/.test(hostname) ? `${protocol}//${hostname}:*` : "'none'";
  });
  const usable = [...new Set(sources)].filter((source) => source !== "'none'");
  return usable.length === 0 ? "'none'" : usable.join(' ');
}

/** The scheme that the browser used for this Host on the applications' origin. */
export function protocolOf(host: string, origins: Origins): 'http' | 'https' {
  const url = origins.appsPublicUrl;
  return url?.protocol === 'https:' && url.host === normalHost(host, 'https:') ? 'https' : 'http';
}

/**
 * Where the dashboard's origin sends a request for an application: the Location for a 307, or null when the path is
 * none of an instance's. The raw path and query are kept as they are.
 */
export function redirectToApps(rawUrl: string, host: string, origins: Origins): string | null {
  return /^\/instance\/[a-z0-9-]/.test(rawUrl) ? appsOrigin(host, origins) + rawUrl : null;
}

/**
 * Whether an Origin header names a page that is neither an application's nor the dashboard's. The scheme is not
 * compared: a proxy before AiKore may speak TLS, and nobody else can serve the same host and port.
 */
export function isForeignOrigin(origin: string, host: string, origins: Origins): boolean {
  const page = parse(origin);
  if (page === null) return true;
  if (page.host === normalHost(host, page.protocol)) return false;
  if (page.origin === origins.appsPublicUrl?.origin) return false;
  return page.origin !== dashboardOrigin(normalHost(host, 'http:'), origins);
}

/** Whether an Origin header names the very host and port that was asked; the scheme is not compared, as above. */
export function isOriginOfHost(origin: string, host: string): boolean {
  const page = parse(origin);
  return page !== null && page.host === normalHost(host, page.protocol);
}

/** Lower case and without the scheme's default port, as URL parsers write it. */
function normalHost(host: string, scheme: string): string {
  return parse(`${scheme}//${host}`)?.host ?? host.toLowerCase();
}

function parse(text: string): URL | null {
  return /^https?:/i.test(text) && URL.canParse(text) ? new URL(text) : null;
}
