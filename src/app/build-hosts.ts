import { hostname } from 'node:os';
import type { Config } from '../core/config/config.js';
import type { HostPolicy } from '../core/http/host-policy.js';
import { createHostPolicy } from '../core/http/host-policy.js';

/** The names that AiKore answers to on this machine. @param instanceHostnames asked at each request */
export function buildHosts(config: Config, instanceHostnames: () => string[]): HostPolicy {
  return createHostPolicy({ config, machineName: hostname(), instanceHostnames });
}
