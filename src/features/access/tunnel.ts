import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logging.js';
import { sendRawAnswer } from './answer.js';
import { headerPairs } from './domain/raw-headers.js';
import type { ProxyJob, Upstream } from './upstream.js';
import { UNREACHABLE_CODES } from './upstream.js';

const KEEP_ALIVE_PROBE_MS = 60_000;

/** How long what is still in the buffers may take to reach a peer whose counterpart is gone. */
const FLUSH_LIMIT_MS = 30_000;

/** A change of protocol on its way to an application: the handshake, then bytes in both directions, unread. */
export class Tunnel {
  private isAnswered = false;

  constructor(
    private readonly upstream: Upstream,
    private readonly socket: Socket,
    private readonly job: ProxyJob,
    private readonly logger: Logger,
  ) {}

  /** @param head what the client sent behind its handshake without waiting for the answer. */
  start(request: IncomingMessage, head: Buffer): void {
    prepare(this.socket);
    // Only WebSockets are of use here; clients that offer h2c get an answer in the protocol that they speak.
    const wanted = request.headers.upgrade;
    const upgrade = wanted?.toLowerCase() === 'websocket' ? wanted : null;
    try {
      this.shakeHands(head, upgrade);
    } catch (error) {
      this.logger.debug('handshake cannot be passed on', {
        slug: this.job.route.slug,
        error: messageOf(error),
      });
      sendRawAnswer(this.socket, this.job.whenUnanswered());
    }
  }

  private shakeHands(head: Buffer, upgrade: string | null): void {
    const { socket } = this;
    const handshake = this.upstream.open(this.job, false, upgrade);
    const abandon = (): void => {
      handshake.destroy();
    };
    socket.once('close', abandon);
    handshake.once('upgrade', (answer, application, applicationHead) => {
      socket.off('close', abandon);
      if (upgrade === null) {
        application.destroy();
        sendRawAnswer(socket, this.job.whenUnanswered());
        return;
      }
      this.writeHead(answer, ['Connection', 'Upgrade', 'Upgrade', answer.headers.upgrade ?? 'websocket']);
      socket.write(applicationHead);
      application.write(head);
      join(socket, application);
    });
    handshake.once('response', (answer) => this.passOn(answer));
    handshake.on('error', (error) => this.fail(error));
    handshake.end();
  }

  /** The application stayed with HTTP. The end of the connection marks the end of the body. */
  private passOn(answer: IncomingMessage): void {
    answer.on('error', () => this.socket.destroy());
    this.writeHead(answer, ['Connection', 'close']);
    answer.pipe(this.socket);
    answer.once('end', () => this.socket.destroySoon());
  }

  private writeHead(answer: IncomingMessage, own: string[]): void {
    this.isAnswered = true;
    const lines = [`HTTP/1.1 ${answer.statusCode ?? 502} ${answer.statusMessage ?? ''}`];
    const headers = [...this.upstream.headersForBrowser(this.job, answer, false), ...own];
    for (const [name, value] of headerPairs(headers)) lines.push(`${name}: ${value}`);
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  }

  private fail({ code = '' }: NodeJS.ErrnoException): void {
    // Behind the head of an answer a second one would be taken for its body.
    if (this.isAnswered || this.socket.destroyed) return;
    this.logger.debug('application did not answer a handshake', { slug: this.job.route.slug, code });
    if (!UNREACHABLE_CODES.has(code)) {
      sendRawAnswer(this.socket, this.job.whenUnanswered());
      return;
    }
    void this.job.whenUnreachable().then((answer) => sendRawAnswer(this.socket, answer));
  }
}

/** Idle for a day is fine; a peer that vanished without a word is found out by the kernel's probes. */
function prepare(socket: Socket): void {
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
}

function join(client: Socket, application: Socket): void {
  prepare(application);
  client.pipe(application);
  application.pipe(client);
  endTogether(client, application);
  endTogether(application, client);
}

function endTogether(gone: Socket, left: Socket): void {
  // A reset raises an error before `close`; without a listener it would end the process.
  gone.on('error', () => undefined);
  gone.once('close', () => {
    left.destroySoon();
    setTimeout(() => left.destroy(), FLUSH_LIMIT_MS).unref();
  });
}
