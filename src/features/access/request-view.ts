import type { IncomingMessage } from 'node:http';
import type { ClientView } from '../../core/http/client-view.js';
import type { AccessRequest } from './access.ports.js';
import { isDocumentRequest } from './domain/documents.js';
import type { Entry } from './domain/entry.js';
import type { WorkerKind } from './domain/worker-scripts.js';
import { workerKindOf } from './domain/worker-scripts.js';

/** What the decision about a request reads of it. */
export interface RequestView extends AccessRequest {
  isDocument: boolean;
  entry: Entry;
  /** The browser asks for the script of a worker; null for everything else. */
  workerKind: WorkerKind | null;
}

/** Reads a request. @param client who sends it */
export function viewOf(
  request: IncomingMessage,
  client: ClientView,
  isUpgrade: boolean,
  entry: Entry,
): RequestView {
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    isUpgrade,
    isDocument: !isUpgrade && isDocumentRequest(request.rawHeaders),
    ...client,
    workerKind: isUpgrade ? null : workerKindOf(request.url ?? ''),
    entry,
  };
}
