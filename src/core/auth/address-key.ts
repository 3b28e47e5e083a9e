import { isIPv4, isIPv6 } from 'node:net';

const GROUPS_OF_A_NETWORK = 4;
const GROUPS_OF_AN_ADDRESS = 8;

function groupsOf(part: string | undefined): string[] {
  return part === undefined || part === '' ? [] : part.split(':');
}

/** The first 64 bits of an IPv6 address as four groups without leading zeros. */
function networkOf(address: string): string {
  const [head, tail] = address.toLowerCase().split('::');
  const first = groupsOf(head);
  const last = groupsOf(tail);
  const isTailDotted = (last.at(-1) ?? '').includes('.');
  const missing = GROUPS_OF_AN_ADDRESS - first.length - last.length - (isTailDotted ? 1 : 0);
  const all = [...first, ...Array<string>(Math.max(0, missing)).fill('0'), ...last];
  return all
    .slice(0, GROUPS_OF_A_NETWORK)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/**
 * Under which name the attempts of an address are counted: an IPv4 address by itself, also when it is written as IPv6
 * (`::ffff:192.0.2.1`, what a dual-stack socket reports), and an IPv6 address by its /64, because one household owns
 * that many. Anything else stands for itself.
 */
export function addressKey(address: string): string {
  const withoutZone = address.replace(/%.*$/s, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(withoutZone)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  return isIPv6(withoutZone) ? `${networkOf(withoutZone)}::/64` : address;
}
