import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { messageOf } from '../../core/errors.js';
import type { AccessCaller, Answer, Entry, RequestView } from '../access/access.api.js';
import { MAX_HEADER_BYTES, errorAnswer, frameAncestors, sendRawAnswer } from '../access/access.api.js';
import type { DesktopDecider, DesktopDecision } from './desktop-decision.js';
import type { DesktopDoor } from './desktops.ports.js';
import type { FileAnswer } from './file-answer.js';
import { send } from './file-answer.js';
import { Viewers } from './viewers.js';

/** A page, its files and its viewers; browsers open six connections each. */
const MAX_CONNECTIONS = 256;
const HEADERS_TIMEOUT_MS = 30_000;
/** Nothing that is sent here has a body worth waiting for. */
const REQUEST_TIMEOUT_MS = 60_000;
const CONNECTIONS_CHECK_MS = 5_000;

/** The address of a desktop: a published port of its own. */
export class DesktopServer<Caller extends AccessCaller> {
  private readonly server: Server;
  private readonly viewers: Viewers<Caller>;
  private readonly sockets = new Set<Socket>();
  private readonly entry: Entry;

  constructor(
    private readonly port: number,
    private readonly door: DesktopDoor<Caller>,
    private readonly decider: DesktopDecider<Caller>,
  ) {
    this.entry = { kind: 'port', port };
    this.viewers = new Viewers(door.liveSockets);
    this.server = door.createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: HEADERS_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
        keepAlive: true,
        noDelay: true,
      },
      (request, response) => this.handle(request, response),
    );
    this.server.maxHeadersCount = 0;
    this.server.maxConnections = MAX_CONNECTIONS;
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.upgrade(request, socket, head),
    );
  }

  /**
   * Binds the address.
   * @throws the system's error (`EADDRINUSE`, `EACCES`…)
   */
  async listen(host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port: this.port }, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  /** Gives the address back and ends every connection. */
  async close(): Promise<void> {
    const isClosed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    this.viewers.close(!this.decider.hasDesktop(this.port));
    this.server.closeIdleConnections();
    // Viewers are told why; whoever does not take it is cut off all the same.
    setTimeout(() => {
      for (const socket of this.sockets) socket.destroy();
    }, CLOSE_GRACE_MS);
    await isClosed;
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const view = this.door.viewOf(request, false, this.entry);
    const decision = this.decide(view);
    const answer = decision.kind === 'answer' ? decision.answer : notAHandshake();
    request.on('error', () => undefined);
    request.resume();
    if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined)
      response.shouldKeepAlive = false;
    void this.resolve(answer, view).then((ready) => send(response, ready, view.method === 'HEAD'));
  }

  private upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    // From here on Node does not watch this socket any more: a reset without a listener would end the process.
    socket.on('error', () => undefined);
    const view = this.door.viewOf(request, true, this.entry);
    const decision = this.decide(view);
    if (decision.kind === 'answer') {
      void this.resolve(decision.answer, view).then((answer) => {
        sendRawAnswer(socket, 'bytes' in answer ? notAHandshake() : answer);
      });
      return;
    }
    const { caller, desktop } = decision;
    const joined = () => this.door.noteViewer(caller, desktop, view.remoteAddress);
    this.viewers.admit(desktop, caller, { request, socket, head }, joined).catch((error: unknown) => {
      sendRawAnswer(socket, this.internalError(error));
    });
  }

  /** Whatever is thrown is a refusal, never a way through or the end of the process. */
  private decide(view: RequestView): DesktopDecision<Caller> {
    try {
      return this.decider.decide(view, this.port);
    } catch (error) {
      return { kind: 'answer', answer: this.internalError(error), isAdmitted: false };
    }
  }

  private async resolve(
    answer: Answer | FileAnswer | Promise<Answer | FileAnswer>,
    view: RequestView,
  ): Promise<Answer | FileAnswer> {
    try {
      return guarded(await answer, this.decider.dashboard(view));
    } catch (error) {
      return this.internalError(error);
    }
  }

  private internalError(error: unknown): Answer {
    this.door.logger.error('an answer at the address of a desktop failed', { error: messageOf(error) });
    return errorAnswer(500, 'INTERNAL', 'AiKore could not answer. Its log says more.');
  }
}

const CLOSE_GRACE_MS = 300;

/** Only the dashboard may show a desktop, or any page that stands in for one, in a frame. */
function guarded<T extends Answer | FileAnswer>(answer: T, dashboard: string): T {
  const policy = answer.headers['Content-Security-Policy'] ?? "default-src 'none'";
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'Content-Security-Policy': `${policy}; frame-ancestors ${frameAncestors(dashboard)}`,
      'Cross-Origin-Resource-Policy': 'same-origin',
    },
  };
}

function notAHandshake(): Answer {
  return errorAnswer(400, 'MALFORMED_REQUEST', 'This address does not speak that protocol.');
}
