/** All that a configuration depends on. No text of a user is among it but hostnames, whose grammar is checked. */
export interface NginxPlan {
  /** The address to listen on: IPv4 or IPv6, no name. */
  address: string;
  /** The applications' port. */
  port: number;
  /** Ports of the published range that are one instance's alone. */
  publicPorts: readonly number[];
  /** Names of instances, lower case, without a port. */
  hostnames: readonly string[];
  /** Applications' ports for which idle connections are kept. */
  slots: readonly number[];
  /** Changes whenever certificate or key do; null where AiKore serves plain HTTP. */
  tlsFingerprint: string | null;
  workers: number;
  /** As whom workers run; null when NGINX is not started by root and they run as whoever starts it. */
  user: string | null;
}

const HOSTNAME =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const IPV6 = /^[0-9a-f:.]{2,45}$/i;
const USER = /^[a-z_][a-z0-9_-]{0,31}$/;
const FINGERPRINT = /^[0-9a-f]{8,64}$/;

/**
 * What reaches the file is checked here once more, whatever was checked before: `nginx -t` calls a hostname that opens a
 * server block of its own "ok".
 * @throws TypeError
 */
export function requireSound(plan: NginxPlan): void {
  const wrong = (what: string): never => {
    throw new TypeError(`NGINX's plan has ${what}`);
  };
  if (!IPV4.test(plan.address) && !(plan.address.includes(':') && IPV6.test(plan.address)))
    wrong('an address that is none');
  const ports = [plan.port, ...plan.publicPorts, ...plan.slots];
  if (!ports.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535))
    wrong('a port that is none');
  if (new Set([plan.port, ...plan.publicPorts]).size !== plan.publicPorts.length + 1) wrong('a port twice');
  if (new Set(plan.slots).size !== plan.slots.length) wrong('a slot twice');
  if (!plan.hostnames.every((name) => HOSTNAME.test(name))) wrong('a hostname that is none');
  if (new Set(plan.hostnames).size !== plan.hostnames.length) wrong('a hostname twice');
  if (!Number.isInteger(plan.workers) || plan.workers < 1 || plan.workers > 64)
    wrong('a wrong number of workers');
  if (plan.user !== null && !USER.test(plan.user)) wrong('a user name that is none');
  if (plan.tlsFingerprint !== null && !FINGERPRINT.test(plan.tlsFingerprint))
    wrong('a fingerprint that is none');
}
