import type { WebSocket } from 'ws';
import type { LogAppended } from '../../contracts/events.js';
import { AppError } from '../errors.js';
import type { Seen } from '../http/domain/origins.js';

/** Receives the pieces of a followed log. */
export interface LogSink {
  send(piece: LogAppended): void;
  isSlow(): boolean;
}

/** Follows a log; @returns ends it. */
export type FollowLog = (id: number, offset: number | undefined, sink: LogSink) => Promise<() => void>;

/** With so much unread a viewer gets no more log, and the events are not worth having any more. */
const SLOW_BYTES = 1024 * 1024;
const HOPELESS_BYTES = 16 * 1024 * 1024;
/** Logs that one viewer may follow at once. */
const MAX_FOLLOWED = 20;
/** Unanswered pings after which the other side is gone. */
const MAX_MISSED_PINGS = 2;

interface Followed {
  end: () => void;
  isEnded: boolean;
}

/** One viewer of the events. */
export class EventsClient {
  private readonly followed = new Map<number, Followed>();
  private missedPings = 0;

  constructor(
    private readonly socket: WebSocket,
    /** The dashboard's address for the viewer's browser. */
    readonly seen: Seen,
    private readonly followLog: FollowLog,
  ) {
    socket.on('pong', () => (this.missedPings = 0));
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  send(text: string): void {
    if (!this.isOpen) return;
    // It lags too far behind to catch up: a new connection with a new snapshot is cheaper for both.
    if (this.socket.bufferedAmount > HOPELESS_BYTES) this.end(1013, 'too slow');
    else this.socket.send(text);
  }

  ping(): void {
    if (this.missedPings >= MAX_MISSED_PINGS) {
      this.socket.terminate();
      return;
    }
    this.missedPings += 1;
    this.socket.ping();
  }

  /** @param seq number of the newest event, which the pieces carry */
  async follow(id: number, offset: number | undefined, seq: () => number): Promise<void> {
    this.unfollow(id);
    if (this.followed.size >= MAX_FOLLOWED) {
      throw new AppError(
        'conflict',
        'TOO_MANY_LOGS',
        `At most ${MAX_FOLLOWED} logs can be followed at once.`,
      );
    }
    const entry: Followed = { end: () => undefined, isEnded: false };
    this.followed.set(id, entry);
    const sink: LogSink = {
      send: (data) => {
        if (!entry.isEnded) this.send(JSON.stringify({ type: 'log.appended', seq: seq(), data }));
      },
      isSlow: () => this.socket.bufferedAmount > SLOW_BYTES,
    };
    try {
      const end = await this.followLog(id, offset, sink);
      // It may have been given up while the log was being opened.
      if (entry.isEnded) end();
      else entry.end = end;
    } catch (error) {
      this.followed.delete(id);
      throw error;
    }
  }

  unfollow(id: number): void {
    const entry = this.followed.get(id);
    if (entry === undefined) return;
    entry.isEnded = true;
    entry.end();
    this.followed.delete(id);
  }

  end(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  dispose(): void {
    for (const id of [...this.followed.keys()]) this.unfollow(id);
  }
}
