import { listen, DisposableStore } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { Emitter, Observable } from '../base/observable.js';
import { AckCounter } from './ack-counter.js';
import { reconnectDelayMs } from './sequence.js';
import { isTerminalSize, parseTerminalFrame } from './terminal-frames.js';
import type { TerminalFrame, TerminalSize } from './terminal-frames.js';

/** `ended`: the shell is gone, or this page let go of it; nothing is tried again. */
export type TerminalLink = 'connecting' | 'live' | 'lost' | 'ended';

/** Some bytes of output, to be acknowledged when the screen has taken them. */
export interface OutputPiece {
  data: Uint8Array;
  /** What the session showed before this connection; a screen that answers to it would type into the shell. */
  isReplay: boolean;
  taken(): void;
}

/** Later than this after output the rest is acknowledged, however little it is. */
const ACK_DELAY_MS = 20;
/** The server takes no message above 1 MiB, and what is in one message arrives at once. */
const INPUT_PIECE_BYTES = 32 * 1024;
const STABLE_AFTER_MS = 5_000;
/** An attempt that is older when the dashboard has just been answered went into a network that was not there yet. */
const STUCK_AFTER_MS = 2_000;
const MOST_EARLY_INPUTS = 64;
/** An answer to a size that was told comes within this time. */
const ECHO_MS = 3_000;

/**
 * One viewer's connection to a terminal session. It begins a session or joins one, and comes back to it by itself after the
 * connection broke.
 */
export class TerminalSocket implements Disposable {
  readonly state = new Observable<TerminalLink>('connecting');
  readonly output = new Emitter<OutputPiece>();
  readonly frame = new Emitter<TerminalFrame>();
  /** Fires when a connection came to nothing: the page cannot see why and has to ask. */
  readonly refused = new Emitter<void>();
  private readonly resources = new DisposableStore();
  private readonly encoder = new TextEncoder();
  private socket: WebSocket | null = null;
  private acks = new AckCounter();
  private ackTimer: number | null = null;
  private retryTimer: number | null = null;
  private failures = 0;
  private liveSinceMs = 0;
  private attemptedAtMs = 0;
  private replayLeftBytes = 0;
  private toldSize: TerminalSize | null = null;
  /** The sizes told on this connection, the latest last. */
  private told: { size: TerminalSize; atMs: number }[] = [];
  private earlyInput: Uint8Array<ArrayBuffer>[] = [];

  /**
   * @param path the address without its query
   * @param session the one to join, or null to begin one
   */
  constructor(
    private readonly path: string,
    private session: string | null,
    private size: TerminalSize,
  ) {
    this.resources.add(listen(window, 'online', () => this.retryNow()));
    this.resources.add(listen(document, 'visibilitychange', () => document.hidden || this.retryNow()));
    this.connect();
  }

  get sessionId(): string | null {
    return this.session;
  }

  /** Keys, encoded as UTF-8. What is typed while the connection is lost goes nowhere. */
  sendText(text: string): void {
    this.sendInput(this.encoder.encode(text));
  }

