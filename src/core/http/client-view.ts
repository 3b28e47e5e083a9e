import type { IncomingHttpHeaders } from 'node:http';
import { normalAddress } from '../net/address.js';
import type { Networks } from '../net/networks.js';
import type { Peer } from './peer.js';

/** How a browser (or another client) sees the connection on which it asks. */
export interface ClientView {
  /** In its normal spelling; empty where there is none, on a unix socket. */
  remoteAddress: string;
  /** It speaks TLS: with AiKore, or with a trusted proxy before it. */
  isSecure: boolean;
  /** The name and port that it asked for, empty when it named none. Nothing is known of its grammar yet. */
  host: string;
}

/**
 * Who is asking. A peer that is no trusted proxy counts for itself, whatever its headers say. A trusted one tells of its
 * own peer, which may be a trusted proxy again: `X-Forwarded-For` is read from the right, where the nearest proxy wrote,
 * up to the first address that is not trusted; what stands left of it anybody may have written. `Forwarded` is not read:
 * a proxy that does not know it passes on the client's.
 */
export function clientViewOf(peer: Peer, headers: IncomingHttpHeaders, trusted: Networks): ClientView {
  const host = headers.host ?? '';
  const remoteAddress = normalAddress(peer.address) ?? peer.address;
  if (!trusted.has(remoteAddress)) return { remoteAddress, isSecure: peer.isTls, host };
  const { address, hops } = farthest(remoteAddress, listOf(headers, 'x-forwarded-for'), trusted);
  const scheme = outermost(listOf(headers, 'x-forwarded-proto'), hops)?.toLowerCase();
  return {
    remoteAddress: address,
    isSecure: IS_SECURE.get(scheme ?? '') ?? peer.isTls,
    host: outermost(listOf(headers, 'x-forwarded-host'), hops) ?? host,
  };
}

const IS_SECURE: ReadonlyMap<string, boolean> = new Map([
  ['https', true],
  ['wss', true],
  ['http', false],
  ['ws', false],
]);

/** @returns the client, and how many trusted proxies stand before AiKore */
function farthest(
  peer: string,
  forwarded: readonly string[],
  trusted: Networks,
): { address: string; hops: number } {
  let address = peer;
  let hops = 1;
  for (const entry of [...forwarded].reverse()) {
    const next = addressOf(entry);
    // Whoever wrote that is the last one of whom something is known.
    if (next === null) break;
    address = next;
    if (!trusted.has(next)) break;
    hops += 1;
  }
  return { address, hops };
}

/**
 * Of a list to which each proxy adds at the right, what the outermost trusted one wrote. Most proxies replace the list
 * instead, so that it may be shorter than the chain; then all of it is theirs.
 */
function outermost(values: readonly string[], hops: number): string | undefined {
  return values[Math.max(0, values.length - hops)];
}

/** An entry with or without a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function addressOf(entry: string): string | null {
  const [, bracketed, dotted] = /^(?:\[(.+)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry) ?? [];
  return normalAddress(bracketed ?? dotted ?? entry);
}

/** Repeated headers are one list (RFC 9110, 5.3). */
function listOf(headers: IncomingHttpHeaders, name: string): string[] {
  const value = headers[name];
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
