import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { TerminalServerMessage } from '../../src/contracts/terminal.js';
import { TOKEN } from './aikore-process.js';
import type { AiKoreProcess } from './aikore-process.js';
import { waitFor } from './wait.js';

type Message<T extends TerminalServerMessage['type']> = Extract<TerminalServerMessage, { type: T }>;

export interface TerminalWish {
  /** Instance; the machine's shell when absent. */
  id?: number;
  session?: string;
  cols?: number;
  rows?: number;
  headers?: Record<string, string>;
  /** Does not acknowledge anything: a browser that sleeps. */
  isStalled?: boolean;
}

/** Address of a terminal. */
export function terminalUrl(
  aikore: AiKoreProcess,
  { id, session, cols = 80, rows = 24 }: TerminalWish,
): string {
  const path = id === undefined ? 'api/system/terminal' : `api/instances/${id}/terminal`;
  const query = new URLSearchParams({
    cols: String(cols),
    rows: String(rows),
    ...(session ? { session } : {}),
  });
  return `${aikore.dashboardUrl.replace('http', 'ws')}${path}?${query.toString()}`;
}

/** A viewer of a terminal that keeps what it was sent, and acknowledges it. */
export class TerminalClient {
  readonly messages: TerminalServerMessage[] = [];
  readonly chunks: Buffer[] = [];
  bytes = 0;
  closeCode: number | null = null;
  isStalled: boolean;
  /** What is called with every piece of output, in order. */
  onOutput: ((bytes: Buffer) => void) | null = null;

  constructor(
    readonly socket: WebSocket,
    isStalled: boolean,
  ) {
    this.isStalled = isStalled;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.take(data);
      else this.messages.push(JSON.parse(data.toString('utf8')) as TerminalServerMessage);
    });
    socket.on('close', (code) => (this.closeCode = code));
    socket.on('error', () => undefined);
  }

  /** Connects and waits for the first message. */
  static async open(aikore: AiKoreProcess, wish: TerminalWish = {}): Promise<TerminalClient> {
    const headers = wish.headers ?? { authorization: `Bearer ${TOKEN}` };
    const socket = new WebSocket(terminalUrl(aikore, wish), { headers, perMessageDeflate: false });
    const client = new TerminalClient(socket, wish.isStalled ?? false);
    await once(socket, 'open');
    await waitFor('the first message of a terminal', () => client.messages.length > 0);
    return client;
  }

  /** A terminal whose shell is at its prompt. */
  static async openShell(aikore: AiKoreProcess, wish: TerminalWish = {}): Promise<TerminalClient> {
    const client = await TerminalClient.open(aikore, wish);
    await client.run('true');
    return client;
  }

  get output(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return this.output.toString('utf8');
  }

  get id(): string {
    return this.last('session').id;
  }

  all<T extends TerminalServerMessage['type']>(type: T): Message<T>[] {
    return this.messages.filter((message): message is Message<T> => message.type === type);
  }

  last<T extends TerminalServerMessage['type']>(type: T): Message<T> {
    const found = this.all(type).at(-1);
    if (found === undefined) throw new Error(`no message ${type} in ${JSON.stringify(this.messages)}`);
    return found;
  }

  type(text: string | Buffer): void {
    this.socket.send(Buffer.from(text), { binary: true });
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Forgets what was sent so far. */
  clear(): void {
    this.chunks.length = 0;
  }

  shows(text: string | RegExp, limitMs = 30_000): Promise<true> {
    return waitFor(
      `the terminal shows ${String(text)}`,
      () => (typeof text === 'string' ? this.text.includes(text) : text.test(this.text)),
      limitMs,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; it shows ${JSON.stringify(this.text.slice(-600))}`);
    });
  }

  /** Of all clients together: what another one ran before is in the screen that is shown anew. */
  private static marks = 0;

  /** Runs a line of bash. @returns what it printed */
  async run(line: string, limitMs = 30_000): Promise<string> {
    const mark = `m${(TerminalClient.marks += 1)}x${process.pid}`;
    this.clear();
    // The echo of the line holds the marks in pieces only.
    this.type(`echo B""${mark}; ${line}; echo "E"${mark}\r`);
    await this.shows(`E${mark}\r\n`, limitMs);
    const [, after = ''] = this.text.split(`B${mark}\r\n`);
    return (after.split(`E${mark}`)[0] ?? '').replaceAll('\r\n', '\n');
  }

  async ended(): Promise<Message<'exit'>> {
    await waitFor('the terminal has ended', () => this.closeCode !== null);
    return this.last('exit');
  }

  close(): void {
    this.socket.terminate();
  }

  private take(data: Buffer): void {
    this.chunks.push(data);
    this.bytes += data.length;
    this.onOutput?.(data);
    if (!this.isStalled) this.say({ type: 'ack', bytes: this.bytes });
  }
}
