import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createWebServer } from '../../core/tls/serve-tls.js';
import type { TlsCertificate } from '../../core/tls/tls-certificate.js';
import type { AccessCaller } from './access.ports.js';
import { sendRawAnswer } from './answer.js';
import type { AppsHandler } from './apps-handler.js';
import type { Entry } from './domain/entry.js';
import { methodNotAllowed } from './refusals.js';
import { MAX_HEADER_BYTES } from './upstream.js';

const MAX_CONNECTIONS = 8192;
const HEADERS_TIMEOUT_MS = 30_000;
const CONNECTIONS_CHECK_MS = 5_000;
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
const KEEP_ALIVE_PROBE_MS = 60_000;

/** How a request came in. */
export interface Arrival {
  entry: Entry;
  /** The front has asked the application already, in vain. */
  hasFailed: boolean;
}

/** One door to the applications: a server that hands everything that comes in to the handler. */
export class AppsListener<Caller extends AccessCaller> {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly handler: AppsHandler<Caller>,
    private readonly door: (request: IncomingMessage) => Arrival,
    /** With what it serves TLS; null: it serves plain HTTP. */
    certificate: TlsCertificate | null,
    maxHeaderSize = MAX_HEADER_BYTES,
  ) {
    const rules = {
      maxHeaderSize,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
      // Uploads and generations take as long as they take.
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
      noDelay: true,
    };
    this.server = createWebServer(rules, certificate);
    // Node drops headers beyond this number without a word; their bytes are limited above.
    this.server.maxHeadersCount = 0;
    this.server.maxConnections = MAX_CONNECTIONS;
    this.server.timeout = 0;
    this.listenToEvents();
  }

  /**
   * Binds an address, or the path of a unix socket. `port` 0 takes any free one.
   * @returns the port that is bound, 0 for a socket.
   * @throws the system's error (`EADDRINUSE`, `EACCES`…).
   */
  async listen(where: { host: string; port: number } | { path: string }): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(where, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    const bound = this.server.address();
    return bound !== null && typeof bound === 'object' ? bound.port : 0;
  }

  /** Stops listening and ends every connection, WebSockets and downloads included. */
  async close(): Promise<void> {
    const isClosed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    for (const socket of this.sockets) socket.destroy();
    await isClosed;
  }

  private listenToEvents(): void {
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    const handle = (
      request: IncomingMessage,
      response: ServerResponse,
      isContinueExpected: boolean,
    ): void => {
      const { entry, hasFailed } = this.door(request);
      if (hasFailed) this.handler.explain(entry, request, response);
      else this.handler.handle(entry, request, response, isContinueExpected);
    };
    this.server.on('request', (request, response) => handle(request, response, false));
    this.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
      handle(request, response, true),
    );
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.handler.handleUpgrade(this.door(request).entry, request, socket, head),
    );
    this.server.on('connect', (_request: IncomingMessage, socket: Socket) => {
      socket.on('error', () => undefined);
      sendRawAnswer(socket, methodNotAllowed());
    });
  }
}
