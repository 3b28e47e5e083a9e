import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logging.js';
import { sendAnswer } from './answer.js';
import { isInjectable } from './domain/documents.js';
import { hasBody } from './domain/request-check.js';
import { HeadInjector } from './head-injector.js';
import type { ProxyJob, Upstream } from './upstream.js';
import { UNREACHABLE_CODES, isShimWanted, shimTag } from './upstream.js';

const REPEATABLE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** One HTTP request on its way to an application and the answer on its way back, streamed in both directions. */
export class Exchange {
  private upstreamRequest: ClientRequest | null = null;
  private isAnswered = false;
  private readonly hasBody: boolean;

  constructor(
    private readonly upstream: Upstream,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly job: ProxyJob,
    private readonly logger: Logger,
  ) {
    this.hasBody = hasBody(request.rawHeaders);
  }

  /** @param isContinueExpected the client waits for `100 Continue` before it sends the body. */
  start(isContinueExpected: boolean): void {
    // A client that resets in mid-stream raises both; the response's `close` says what has to be done.
    this.request.on('error', () => undefined);
    this.response.on('error', () => undefined);
    this.response.once('close', () => {
      if (!this.response.writableFinished) this.upstreamRequest?.destroy();
    });
    // Whether the body follows after an answer other than 100 is up to the client, so nothing can follow on this connection.
    if (isContinueExpected) this.response.shouldKeepAlive = false;
    this.send(this.isRepeatable(), isContinueExpected);
  }

  private isRepeatable(): boolean {
    return !this.hasBody && REPEATABLE_METHODS.has(this.job.view.method);
  }

  private send(isPooled: boolean, isContinueExpected: boolean): void {
    const upstreamRequest = this.openOrRefuse(isPooled);
    if (upstreamRequest === null) return;
    this.upstreamRequest = upstreamRequest;
    upstreamRequest.once('response', (answer) => this.receive(answer));
    upstreamRequest.on('error', (error) => this.fail(upstreamRequest, error));
    if (!this.hasBody) {
      upstreamRequest.end();
      return;
    }
    if (isContinueExpected) {
      upstreamRequest.once('socket', (socket) => socket.once('connect', () => this.response.writeContinue()));
    }
    this.request.pipe(upstreamRequest);
    // Nobody reads the rest of the body now, but the client must get it off its hands to see the answer.
    upstreamRequest.once('close', () => {
      this.request.unpipe(upstreamRequest);
      this.request.resume();
    });
  }

  /** Node refuses to send what it would not parse itself, such as control characters; that is the request's fault. */
  private openOrRefuse(isPooled: boolean): ClientRequest | null {
    try {
      return this.upstream.open(this.job, isPooled);
    } catch (error) {
      this.logger.debug('request cannot be passed on', {
        slug: this.job.route.slug,
        error: messageOf(error),
      });
      sendAnswer(this.response, this.job.whenUnanswered(), this.isHead());
      return null;
    }
  }

  private receive(answer: IncomingMessage): void {
    this.isAnswered = true;
    answer.on('error', () => undefined);
    answer.once('close', () => {
      // The application died in mid-answer: the browser must not take the part for the whole.
      if (!answer.complete) this.response.destroy();
    });
    const { view, route } = this.job;
    const status = answer.statusCode ?? 502;
    const isInjected = isShimWanted(this.job) && isInjectable(view.method, status, answer.rawHeaders);
    const headers = this.upstream.headersForBrowser(this.job, answer, isInjected);
    try {
      this.response.writeHead(status, answer.statusMessage, headers);
    } catch (error) {
      this.logger.warn('answer of an application cannot be passed on', {
        slug: route.slug,
        error: messageOf(error),
      });
      answer.destroy();
      sendAnswer(this.response, this.job.whenUnanswered(), this.isHead());
      return;
    }
    // Node keeps the head back until the first byte of the body, which an event stream may send minutes later.
    setImmediate(() => {
      if (!this.response.destroyed && !this.response.writableEnded) this.response.flushHeaders();
    });
    if (isInjected) answer.pipe(new HeadInjector(shimTag(route.slug))).pipe(this.response);
    else answer.pipe(this.response);
  }

  private fail(upstreamRequest: ClientRequest, { code = '' }: NodeJS.ErrnoException): void {
    // After the head of the answer came, its own end tells how it went: an application may answer an upload early.
    if (this.isAnswered || this.response.destroyed) return;
    if (upstreamRequest.reusedSocket && this.isRepeatable()) {
      this.send(false, false);
      return;
    }
    this.logger.debug('application did not answer', { slug: this.job.route.slug, code });
    if (!UNREACHABLE_CODES.has(code)) {
      sendAnswer(this.response, this.job.whenUnanswered(), this.isHead());
      return;
    }
    void this.job.whenUnreachable().then((answer) => sendAnswer(this.response, answer, this.isHead()));
  }

  private isHead(): boolean {
    return this.job.view.method === 'HEAD';
  }
}
