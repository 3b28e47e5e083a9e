import { hostname } from 'node:os';
import type { Config } from '../core/config/config.js';
import type { HostPolicy } from '../core/http/host-policy.js';
import { createHostPolicy } from '../core/http/host-policy.js';
import { ownNames } from '../core/http/own-names.js';

export interface Hosts {
  /** The names that AiKore answers to on this machine. */
  policy: HostPolicy;
  /** Whether a name is AiKore's own, so that no instance may have it. */
  isOwnName: (name: string) => boolean;
}

/** @param isInstanceHostname asked at each request */
export function buildHosts(config: Config, isInstanceHostname: (hostname: string) => boolean): Hosts {
  const machineName = hostname();
  const own = ownNames(config, machineName);
  return {
    policy: createHostPolicy({ config, machineName, isInstanceHostname }),
    isOwnName: (name) => own.has(name),
  };
}
