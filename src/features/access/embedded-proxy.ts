import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '../../core/logging.js';
import type { OwnCredentials } from './access.ports.js';
import { Exchange } from './exchange.js';
import { Tunnel } from './tunnel.js';
import type { ProxyJob } from './upstream.js';
import { Upstream } from './upstream.js';

/** The engine in this process: passes requests and WebSockets on to applications (docs/adr/0003-embedded-proxy.md). */
export class EmbeddedProxy {
  private readonly upstream: Upstream;

  constructor(
    credentials: OwnCredentials,
    private readonly logger: Logger,
  ) {
    this.upstream = new Upstream(credentials);
  }

  /** Passes an HTTP request on. @param isContinueExpected the client waits for `100 Continue`. */
  forward(
    request: IncomingMessage,
    response: ServerResponse,
    job: ProxyJob,
    isContinueExpected: boolean,
  ): void {
    new Exchange(this.upstream, request, response, job, this.logger).start(isContinueExpected);
  }

  /** Passes a request to change the protocol on. */
  tunnel(request: IncomingMessage, socket: Socket, head: Buffer, job: ProxyJob): void {
    new Tunnel(this.upstream, socket, job, this.logger).start(request, head);
  }

  /** Closes idle connections to applications; those in use end with their clients. */
  close(): void {
    this.upstream.close();
  }
}
