import { LISTEN, readTable } from './port-holder.js';

/**
 * Addresses other than loopback on which somebody listens, such as `0.0.0.0`, `::` or `192.168.0.7`, by port, from
 * /proc/net/tcp and tcp6 of this network namespace. Making these tables costs the kernel milliseconds: once for many ports.
 */
export function exposedAddresses(): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const { port, bytes } of listenersIn(readTable(file))) {
      if (!isLoopback(bytes)) found.set(port, [...(found.get(port) ?? []), textOf(bytes)]);
    }
  }
  return found;
}

function listenersIn(table: string): { port: number; bytes: number[] }[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/, 4))
    .filter((fields) => fields[3] === LISTEN)
    .map((fields) => fields[1]?.split(':') ?? [])
    .map(([address, hexPort]) => ({
      port: Number.parseInt(hexPort ?? '', 16),
      bytes: bytesOf(address ?? ''),
    }));
}

/** The kernel prints an address as 32-bit words in the order of the machine's own bytes (proc_net_tcp.rst). */
function bytesOf(hex: string): number[] {
  const words = hex.match(/[0-9A-F]{8}/g) ?? [];
  const bytes = words.map((word) => (word.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
  return bytes.flatMap((word) => (isLittleEndian ? word.toReversed() : word));
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** An IPv4 address inside IPv6 (`::ffff:127.0.0.1`) is judged as what it stands for. */
function isLoopback(bytes: readonly number[]): boolean {
  const mapped = mappedOf(bytes);
  if (mapped.length === 4) return mapped[0] === 127;
  return mapped.every((byte, index) => byte === (index === 15 ? 1 : 0));
}

function mappedOf(bytes: readonly number[]): readonly number[] {
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return isMapped ? bytes.slice(12) : bytes;
}

function textOf(bytes: readonly number[]): string {
  const mapped = mappedOf(bytes);
  if (mapped.length === 4) return mapped.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  // The URL parser shortens it as RFC 5952 wants.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
