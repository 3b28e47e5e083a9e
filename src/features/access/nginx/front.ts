import type { IncomingMessage } from 'node:http';
import { setPeer } from '../../../core/http/peer.js';
import type { Arrival } from '../apps-listener.js';
import type { Entry } from '../domain/entry.js';
import { MAX_HEADER_BYTES } from '../upstream.js';
import { FRONT_HEADERS } from './domain/names.js';

type FrontHeader = keyof typeof FRONT_HEADERS;

/** What NGINX adds comes on top of what a browser may send; the longest of it is the address, once more. */
export const MAX_FRONT_BYTES = 2 * MAX_HEADER_BYTES;

/** What NGINX says of a request that it passes on. */
export interface FrontFacts extends Arrival {
  method: string;
  target: string;
  isUpgrade: boolean;
  /** It may stay open for long: a WebSocket, a stream of events. */
  isLasting: boolean;
  /** The connection on which it came to NGINX, and the worker that has it. */
  connection: { localPort: number; peerAddress: string; peerPort: number };
  workerPid: number;
}

/**
 * Takes what NGINX adds out of a request's headers, so that the request is what the browser sent, and notes whose
 * connection NGINX has.
 */
export function takeFrontFacts(request: IncomingMessage): FrontFacts {
  const text = (name: FrontHeader): string => String(request.headers[FRONT_HEADERS[name]] ?? '');
  const facts: FrontFacts = {
    entry: entryOf(text('entry')),
    hasFailed: text('failure') !== '',
    method: text('method'),
    target: text('target'),
    isUpgrade: text('lasting') === 'upgrade',
    isLasting: text('lasting') !== '',
    connection: {
      localPort: Number(text('serverPort')),
      peerAddress: text('peer'),
      peerPort: Number(text('peerPort')),
    },
    workerPid: Number(text('worker')),
  };
  setPeer(request, { address: facts.connection.peerAddress, isTls: text('scheme') === 'https' });
  removeFrontHeaders(request);
  // After a failure NGINX asks by GET, and its question who may pass is one about another request.
  if (facts.method !== '') request.method = facts.method;
  if (facts.target !== '') request.url = facts.target;
  return facts;
}

function entryOf(text: string): Entry {
  const port = /^port:(\d{1,5})$/.exec(text)?.[1];
  return port === undefined ? { kind: 'shared' } : { kind: 'port', port: Number(port) };
}

const NAMES: ReadonlySet<string> = new Set(Object.values(FRONT_HEADERS));

function removeFrontHeaders(request: IncomingMessage): void {
  for (const name of NAMES) Reflect.deleteProperty(request.headers, name);
  const raw = request.rawHeaders;
  for (let index = raw.length - 2; index >= 0; index -= 2) {
    if (NAMES.has((raw[index] ?? '').toLowerCase())) raw.splice(index, 2);
  }
}
