import type { Config } from '../config/config.js';

/**
 * The names that AiKore itself is known by, in lower case: they lead to the dashboard and its applications, so no
 * instance may have one.
 * @param machineName what the operating system says this machine is called
 */
export function ownNames(
  config: Pick<Config, 'allowedHosts' | 'publicUrl' | 'appsPublicUrl'>,
  machineName: string,
): ReadonlySet<string> {
  return new Set([
    'localhost',
    ...machineNames(machineName),
    ...config.allowedHosts.map((name) => name.toLowerCase()),
    ...[config.publicUrl, config.appsPublicUrl].flatMap((url) => (url === null ? [] : [url.hostname])),
  ]);
}

/** The whole name, its first label, and the name that multicast DNS gives it. */
function machineNames(machineName: string): string[] {
  const name = machineName.toLowerCase().replace(/\.$/, '');
  const label = name.split('.')[0] ?? '';
  return label === '' ? [] : [name, label, `${label}.local`];
}
