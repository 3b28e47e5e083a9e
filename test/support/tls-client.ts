import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

export interface TlsAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Sent {
  headers?: Record<string, string>;
  body?: unknown;
}

/** A client that trusts one certificate and asks one port of this machine, whatever name it uses. */
export class TlsClient {
  constructor(
    readonly port: number,
    private readonly ca: Buffer,
    /** What the client calls the server. */
    readonly name = '127.0.0.1',
    /** As if the port were the one that HTTPS implies. */
    private readonly isPortImplied = false,
  ) {}

  get host(): string {
    return this.isPortImplied ? this.name : `${this.name}:${this.port}`;
  }

  get origin(): string {
    return `https://${this.host}`;
  }

  async send(method: string, path: string, { headers = {}, body }: Sent = {}): Promise<TlsAnswer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const ofBody = payload === undefined ? {} : { 'content-type': 'application/json' };
    const sent = request({
      ...this.connection(),
      method,
      path,
      headers: { host: this.host, ...ofBody, ...headers },
    });
    sent.end(payload);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
  }

  /** @returns the cookie of a browser that has signed in, and what set it */
  async signIn(password: string): Promise<{ cookie: string; setCookie: string }> {
    const headers = { origin: this.origin };
    const answer = await this.send('POST', '/api/auth/login', { headers, body: { password } });
    const setCookie = answer.headers['set-cookie']?.[0] ?? '';
    return { cookie: setCookie.split(';')[0] ?? '', setCookie };
  }

  /** The first message of a WebSocket, or the status with which it was refused. */
  async hear(path: string, headers: Record<string, string>): Promise<string | number> {
    const socket = new WebSocket(`wss://127.0.0.1:${this.port}${path}`, {
      ...this.connection(),
      headers: { host: this.host, ...headers },
    });
    socket.on('error', () => undefined);
    const heard = await Promise.race([
      once(socket, 'message').then(([data]) => String(data)),
      once(socket, 'unexpected-response').then(([, answer]) => (answer as { statusCode: number }).statusCode),
    ]);
    socket.terminate();
    return heard;
  }

  private connection() {
    return {
      ca: this.ca,
      host: '127.0.0.1',
      port: this.port,
      servername: 'localhost',
      agent: false as const,
    };
  }
}
