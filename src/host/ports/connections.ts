import { readTable } from './port-holder.js';

/** State `ESTABLISHED` in /proc/net/tcp (include/net/tcp_states.h). */
const ESTABLISHED = '01';

/** One side's name of a TCP connection to this machine: its own port, and the peer's address and port. */
export interface ConnectionEnd {
  localPort: number;
  /** As sockets tell it: `127.0.0.1`, `::1`, `::ffff:127.0.0.1`. */
  peerAddress: string;
  peerPort: number;
}

/** Which of these connections are open, as the kernel's tables of this network namespace have it, read in one go. */
export function openConnections<T extends ConnectionEnd>(wanted: Iterable<T>): Set<T> {
  const byKey = new Map<string, T[]>();
  for (const end of wanted) {
    const key = keyOf(end);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [end]);
    else same.push(end);
  }
  const open = new Set<T>();
  if (byKey.size === 0) return open;
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readTable(file).split('\n').slice(1)) {
      const [, local, peer, state] = line.trim().split(/\s+/);
      if (state !== ESTABLISHED || local === undefined || peer === undefined) continue;
      for (const end of byKey.get(tableKey(local, peer)) ?? []) open.add(end);
    }
  }
  return open;
}

function keyOf({ localPort, peerAddress, peerPort }: ConnectionEnd): string {
  return `${localPort} ${hexAddress(peerAddress)} ${peerPort}`;
}

function tableKey(local: string, peer: string): string {
  const [, localPort = ''] = local.split(':');
  const [address = '', peerPort = ''] = peer.split(':');
  return `${Number.parseInt(localPort, 16)} ${wordsOf(address)} ${Number.parseInt(peerPort, 16)}`;
}

/** The table has 32-bit words in the machine's order of bytes; every machine that this runs on is little-endian. */
function wordsOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.map((word) => (word.match(/../g) ?? []).reverse().join('')).join('');
  return plain(bytes.toLowerCase());
}

/** An IPv4 address that came in through a socket of both families is the same address. */
function plain(hex: string): string {
  return hex.replace(/^0{20}ffff(?=.{8}$)/, '');
}

function hexAddress(address: string): string {
  if (!address.includes(':')) return ipv4Hex(address);
  const host = address.toLowerCase().replace(/^\[|\]$/g, '');
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(host);
  const text =
    dotted?.[1] === undefined || dotted[2] === undefined
      ? host
      : `${dotted[1]}${ipv4Hex(dotted[2]).replace(/^(.{4})/, '$1:')}`;
  const [head = '', tail] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const all = [...front, ...Array.from({ length: zeros }, () => '0'), ...back];
  return plain(all.map((group) => group.padStart(4, '0')).join(''));
}

function ipv4Hex(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('');
}
