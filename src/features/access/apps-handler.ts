import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { messageOf } from '../../core/errors.js';
import type { ClientViews } from '../../core/http/client-views.js';
import { protocolOf } from '../../core/http/domain/origins.js';
import type { Logger } from '../../core/logging.js';
import type { AccessRules, Decision, Passage } from './access-decision.js';
import { AccessDecision } from './access-decision.js';
import type { AccessCaller, LiveSockets, OwnCredentials } from './access.ports.js';
import type { Answer } from './answer.js';
import { errorAnswer, sendAnswer, sendRawAnswer } from './answer.js';
import type { Entry } from './domain/entry.js';
import { EmbeddedProxy } from './embedded-proxy.js';
import { isListening } from './port-probe.js';
import { noAnswer, notReady } from './refusals.js';
import type { RequestView } from './request-view.js';
import { viewOf } from './request-view.js';
import type { ProxyJob } from './upstream.js';

export interface AppsHandlerOptions<Caller extends AccessCaller> extends AccessRules<Caller> {
  liveSockets: LiveSockets<Caller>;
  credentials: OwnCredentials;
  clients: Pick<ClientViews, 'of'>;
  logger: Logger;
}

/** How long the body of a refused request is taken, so that its sender gets to read why. */
const REFUSED_BODY_LIMIT_MS = 3_000;

/** Decides about every request for an application, through whatever door it came, and passes the admitted ones on. */
export class AppsHandler<Caller extends AccessCaller> {
  private readonly decision: AccessDecision<Caller>;
  private readonly proxy: EmbeddedProxy;

  constructor(private readonly options: AppsHandlerOptions<Caller>) {
    this.decision = new AccessDecision(options);
    this.proxy = new EmbeddedProxy(options.credentials, options.logger);
  }

  /** @param isContinueExpected the client waits for `100 Continue` before it sends the body. */
  handle(
    entry: Entry,
    request: IncomingMessage,
    response: ServerResponse,
    isContinueExpected: boolean,
  ): void {
    const view = viewOf(request, this.options.clients.of(request), false, entry);
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
    this.proxy.forward(request, response, this.job(view, decision), isContinueExpected);
  }

  handleUpgrade(entry: Entry, request: IncomingMessage, socket: Socket, head: Buffer): void {
    // From here on Node does not watch this socket any more: a reset without a listener would end the process.
    socket.on('error', () => undefined);
    const view = viewOf(request, this.options.clients.of(request), true, entry);
    const decision = this.decide(view);
    if (decision.kind === 'answer') {
      void this.resolve(decision.answer).then((answer) => sendRawAnswer(socket, answer));
      return;
    }
    const live = this.options.liveSockets.add(decision.caller, () => socket.destroy());
    socket.once('close', () => live.remove());
    this.proxy.tunnel(request, socket, head, this.job(view, decision));
  }

  /** For a front that passes on requests itself: who may, and whereto. Null: the request itself gets an answer here. */
  passageOf(
    entry: Entry,
    request: IncomingMessage,
    isUpgrade: boolean,
  ): { caller: Caller; job: ProxyJob } | null {
    const view = viewOf(request, this.options.clients.of(request), isUpgrade, entry);
    const decision = this.decide(view);
    return decision.kind === 'proxy' ? { caller: decision.caller, job: this.job(view, decision) } : null;
  }

  /** Answers a request that a front could not get an answer to from the application. */
  explain(entry: Entry, request: IncomingMessage, response: ServerResponse): void {
    takeBodyAway(request, true);
    const view = viewOf(request, this.options.clients.of(request), false, entry);
    const decision = this.decide(view);
    const answer =
      decision.kind === 'answer'
        ? this.resolve(decision.answer)
        : this.reasonOf(this.job(view, decision), decision.route.port);
    void answer.then((known) => sendAnswer(response, known, view.method === 'HEAD'));
  }

  private async reasonOf(job: ProxyJob, port: number): Promise<Answer> {
    return (await isListening(port)) ? job.whenUnanswered() : job.whenUnreachable();
  }

  /** Whatever the gate or the routes throw is a refusal, never a way through or the end of the process. */
  private decide(view: RequestView): Decision<Caller> {
    try {
      return this.decision.decide(view);
    } catch (error) {
      return { kind: 'answer', answer: this.internalError(error), isAdmitted: false };
    }
  }

  private job(view: RequestView, { route, mount, path }: Passage<Caller>): ProxyJob {
    const dashboard = (): string => this.decision.dashboard(view);
    return {
      view,
      route,
      mount,
      path,
      protocol: protocolOf(view, this.options.origins()),
      dashboard,
      whenUnreachable: () => this.resolve(notReady(view, route, mount, dashboard())),
      whenUnanswered: () => noAnswer(view, route, dashboard()),
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

  /** Closes idle connections to applications; those in use end with their clients. */
  close(): void {
    this.proxy.close();
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
