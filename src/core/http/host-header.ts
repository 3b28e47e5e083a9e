import { isIPv4, isIPv6 } from 'node:net';
import { isHostName } from '../config/readers.js';

/** A `Host` header taken apart. */
export interface HostHeader {
  /** Lower case, without brackets. */
  hostname: string;
  isAddress: boolean;
  port: number | null;
}

const SHAPE = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9.-]{1,253}))(?::([0-9]{1,5}))?$/;

/** Browsers read such a name as an IPv4 address in another notation and send that (URL standard, section 3.5). */
const ENDS_IN_A_NUMBER = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/;

/**
 * Takes a `Host` header apart by the strict grammar of what browsers send: a name, an IPv4 or a bracketed IPv6 address,
 * and perhaps a port. Null for anything else (user information, a trailing dot, a zone, a list…).
 */
export function parseHostHeader(header: string | undefined): HostHeader | null {
  const match = SHAPE.exec(header ?? '');
  if (match === null) return null;
  const [, bracketed, plain, portText] = match;
  const port = portText === undefined ? null : Number(portText);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  if (bracketed !== undefined) {
    return isIPv6(bracketed) ? { hostname: bracketed.toLowerCase(), isAddress: true, port } : null;
  }
  const hostname = (plain ?? '').toLowerCase();
  if (isIPv4(hostname)) return { hostname, isAddress: true, port };
  return isHostName(hostname) && !ENDS_IN_A_NUMBER.test(hostname)
    ? { hostname, isAddress: false, port }
    : null;
}
