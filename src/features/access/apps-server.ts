import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { messageOf } from '../../core/errors.js';
import { createWebServer } from '../../core/tls/serve-tls.js';
import type { TlsCertificate } from '../../core/tls/tls-certificate.js';
import type { Logger } from '../../core/logging.js';
import type { AccessRules, Decision } from './access-decision.js';
import { AccessDecision } from './access-decision.js';
import type { AccessCaller, LiveSockets, OwnCredentials, RouteState } from './access.ports.js';
import type { Answer } from './answer.js';
import { errorAnswer, sendAnswer, sendRawAnswer } from './answer.js';
import type { ClientViews } from '../../core/http/client-views.js';
import { protocolOf } from '../../core/http/domain/origins.js';
import { EmbeddedProxy } from './embedded-proxy.js';
import { methodNotAllowed, noAnswer, notReady } from './refusals.js';
import type { RequestView } from './request-view.js';
import { viewOf } from './request-view.js';
import type { ProxyJob } from './upstream.js';
import { MAX_HEADER_BYTES } from './upstream.js';

export interface AppsServerOptions<Caller extends AccessCaller> extends AccessRules<Caller> {
  liveSockets: LiveSockets<Caller>;
  credentials: OwnCredentials;
  clients: Pick<ClientViews, 'of'>;
  /** With what it serves TLS; null: it serves plain HTTP. */
  certificate: TlsCertificate | null;
  logger: Logger;
}

const MAX_CONNECTIONS = 8192;
const HEADERS_TIMEOUT_MS = 30_000;
const CONNECTIONS_CHECK_MS = 5_000;
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
const KEEP_ALIVE_PROBE_MS = 60_000;

/** How long the body of a refused request is taken, so that its sender gets to read why. */
const REFUSED_BODY_LIMIT_MS = 3_000;

/** The applications' origin: one listener that decides about every request and hands the admitted ones to the proxy. */
export class AppsServer<Caller extends AccessCaller> {
  private readonly server: Server;
  private readonly decision: AccessDecision<Caller>;
  private readonly proxy: EmbeddedProxy;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly options: AppsServerOptions<Caller>) {
    this.decision = new AccessDecision(options);
    this.proxy = new EmbeddedProxy(options.credentials, options.logger);
    const rules = {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
      // Uploads and generations take as long as they take.
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
      noDelay: true,
    };
    this.server = createWebServer(rules, options.certificate);
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
    this.proxy.close();
    await isClosed;
  }

  private listenToEvents(): void {
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server.on('request', (request, response) => this.handle(request, response, false));
    this.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
      this.handle(request, response, true),
    );
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.handleUpgrade(request, socket, head),
    );
    this.server.on('connect', (_request: IncomingMessage, socket: Socket) => {
      socket.on('error', () => undefined);
      sendRawAnswer(socket, methodNotAllowed());
    });
  }

  private handle(request: IncomingMessage, response: ServerResponse, isContinueExpected: boolean): void {
    const view = viewOf(request, this.options.clients.of(request), false);
    const decision = this.decide(view);
    if (decision.kind === 'answer') {
      if (isContinueExpected) response.shouldKeepAlive = false;
      takeBodyAway(request, decision.isAdmitted);
      void this.resolve(decision.answer).then((answer) =>
        sendAnswer(response, answer, view.method === 'HEAD'),
      );
      return;
    }
    const live = this.options.liveSockets.add(decision.caller, () => request.socket.destroy());
    response.once('close', () => live.remove());
    this.proxy.forward(request, response, this.job(view, decision.route, decision.path), isContinueExpected);
  }

  private handleUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    // From here on Node does not watch this socket any more: a reset without a listener would end the process.
    socket.on('error', () => undefined);
    const view = viewOf(request, this.options.clients.of(request), true);
    const decision = this.decide(view);
    if (decision.kind === 'answer') {
      void this.resolve(decision.answer).then((answer) => sendRawAnswer(socket, answer));
      return;
    }
    const live = this.options.liveSockets.add(decision.caller, () => socket.destroy());
    socket.once('close', () => live.remove());
    this.proxy.tunnel(request, socket, head, this.job(view, decision.route, decision.path));
  }

  /** Whatever the gate or the routes throw is a refusal, never a way through or the end of the process. */
  private decide(view: RequestView): Decision<Caller> {
    try {
      return this.decision.decide(view);
    } catch (error) {
      return { kind: 'answer', answer: this.internalError(error), isAdmitted: false };
    }
  }

  private job(view: RequestView, route: RouteState, path: string): ProxyJob {
    const dashboard = this.decision.dashboard(view);
    return {
      view,
      route,
      path,
      protocol: protocolOf(view, this.options.origins()),
      whenUnreachable: () => this.resolve(notReady(view, route, dashboard)),
      whenUnanswered: () => noAnswer(view, route, dashboard),
    };
  }

  private async resolve(answer: Answer | Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      return this.internalError(error);
    }
  }

  private internalError(error: unknown): Answer {
    this.options.logger.error('an answer of the applications origin failed', { error: messageOf(error) });
    return errorAnswer(500, 'INTERNAL', 'AiKore could not answer. Its log says more.');
  }
}

/**
 * Reads the body of a request that is answered without it. Closing at once would reset the connection and the sender
 * would never see the answer; a stranger, however, must not hold a connection by sending slowly.
 */
function takeBodyAway(request: IncomingMessage, isAdmitted: boolean): void {
  request.on('error', () => undefined);
  request.resume();
  if (isAdmitted) return;
  const limit = setTimeout(() => request.socket.destroy(), REFUSED_BODY_LIMIT_MS);
  request.once('close', () => clearTimeout(limit));
  request.once('end', () => clearTimeout(limit));
}
