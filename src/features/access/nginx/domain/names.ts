/** Files in NGINX's folder. Their names are relative to it, as an address of a unix socket has at most 107 bytes. */
export const NGINX_FILES = {
  config: 'nginx.conf',
  stagedConfig: 'nginx.conf.new',
  pid: 'nginx.pid',
  errorLog: 'error.log',
  /** Here AiKore answers what it answers itself. */
  appsSocket: 'apps.sock',
  /** Here AiKore says who may pass. */
  passageSocket: 'passage.sock',
  /** Here NGINX says which configuration it has. */
  controlSocket: 'control.sock',
  /** Notes about connections that may outlive AiKore. */
  passages: 'passages',
  cache: 'cache',
  temporary: 'temporary',
  certificate: 'certificate.pem',
  key: 'key.pem',
} as const;

/** Headers by which NGINX tells AiKore about a request. NGINX always overwrites them. */
export const FRONT_HEADERS = {
  entry: 'x-aikore-entry',
  peer: 'x-aikore-peer',
  peerPort: 'x-aikore-peer-port',
  serverPort: 'x-aikore-server-port',
  scheme: 'x-aikore-scheme',
  worker: 'x-aikore-worker',
  method: 'x-aikore-method',
  target: 'x-aikore-target',
  /** `upgrade`, `events` or nothing: what may stay open for long. */
  lasting: 'x-aikore-lasting',
  /** The status by which the application's failure is known; absent while there is none. */
  failure: 'x-aikore-failure',
} as const;

/** Headers of AiKore's answer to the question who may pass. */
export const PASSAGE_HEADERS = {
  /** The name of an upstream with idle connections, or the address itself. */
  slot: 'x-aikore-slot',
  port: 'x-aikore-port',
  /** `strip` or `whole`: which path the application gets. */
  path: 'x-aikore-path',
  mount: 'x-aikore-mount',
  cookie: 'x-aikore-cookie',
  authorization: 'x-aikore-authorization',
  forwardedFor: 'x-aikore-forwarded-for',
  forwardedProto: 'x-aikore-forwarded-proto',
  forwardedHost: 'x-aikore-forwarded-host',
  forwardedPrefix: 'x-aikore-forwarded-prefix',
  /** What the application does not know to stand before the paths of its Locations. */
  location: 'x-aikore-location',
} as const;

/** The upstream that keeps idle connections to an application's port. */
export function slotName(port: number): string {
  return `aikore_${port}`;
}

/** The ports that have a slot in a configuration. */
export function slotsOf(text: string): Set<number> {
  return new Set([...text.matchAll(/^\s*upstream aikore_(\d{1,5}) \{/gm)].map(([, port]) => Number(port)));
}

/** Everywhere the address of a header's value in NGINX. */
export function headerVariable(prefix: 'http' | 'upstream_http', name: string): string {
  return `$${prefix}_${name.replaceAll('-', '_')}`;
}
