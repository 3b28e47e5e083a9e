import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { messageOf } from '../../../core/errors.js';
import type { Logger } from '../../../core/logging.js';
import type { AccessCaller, OwnCredentials } from '../access.ports.js';
import type { AppsHandler } from '../apps-handler.js';
import { MAX_FRONT_BYTES, takeFrontFacts } from './front.js';
import type { LastingPassages } from './lasting-passages.js';
import { passageHeaders } from './passage-answer.js';

/** Longer than NGINX keeps idle connections, so that it is never surprised by an end. */
const KEEP_ALIVE_TIMEOUT_MS = 90_000;

export interface PassageServerOptions<Caller extends AccessCaller> {
  handler: AppsHandler<Caller>;
  credentials: OwnCredentials;
  hasSlot: (port: number) => boolean;
  lasting: LastingPassages<Caller>;
  logger: Logger;
}

/**
 * Answers NGINX's question who may pass, by the decision that the embedded engine goes by: 204 with where to, or 403, upon
 * which NGINX hands the request itself over and gets the answer that says why.
 */
export class PassageServer<Caller extends AccessCaller> {
  private readonly server: Server;

  constructor(private readonly options: PassageServerOptions<Caller>) {
    this.server = createServer(
      {
        maxHeaderSize: MAX_FRONT_BYTES,
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
        noDelay: true,
      },
      (request, response) => this.answer(request, response),
    );
    this.server.maxHeadersCount = 0;
  }

  /** @param path of a unix socket, which is not there yet */
  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ path }, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    const isClosed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    this.server.closeAllConnections();
    await isClosed;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    try {
      const headers = this.passage(request);
      response.writeHead(headers === null ? 403 : 204, headers ?? {});
    } catch (error) {
      this.options.logger.error('a question who may pass could not be answered', { error: messageOf(error) });
      if (!response.headersSent) response.writeHead(403);
    }
    response.end();
  }

  private passage(request: IncomingMessage): Record<string, string> | null {
    const { handler, credentials, hasSlot, lasting } = this.options;
    const facts = takeFrontFacts(request);
    const passage = handler.passageOf(facts.entry, request, facts.isUpgrade);
    if (!facts.isLasting || passage === null) lasting.forget(facts.connection);
    if (passage === null) return null;
    if (facts.isLasting) lasting.add(passage.caller, facts.connection, facts.workerPid);
    return passageHeaders(passage.job, credentials, hasSlot);
  }
}
