import { resolve } from 'node:path';
import type { TlsFiles } from '../tls/tls-pair.js';
import type { AppUser } from './app-user.js';
import { ConfigError, isLoopbackHost, readers } from './readers.js';
import type { PortRange } from './readers.js';
import { readTlsFiles } from './tls-files.js';

/** Which X server desktops get: the best that is there, a certain one, or none. */
export type DisplayServerChoice = 'auto' | 'kasmvnc' | 'tigervnc' | 'none';

/** Everything that the environment decides, read once at start. */
export interface Config {
  dataDir: string;
  host: string;
  port: number;
  appsPort: number;
  instancePortRange: PortRange;
  password: string | null;
  token: string | null;
  publicUrl: URL | null;
  appsPublicUrl: URL | null;
  allowedHosts: string[];
  /** Addresses and networks whose `X-Forwarded-*` headers are believed. */
  trustedProxies: string[];
  /** With what AiKore serves TLS; null: it serves plain HTTP. */
  tls: TlsFiles | null;
  /** Who serves applications; `auto`: NGINX where it is installed. */
  proxy: 'auto' | 'nginx' | 'embedded';
  isAuthOn: boolean;
  stalledAfterSeconds: number;
  stopGraceSeconds: number;
  /** Of all logs of one instance together. */
  logMaxBytes: number;
  isKeepInstances: boolean;
  displayServer: DisplayServerChoice;
  /** As whom applications run; null: as AiKore's own user. */
  appUser: AppUser | null;
  readyFile: string | null;
  isVerbose: boolean;
}

/**
 * Reads the configuration from environment variables (contract: docs/configuration.md).
 * @throws ConfigError with one line that names the variable and what it accepts, never a secret's value.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = readers(env);
  const config: Config = {
    dataDir: resolve(read.text('AIKORE_DATA_DIR') ?? './data'),
    host: read.host('AIKORE_HOST', '127.0.0.1'),
    port: read.port('AIKORE_PORT', 9000),
    appsPort: read.port('AIKORE_APPS_PORT', 9001),
    instancePortRange: read.portRange('AIKORE_INSTANCE_PORT_RANGE', { first: 19001, last: 19020 }),
    password: read.secret('AIKORE_PASSWORD', 1, 1024),
    token: read.secret('AIKORE_TOKEN', 16, 1024),
    publicUrl: read.origin('AIKORE_PUBLIC_URL'),
    appsPublicUrl: read.origin('AIKORE_APPS_PUBLIC_URL'),
    allowedHosts: read.hostList('AIKORE_ALLOWED_HOSTS'),
    trustedProxies: read.networkList('AIKORE_TRUSTED_PROXIES'),
    tls: readTlsFiles(read.text('AIKORE_TLS_CERT'), read.text('AIKORE_TLS_KEY')),
    proxy: read.oneOf('AIKORE_PROXY', ['auto', 'nginx', 'embedded'], 'auto'),
    isAuthOn: read.oneOf('AIKORE_AUTH', ['on', 'off'], 'on') === 'on',
    stalledAfterSeconds: read.integer('AIKORE_STALLED_AFTER', 180, 1, 86_400),
    stopGraceSeconds: read.integer('AIKORE_STOP_GRACE', 10, 0, 3600),
    logMaxBytes: read.integer('AIKORE_LOG_MAX_MB', 2048, 8, 1_000_000) * 1024 * 1024,
    isKeepInstances: read.oneOf('AIKORE_KEEP_INSTANCES', ['0', '1'], '0') === '1',
    displayServer: read.oneOf('AIKORE_DISPLAY_SERVER', ['auto', 'kasmvnc', 'tigervnc', 'none'], 'auto'),
    appUser: read.appUser('AIKORE_APP_USER'),
    readyFile: read.text('AIKORE_READY_FILE'),
    isVerbose: read.oneOf('AIKORE_VERBOSE', ['0', '1'], '0') === '1',
  };
  checkTogether(config);
  return config;
}

function checkTogether(config: Config): void {
  if (!config.isAuthOn && !isLoopbackHost(config.host)) {
    throw new ConfigError(
      'AIKORE_AUTH=off is accepted only while AIKORE_HOST is a loopback address such as 127.0.0.1.',
    );
  }
  if (config.port !== 0 && config.port === config.appsPort) {
    throw new ConfigError(
      'AIKORE_APPS_PORT must differ from AIKORE_PORT: applications are served on an origin of their own.',
    );
  }
  for (const [name, port] of [
    ['AIKORE_PORT', config.port],
    ['AIKORE_APPS_PORT', config.appsPort],
  ] as const) {
    if (port >= config.instancePortRange.first && port <= config.instancePortRange.last) {
      throw new ConfigError(`${name} must lie outside AIKORE_INSTANCE_PORT_RANGE.`);
    }
  }
}
