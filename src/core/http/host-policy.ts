import type { Config } from '../config/config.js';
import { AppError } from '../errors.js';
import { parseHostHeader } from './host-header.js';
import { ownNames } from './own-names.js';

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
  /** Asked at each request: whether an instance has this name, lower case and without a port, for itself. */
  isInstanceHostname: (hostname: string) => boolean;
}

/**
 * Guards against DNS rebinding: a page of a foreign name that comes to resolve to this machine is, to the browser, of
 * the same origin as AiKore; only the `Host` header gives it away. Addresses and `localhost` cannot be rebound.
 */
export function createHostPolicy(options: HostPolicyOptions): HostPolicy {
  const known = ownNames(options.config, options.machineName);
  const accepts = (hostHeader: string | undefined): boolean => {
    const host = parseHostHeader(hostHeader);
    if (host === null) return false;
    const { hostname, isAddress } = host;
    return (
      isAddress ||
      known.has(hostname) ||
      hostname.endsWith('.localhost') ||
      options.isInstanceHostname(hostname)
    );
  };
  return {
    accepts,
    require: (hostHeader) => {
      if (!accepts(hostHeader)) throw unknownHost(hostHeader);
    },
  };
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
