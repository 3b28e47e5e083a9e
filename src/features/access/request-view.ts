import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { AccessRequest } from './access.ports.js';
import { isDocumentRequest } from './domain/documents.js';
import type { Entry } from './domain/entry.js';

/** What the decision about a request reads of it. */
export interface RequestView extends AccessRequest {
  /** The Host value; empty when there is none. */
  host: string;
  isDocument: boolean;
  entry: Entry;
}

/** Reads a request. */
export function viewOf(request: IncomingMessage, isUpgrade: boolean, entry: Entry): RequestView {
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    host: request.headers.host ?? '',
    isUpgrade,
    isSecure: request.socket instanceof TLSSocket,
    isDocument: !isUpgrade && isDocumentRequest(request.rawHeaders),
    remoteAddress: request.socket.remoteAddress ?? '',
    entry,
  };
}
