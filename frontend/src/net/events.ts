import type { ClientMessage, LogAppended, ServerEvent } from '../../../src/contracts/events.js';
import { DisposableStore, listen } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { Emitter, Observable } from '../base/observable.js';
import { SequenceGate, reconnectDelayMs, silenceLimitMs } from './sequence.js';

export type ConnectionState = 'connecting' | 'live' | 'lost';

/** Where a log is to be continued; asked anew at each connection. */
export interface LogFollower {
  instanceId: number;
  /** Byte offset to begin at; negative counts from the end. */
  resumeOffset(): number;
  onPiece(piece: LogAppended): void;
}

const WATCHDOG_PERIOD_MS = 5_000;
const STABLE_AFTER_MS = 5_000;

/** The one WebSocket to `/api/events`: connects, notices gaps and silence, and mends itself. */
export class EventStream implements Disposable {
  readonly state = new Observable<ConnectionState>('connecting');
  /** Everything but pieces of logs, in order, a snapshot first. */
  readonly event = new Emitter<ServerEvent>();
  /** When the next attempt is made, in milliseconds since 1970; null while one is under way or none is needed. */
  readonly nextAttemptAtMs = new Observable<number | null>(null);
  /** Fires when a connection failed, so that somebody can ask whether the session is still good. */
  readonly failed = new Emitter<void>();

  private readonly resources = new DisposableStore();
  private socket: WebSocket | null = null;
  private gate = new SequenceGate();
  private failures = 0;
  private timer: number | null = null;
  private follower: LogFollower | null = null;
  private liveSinceMs = 0;
  private lastMessageMs = 0;
  private lastStatsMs: number | null = null;
  private longestPauseMs: number | null = null;
  private isRunning = false;

  constructor() {
    this.resources.add(listen(window, 'online', () => this.retryNow()));
    this.resources.add(listen(document, 'visibilitychange', () => this.retryNow()));
    const watchdog = window.setInterval(() => this.checkSilence(), WATCHDOG_PERIOD_MS);
    this.resources.defer(() => window.clearInterval(watchdog));
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.failures = 0;
    this.connect();
  }

  /** Closes and stays closed until `start`. */
  stop(): void {
    this.isRunning = false;
    this.drop();
    this.state.set('connecting');
  }

  /** Tries again at once instead of when the delay is over. */
  tryNow(): void {
    if (this.isRunning && this.socket === null) this.connect();
  }

  /** Follows one log, the former one is let go. */
  follow(follower: LogFollower | null): void {
    if (this.follower && this.follower.instanceId !== follower?.instanceId) {
      this.send({ unsubscribe: 'logs', id: this.follower.instanceId });
    }
    this.follower = follower;
    this.subscribeLogs();
  }

  dispose(): void {
    this.stop();
    this.resources.dispose();
  }

  private retryNow(): void {
    if (!this.isRunning || this.socket || document.hidden) return;
    this.connect();
  }

  private connect(): void {
    this.clearTimer();
    this.gate = new SequenceGate();
    this.lastStatsMs = null;
    this.lastMessageMs = performance.now();
    const url = new URL('/api/events', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onmessage = (message) => {
      if (socket === this.socket) this.receive(message.data);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.lose();
    };
  }

  private receive(data: unknown): void {
    const event = parseEvent(data);
    if (!event) return;
    this.lastMessageMs = performance.now();
    if (this.gate.accept(event) === 'gap') {
      this.lose();
      return;
    }
    if (event.type === 'log.appended') {
      if (event.data.id === this.follower?.instanceId) this.follower.onPiece(event.data);
      return;
    }
    if (event.type === 'system.stats') this.noteRhythm();
    this.event.fire(event);
    if (event.type === 'snapshot') this.becomeLive();
  }

  private becomeLive(): void {
    this.liveSinceMs = performance.now();
    this.state.set('live');
    this.subscribeLogs();
  }

  private noteRhythm(): void {
    const now = performance.now();
    if (this.lastStatsMs !== null) {
      this.longestPauseMs = Math.max(this.longestPauseMs ?? 0, now - this.lastStatsMs);
    }
    this.lastStatsMs = now;
  }

  private checkSilence(): void {
    const limitMs = silenceLimitMs(this.longestPauseMs);
    if (!this.socket || document.hidden) return;
    if (performance.now() - this.lastMessageMs > limitMs) this.lose();
  }

  private lose(): void {
    this.drop();
    if (!this.isRunning) return;
    // A connection that breaks right after its snapshot, again and again, must not escape the growing delay.
    const wasStable = this.state.value === 'live' && performance.now() - this.liveSinceMs > STABLE_AFTER_MS;
    this.failures = wasStable ? 1 : this.failures + 1;
    this.state.set('lost');
    this.failed.fire();
    const delayMs = reconnectDelayMs(this.failures, Math.random());
    this.nextAttemptAtMs.set(Date.now() + delayMs);
    this.timer = window.setTimeout(() => this.connect(), delayMs);
  }

  private drop(): void {
    this.clearTimer();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private clearTimer(): void {
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.timer = null;
    this.nextAttemptAtMs.set(null);
  }

  private subscribeLogs(): void {
    if (!this.follower || this.state.value !== 'live') return;
    this.send({ subscribe: 'logs', id: this.follower.instanceId, offset: this.follower.resumeOffset() });
  }

  private send(message: ClientMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}

function parseEvent(data: unknown): ServerEvent | null {
  if (typeof data !== 'string') return null;
  try {
    const event = JSON.parse(data) as ServerEvent;
    return typeof event.type === 'string' && typeof event.seq === 'number' ? event : null;
  } catch {
    return null;
  }
}