  /** Bytes, one a character, as mouse reports have them. */
  sendBinary(text: string): void {
    this.sendInput(Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff));
  }

  /** Tells the size of the pane, unless it is told already or none at all. */
  resize(size: TerminalSize): void {
    if (!isTerminalSize(size)) return;
    this.size = size;
    const { cols, rows } = size;
    if (this.state.value !== 'live' || (this.toldSize?.cols === cols && this.toldSize.rows === rows)) return;
    this.toldSize = size;
    this.noteTold(size);
    this.sendFrame({ type: 'resize', cols, rows });
  }

  /** Another viewer's size is in force; the next one of this pane counts as news. */
  forgetToldSize(): void {
    this.toldSize = null;
  }

  retryNow(): void {
    if (this.state.value === 'lost' && this.retryTimer !== null) this.connect();
  }

  /**
   * Begins a new connection although this one seems good, if it is older than a moment (of `performance.now`): after a sleep a
   * dead one looks alive, and an attempt that nobody answers takes minutes to fail.
   */
  renew(olderThanMs: number): void {
    if (this.state.value === 'live' && this.liveSinceMs < olderThanMs) this.lose();
    if (this.isStuck) this.connect();
    else this.retryNow();
  }

  private get isStuck(): boolean {
    const isTrying = this.state.value === 'lost' && this.socket !== null;
    return isTrying && performance.now() - this.attemptedAtMs > STUCK_AFTER_MS;
  }

  /** Lets go of the session, which lives on. */
  dispose(): void {
    this.end();
    this.resources.dispose();
  }

  private connect(): void {
    this.drop();
    this.attemptedAtMs = performance.now();
    this.acks = new AckCounter();
    this.told = [];
    this.noteTold(this.size);
    const socket = new WebSocket(this.url());
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      if (socket === this.socket) this.receive(data);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.lose();
    };
  }

  private url(): URL {
    const url = new URL(this.path, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('cols', String(this.size.cols));
    url.searchParams.set('rows', String(this.size.rows));
    if (this.session !== null) url.searchParams.set('session', this.session);
    return url;
  }

  private receive(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      this.receiveOutput(new Uint8Array(data));
      return;
    }
    const frame = typeof data === 'string' ? parseTerminalFrame(data) : null;
    if (!frame || (frame.type === 'resized' && this.isOvertaken(frame))) return;
    if (frame.type === 'session') this.begin(frame.id, frame.replayBytes);
    this.frame.fire(frame);
    if (frame.type === 'exit') this.end();
    if (frame.type === 'error') this.fail();
  }

  /** What could not begin never will; a session that could not be joined may be there the next time. */
  private fail(): void {
    if (this.session === null) this.end();
    else this.lose();
  }

  /** The screen is built anew, at the beginning and whenever this viewer fell too far behind. */
  private begin(id: string, replayBytes: number): void {
    this.session = id;
    this.replayLeftBytes = replayBytes;
    if (this.state.value === 'live') return;
    this.toldSize = this.size;
    this.liveSinceMs = performance.now();
    this.state.set('live');
    for (const data of this.earlyInput.splice(0)) this.sendInput(data);
  }

  /** A message may hold the end of the replay and what is new. */
  private receiveOutput(data: Uint8Array): void {
    const replayed = data.subarray(0, this.replayLeftBytes);
    const fresh = data.subarray(replayed.length);
    this.replayLeftBytes -= replayed.length;
    if (replayed.length > 0) this.pass(replayed, true);
    if (fresh.length > 0) this.pass(fresh, false);
  }

  private pass(data: Uint8Array, isReplay: boolean): void {
    const { acks } = this;
    const taken = (): void => {
      const isDue = acks.take(data.length);
      // What belongs to an earlier connection is of no interest to this one.
      if (acks !== this.acks) return;
      if (isDue) this.sendAck();
      else this.ackTimer ??= window.setTimeout(() => this.sendAck(), ACK_DELAY_MS);
    };
    this.output.fire({ data, isReplay, taken });
  }

  private sendAck(): void {
    if (this.ackTimer !== null) window.clearTimeout(this.ackTimer);
    this.ackTimer = null;
    const bytes = this.acks.due();
    if (bytes !== null) this.sendFrame({ type: 'ack', bytes });
  }

  private sendInput(data: Uint8Array<ArrayBuffer>): void {
    if (this.state.value === 'connecting' && this.earlyInput.length < MOST_EARLY_INPUTS) {
      this.earlyInput.push(data);
      return;
    }
    if (this.state.value !== 'live') return;
    for (let start = 0; start < data.length; start += INPUT_PIECE_BYTES) {
      this.socket?.send(data.subarray(start, start + INPUT_PIECE_BYTES));
    }
  }

  private sendFrame(frame: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private noteTold(size: TerminalSize): void {
    const atMs = performance.now();
    this.told = [...this.told.filter((entry) => atMs - entry.atMs < ECHO_MS), { size, atMs }];
  }

  /** Whether the server speaks of a size that this viewer asked for and has taken back since. */
  private isOvertaken({ cols, rows }: TerminalSize): boolean {
    const since = performance.now() - ECHO_MS;
    const earlier = this.told.slice(0, -1).filter(({ atMs }) => atMs > since);
    const latest = this.told.at(-1)?.size;
    const isLatest = latest?.cols === cols && latest.rows === rows;
    return !isLatest && earlier.some(({ size }) => size.cols === cols && size.rows === rows);
  }

  private lose(): void {
    const wasStable = this.state.value === 'live' && performance.now() - this.liveSinceMs > STABLE_AFTER_MS;
    const wasLive = this.state.value === 'live';
    this.drop();
    this.earlyInput = [];
    this.failures = wasStable ? 1 : this.failures + 1;
    this.state.set('lost');
    this.retryTimer = window.setTimeout(() => this.connect(), reconnectDelayMs(this.failures, Math.random()));
    if (!wasLive) this.refused.fire();
  }

  private end(): void {
    this.drop();
    this.state.set('ended');
  }

  private drop(): void {
    this.clearTimers();
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }

  private clearTimers(): void {
    if (this.ackTimer !== null) window.clearTimeout(this.ackTimer);
    if (this.retryTimer !== null) window.clearTimeout(this.retryTimer);
    this.ackTimer = null;
    this.retryTimer = null;
  }
}
