/** Where the two origins are for browsers. */
export interface Origins {
  dashboardPort: number;
  appsPort: number;
  /** What browsers see when ports are mapped or a proxy stands before AiKore. */
  publicUrl: URL | null;
  appsPublicUrl: URL | null;
}

/** How a browser sees the address at which it asks. */
export interface Seen {
  /** A name or an address, and perhaps a port. */
  host: string;
  isSecure: boolean;
}

/** Scheme, host and port of this very address. */
export function ownOrigin({ host, isSecure }: Seen): string {
  return `${isSecure ? 'https' : 'http'}://${host}`;
}

/** The dashboard's origin as a browser that asked for something on another port reaches it. */
export function dashboardOrigin(seen: Seen, origins: Origins): string {
  return origins.publicUrl?.origin ?? onPort(seen, origins.dashboardPort);
}

/** The applications' origin as a browser that asked for something on another port reaches it. */
export function appsOrigin(seen: Seen, origins: Origins): string {
  return origins.appsPublicUrl?.origin ?? onPort(seen, origins.appsPort);
}

/** A port of the host that a browser asked for, in the manner of URLs: without the port that its scheme implies. */
function onPort({ host, isSecure }: Seen, port: number): string {
  const name = host.replace(/:\d+$/, '');
  return ownOrigin({ host: port === (isSecure ? 443 : 80) ? name : `${name}:${port}`, isSecure });
}

/** What an address on a published port begins with; the port follows. */
export function publishedOrigin({ host, isSecure }: Seen, origins: Origins): string {
  return ownOrigin({ host: origins.publicUrl?.hostname ?? host.replace(/:\d+$/, ''), isSecure });
}

/**
 * What the dashboard may embed, as sources of a content security policy: the applications' origin, and other ports of the
 * host that it is reached at, where applications of *port* mode are. A policy cannot name an IPv6 address (CSP3, 2.3.1),
 * so there its scheme has to do.
 */
export function frameSources(seen: Seen, origins: Origins): string {
  const addresses = [appsOrigin(seen, origins), dashboardOrigin(seen, origins)];
  const urls = addresses.filter((address) => URL.canParse(address)).map((address) => new URL(address));
  const sources = urls.map(({ protocol, hostname }) => {
    if (hostname.startsWith('[')) return protocol;
    // A Host that is refused is answered as well, and must not write the policy.
    return /^[a-z0-9._-]+$/.test(hostname) ? `${protocol}//${hostname}:*` : "'none'";
  });
  const usable = [...new Set(sources)].filter((source) => source !== "'none'");
  return usable.length === 0 ? "'none'" : usable.join(' ');
}

/**
 * The scheme that the browser used for this address of the applications' origin: that of the connection, or that of the
 * public address where the proxy that speaks TLS is not trusted.
 */
export function protocolOf({ host, isSecure }: Seen, origins: Origins): 'http' | 'https' {
  if (isSecure) return 'https';
  const url = origins.appsPublicUrl;
  return url?.protocol === 'https:' && url.host === normalHost(host, 'https:') ? 'https' : 'http';
}

/**
 * Where the dashboard's origin sends a request for an application: the Location for a 307, or null when the path is
 * none of an instance's. The raw path and query are kept as they are.
 */
export function redirectToApps(rawUrl: string, seen: Seen, origins: Origins): string | null {
  return /^\/instance\/[a-z0-9-]/.test(rawUrl) ? appsOrigin(seen, origins) + rawUrl : null;
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
  const seen = { host: normalHost(host, page.protocol), isSecure: page.protocol === 'https:' };
  return page.origin !== dashboardOrigin(seen, origins);
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
