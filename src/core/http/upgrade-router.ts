import type { IncomingMessage, Server } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Scope } from '../../contracts/auth.js';
import { AppError } from '../errors.js';
import type { Logger } from '../logging.js';
import type { Caller } from '../auth/caller.js';
import type { ClientView } from './client-view.js';
import type { ClientViews } from './client-views.js';
import { answerFor, toAppError } from './error-response.js';

export interface UpgradeContext {
  caller: Caller;
  request: IncomingMessage;
  client: ClientView;
  /** Named pieces of the path, percent-decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
}

/** A WebSocket address. `path` is like `/api/instances/:id/terminal`. */
export interface UpgradeRoute {
  path: string;
  scope: Scope;
  accept(socket: WebSocket, context: UpgradeContext): void;
  /** The gate turned a handshake away, which is told here besides. */
  refused?(attempt: Omit<UpgradeContext, 'caller'>, error: AppError): void;
}

/** Decides who may pass; throws an AppError for everybody else. */
export type UpgradeGate = (request: IncomingMessage, client: ClientView, scope: Scope) => Caller;

/** The largest message that a client may send; what clients say here is short. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;

/**
 * The only way to a WebSocket of the dashboard's origin: every handshake is matched whole against the known addresses
 * and passes the gate before a handler hears of it. What is not known is refused.
 */
export class UpgradeRouter {
  private readonly server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_BYTES,
  });
  private readonly routes: { route: UpgradeRoute; pattern: RegExp }[];

  constructor(
    routes: UpgradeRoute[],
    private readonly gate: UpgradeGate,
    private readonly clients: Pick<ClientViews, 'of'>,
    private readonly logger: Logger,
  ) {
    this.routes = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  }

  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  /** Ends every open WebSocket; 1001 tells the client that the server goes away. */
  close(): void {
    for (const client of this.server.clients) {
      client.close(1001);
      // A client that does not answer the closing handshake must not hold up a shutdown.
      setTimeout(() => client.terminate(), 500).unref();
    }
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    try {
      const { route, params, query } = this.find(request);
      const attempt = { request, client: this.clients.of(request), params, query };
      const caller = this.admit(route, attempt);
      this.server.handleUpgrade(request, socket, head, (client) => {
        this.accept(route, client, { ...attempt, caller });
      });
    } catch (error) {
      this.refuse(socket, error);
    }
  }

  private admit(route: UpgradeRoute, attempt: Omit<UpgradeContext, 'caller'>): Caller {
    try {
      return this.gate(attempt.request, attempt.client, route.scope);
    } catch (error) {
      if (error instanceof AppError) route.refused?.(attempt, error);
      throw error;
    }
  }

  /** From here on the connection speaks WebSocket: what fails is told by a close code. */
  private accept(route: UpgradeRoute, client: WebSocket, context: UpgradeContext): void {
    client.on('error', () => client.terminate());
    try {
      route.accept(client, context);
    } catch (error) {
      this.logger.error('a WebSocket could not be served', { path: route.path, error });
      client.close(1011, 'internal error');
    }
  }

  private find(request: IncomingMessage): {
    route: UpgradeRoute;
    params: Record<string, string>;
    query: URLSearchParams;
  } {
    const [path = '', query = ''] = (request.url ?? '/').split('?', 2);
    for (const { route, pattern } of this.routes) {
      const match = pattern.exec(path);
      if (match !== null) return { route, params: { ...match.groups }, query: new URLSearchParams(query) };
    }
    // Who is not signed in learns nothing about what exists.
    this.gate(request, this.clients.of(request), 'read');
    throw new AppError('not_found', 'NO_SUCH_ROUTE', 'There is no WebSocket at this address.');
  }

  private refuse(socket: Duplex, error: unknown): void {
    const appError = toAppError(error);
    const id = randomUUID();
    if (appError.kind === 'internal') this.logger.error('a handshake failed', { request_id: id, error });
    const { status, body, headers } = answerFor(appError, id);
    const text = JSON.stringify(body);
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    // Nothing watches this connection any more: a client that keeps its half open would hold it for ever.
    socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
  }
}

/** Parameters match one segment of unreserved characters; an id needs no more, and encoded tricks match nothing. */
function patternOf(path: string): RegExp {
  const source = path.replace(/[.]/g, '\\.').replace(/:([a-z]+)/g, '(?<$1>[A-Za-z0-9_-]+)');
  return new RegExp(`^${source}$`);
}
