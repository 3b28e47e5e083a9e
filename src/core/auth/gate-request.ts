import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ClientView } from '../http/client-view.js';

/** What the gate looks at. Address, scheme and host are those of the client, not of a trusted proxy before AiKore. */
export interface GateRequest extends ClientView {
  method: string;
  /** The request target as it was sent. */
  target: string;
  headers: IncomingHttpHeaders;
  /** Names and values in turn, as they were sent. */
  rawHeaders: readonly string[];
  /** A handshake that changes the protocol: WebSocket. */
  isUpgrade: boolean;
}

/** The gate's view of a request that Node has parsed. */
export function gateRequestOf(message: IncomingMessage, client: ClientView, isUpgrade: boolean): GateRequest {
  return {
    method: message.method ?? '',
    target: message.url ?? '',
    headers: message.headers,
    rawHeaders: message.rawHeaders,
    isUpgrade,
    ...client,
  };
}

/** Node keeps the first of these, others the last: two of one kind are read differently by different programs. */
const AT_MOST_ONCE: ReadonlySet<string> = new Set(['host', 'origin', 'authorization', 'sec-fetch-site']);

/** The name of a header that decides about access and was sent twice, or null. */
export function repeatedHeader(rawHeaders: readonly string[]): string | null {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!AT_MOST_ONCE.has(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}
