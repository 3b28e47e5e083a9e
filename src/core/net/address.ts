import { isIPv4, isIPv6 } from 'node:net';

/** An IPv4 address inside of IPv6 (`::ffff:0:0/96`), as URL parsers write it: its last 32 bits as two groups. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * The one spelling of an IP address: IPv4 as it is, IPv6 compressed, in lower case and without its zone, an IPv4 address
 * that a dual-stack socket reports as IPv6 (`::ffff:192.0.2.1`) as IPv4. Null for what is no address.
 */
export function normalAddress(text: string): string | null {
  if (isIPv4(text)) return text;
  const withoutZone = text.replace(/%.*$/s, '');
  if (!isIPv6(withoutZone)) return null;
  const address = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1);
  const [, high, low] = MAPPED.exec(address) ?? [];
  return high === undefined || low === undefined ? address : dotted(high, low);
}

function dotted(high: string, low: string): string {
  const bits = [high, low].map((group) => Number.parseInt(group, 16));
  return bits.flatMap((group) => [group >> 8, group & 0xff]).join('.');
}
