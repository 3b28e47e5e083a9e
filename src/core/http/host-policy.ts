import type { Config } from '../config/config.js';
import { AppError } from '../errors.js';
import { parseHostHeader } from './host-header.js';

/** Which names AiKore answers to. */
export interface HostPolicy {
  accepts(hostHeader: string | undefined): boolean;
  /** @throws AppError `misdirected`, code UNKNOWN_HOST, for a name that is not accepted. */
  require(hostHeader: string | undefined): void;
}

export interface HostPolicyOptions {
  config: Pick<Config, 'allowedHosts' | 'publicUrl' | 'appsPublicUrl'>;
  /** What the operating system says this machine is called. */
  machineName: string;
  /** Asked at each request: `name`, `name:port` or an address (URL) of each instance that has one. */
  instanceHostnames: () => string[];
}

/**
 * Guards against DNS rebinding: a page of a foreign name that comes to resolve to this machine is, to the browser, of
 * the same origin as AiKore; only the `Host` header gives it away. Addresses and `localhost` cannot be rebound.
 */
export function createHostPolicy(options: HostPolicyOptions): HostPolicy {
  const known = new Set([
    'localhost',
    ...machineNames(options.machineName),
    ...options.config.allowedHosts.map((name) => name.toLowerCase()),
    ...[options.config.publicUrl, options.config.appsPublicUrl].flatMap((url) =>
      url === null ? [] : [url.hostname],
    ),
  ]);
  const accepts = (hostHeader: string | undefined): boolean => {
    const host = parseHostHeader(hostHeader);
    if (host === null) return false;
    const { hostname, isAddress } = host;
    return (
      isAddress ||
      known.has(hostname) ||
      hostname.endsWith('.localhost') ||
      options.instanceHostnames().some((text) => hostnameOf(text) === hostname)
    );
  };
  return {
    accepts,
    require: (hostHeader) => {
      if (!accepts(hostHeader)) throw unknownHost(hostHeader);
    },
  };
}

/** The whole name, its first label, and the name that multicast DNS gives it. */
function machineNames(machineName: string): string[] {
  const name = machineName.toLowerCase().replace(/\.$/, '');
  const label = name.split('.')[0] ?? '';
  return label === '' ? [] : [name, label, `${label}.local`];
}

/** The name in `name`, `name:port` or an address (URL), lower case; null where there is none. */
export function hostnameOf(text: string): string | null {
  const address = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  return URL.canParse(address) ? new URL(address).hostname : null;
}

/** The name is repeated only when its grammar is that of a host name: pages show this sentence. */
function unknownHost(hostHeader: string | undefined): AppError {
  const hostname = parseHostHeader(hostHeader)?.hostname;
  const name = hostname === undefined ? 'the host name of this request' : `the name "${hostname}"`;
  return new AppError(
    'misdirected',
    'UNKNOWN_HOST',
    `AiKore does not answer to ${name}. If it is a name of this machine, add it to AIKORE_ALLOWED_HOSTS and start AiKore again.`,
  );
}
