import type { RawData, WebSocket } from 'ws';
import type { ServerEvent, SnapshotData } from '../../contracts/events.js';
import { AppError } from '../errors.js';
import type { Seen } from '../http/domain/origins.js';
import { ownOrigin } from '../http/domain/origins.js';
import type { LiveSockets } from '../auth/live-sockets.js';
import type { UpgradeContext, UpgradeRoute } from '../http/upgrade-router.js';
import type { Logger } from '../logging.js';
import { parseClientMessage } from './client-message.js';
import { EventsClient } from './events-client.js';
import type { FollowLog } from './events-client.js';
import type { EventHub } from './event-hub.js';

export interface EventsGatewayParts {
  hub: EventHub;
  /**
   * Gathers what takes time, then hands out a function that at once gives the state of everything as a browser that used
   * this address of the dashboard sees it.
   */
  snapshot: (seen: Seen) => Promise<() => SnapshotData>;
  /** Puts the addresses into an event that a browser at this address can use. */
  localise: (event: ServerEvent, seen: Seen) => ServerEvent;
  followLog: FollowLog;
  onViewers: (count: number) => void;
  liveSockets: LiveSockets;
  logger: Logger;
}

/** How often a silent connection is asked whether somebody is still there. */
const PING_INTERVAL_MS = 15_000;

/** `WS /api/events`: a snapshot, then every change in order, and the logs that the viewer asks for. */
export class EventsGateway implements UpgradeRoute {
  readonly path = '/api/events';
  readonly scope = 'read';
  private readonly clients = new Set<EventsClient>();
  private readonly pings: NodeJS.Timeout;

  constructor(private readonly parts: EventsGatewayParts) {
    parts.hub.subscribe((event) => this.broadcast(event));
    this.pings = setInterval(() => {
      for (const client of this.clients) client.ping();
    }, PING_INTERVAL_MS);
    this.pings.unref();
  }

  accept(socket: WebSocket, { caller, client: seen }: UpgradeContext): void {
    const client = new EventsClient(socket, seen, this.parts.followLog);
    const live = this.parts.liveSockets.add(caller, () => client.end(4401, 'signed out'));
    socket.on('close', () => {
      live.remove();
      client.dispose();
      this.clients.delete(client);
      this.parts.onViewers(this.clients.size);
    });
    const isWelcomed = this.welcome(client).catch((error: unknown) => {
      this.parts.logger.error('a viewer could not be welcomed', { error });
      client.end(1011, 'internal error');
    });
    // The first message is the snapshot, however early a wish comes.
    socket.on('message', (data: RawData, isBinary: boolean) => {
      void isWelcomed.then(() => this.hear(client, data, isBinary));
    });
  }

  close(): void {
    clearInterval(this.pings);
  }

  /** The snapshot and its number are taken in one tick; what happens while it is gathered is in it or comes after it. */
  private async welcome(client: EventsClient): Promise<void> {
    const take = await this.parts.snapshot(client.seen);
    if (!client.isOpen) return;
    client.send(JSON.stringify({ type: 'snapshot', seq: this.parts.hub.seq, data: take() }));
    this.clients.add(client);
    this.parts.onViewers(this.clients.size);
  }

  private broadcast(event: ServerEvent): void {
    // Most viewers use the same address: serialise once for each.
    const texts = new Map<string, string>();
    for (const client of this.clients) {
      const address = ownOrigin(client.seen);
      let text = texts.get(address);
      if (text === undefined) {
        text = JSON.stringify(this.parts.localise(event, client.seen));
        texts.set(address, text);
      }
      client.send(text);
    }
  }

  private hear(client: EventsClient, data: RawData, isBinary: boolean): void {
    try {
      const message = parseClientMessage(data, isBinary);
      if ('unsubscribe' in message) {
        client.unfollow(message.id);
        return;
      }
      client
        .follow(message.id, message.offset, () => this.parts.hub.seq)
        .catch((error: unknown) => this.tell(client, error));
    } catch (error) {
      this.tell(client, error);
    }
  }

  /** A wish that cannot be met is a notice to the one who had it. */
  private tell(client: EventsClient, error: unknown): void {
    const message = error instanceof AppError ? error.message : 'The log cannot be read.';
    if (!(error instanceof AppError)) this.parts.logger.warn('a log cannot be followed', { error });
    const data = { level: 'error', message, instance_id: null };
    client.send(JSON.stringify({ type: 'notice', seq: this.parts.hub.seq, data }));
  }
}
