import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { LogAppended, ServerEvent, SnapshotData } from '../../src/contracts/events.js';
import type { Instance } from '../../src/contracts/instance.js';
import { TOKEN } from './aikore-process.js';
import type { AiKoreProcess } from './aikore-process.js';
import { waitFor } from './wait.js';

/** A viewer of the events that remembers everything it was told. */
export class EventsClient {
  readonly events: ServerEvent[] = [];
  closeCode: number | null = null;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) =>
      this.events.push(JSON.parse(data.toString('utf8')) as ServerEvent),
    );
    socket.on('close', (code) => (this.closeCode = code));
    socket.on('error', () => undefined);
  }

  /** Connects and waits for the snapshot. */
  static async open(
    aikore: AiKoreProcess,
    headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` },
  ): Promise<EventsClient> {
    const socket = new WebSocket(eventsUrl(aikore), { headers, perMessageDeflate: false });
    const client = new EventsClient(socket);
    await once(socket, 'open');
    await waitFor('the snapshot', () => client.events.length > 0);
    return client;
  }

  get snapshot(): SnapshotData {
    const first = this.events[0];
    if (first?.type !== 'snapshot') throw new Error(`the first message is ${first?.type ?? 'none'}`);
    return first.data;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  follow(id: number, offset?: number): void {
    this.send({ subscribe: 'logs', id, ...(offset === undefined ? {} : { offset }) });
  }

  /** What was told about an instance's state, in order. */
  states(id: number): Instance[] {
    return this.events.flatMap((event) =>
      event.type === 'instance.state' && event.data.id === id ? [event.data] : [],
    );
  }

  /** The statuses of an instance in order, each once. */
  statuses(id: number): string[] {
    const words = this.states(id).map((instance) => instance.status);
    return words.filter((word, index) => word !== words[index - 1]);
  }

  pieces(id: number): LogAppended[] {
    return this.events.flatMap((event) =>
      event.type === 'log.appended' && event.data.id === id ? [event.data] : [],
    );
  }

  text(id: number): string {
    return this.pieces(id)
      .map((piece) => piece.content)
      .join('');
  }

  notices(): string[] {
    return this.events.flatMap((event) => (event.type === 'notice' ? [event.data.message] : []));
  }

  async closed(): Promise<number> {
    return await waitFor('the socket is closed', () => this.closeCode);
  }

  end(): void {
    this.socket.terminate();
  }
}

export function eventsUrl(aikore: AiKoreProcess): string {
  return `${aikore.dashboardUrl.replace('http', 'ws')}api/events`;
}
