import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
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

/** One door to the applications: a server that hands everything that comes in to the handler. */
export class AppsListener<Caller extends AccessCaller> {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly handler: AppsHandler<Caller>,
    private readonly entry: Entry,
  ) {
    this.server = createServer({
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
      // Uploads and generations take as long as they take.
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
      noDelay: true,
    });
    // Node drops headers beyond this number without a word; their bytes are limited above.
    this.server.maxHeadersCount = 0;
    this.server.maxConnections = MAX_CONNECTIONS;
    this.server.timeout = 0;
    this.listenToEvents();
  }

  /**
   * Binds the address. `port` 0 takes any free one.
   * @returns the port that is bound.
   * @throws the system's error (`EADDRINUSE`, `EACCES`…).
   */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port }, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    return (this.server.address() as AddressInfo).port;
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
    this.server.on('request', (request, response) =>
      this.handler.handle(this.entry, request, response, false),
    );
    this.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
      this.handler.handle(this.entry, request, response, true),
    );
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.handler.handleUpgrade(this.entry, request, socket, head),
    );
    this.server.on('connect', (_request: IncomingMessage, socket: Socket) => {
      socket.on('error', () => undefined);
      sendRawAnswer(socket, methodNotAllowed());
    });
  }
}
