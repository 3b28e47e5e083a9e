import type { RawData, WebSocket } from 'ws';
import type { TerminalServerMessage } from '../../contracts/terminal.js';
import { TerminalConnection } from '../../host/terminals/terminal-connection.js';
import type { HostFrame, TerminalSize } from '../../host/terminals/terminal-frames.js';
import { AckWindow } from './domain/ack-window.js';
import { isScreenAnswer } from './domain/screen-answer.js';
import { parseTerminalMessage } from './domain/terminal-message.js';
import { InputQueue } from './input-queue.js';
import type { TerminalEnding } from './terminal-ending.js';
import type { TerminalSession } from './terminal-session.js';

/** Unanswered pings after which the other side is gone. */
const MAX_MISSED_PINGS = 2;

/** One WebSocket that shows one terminal. */
export class TerminalViewer {
  private readonly window = new AckWindow();
  private readonly input: InputQueue;
  private connection: TerminalConnection | null = null;
  private session: TerminalSession | null = null;
  private pending: Buffer[] = [];
  private isFlushDue = false;
  private missedPings = 0;
  private size: TerminalSize;

  /** Nothing is read from the socket until `show`. */
  constructor(
    private readonly socket: WebSocket,
    size: TerminalSize,
  ) {
    this.size = size;
    this.input = new InputQueue({
      send: (piece) => this.connection?.input(piece),
      setPaused: (isPaused) => (isPaused ? socket.pause() : socket.resume()),
    });
    socket.pause();
    socket.on('message', (data: RawData, isBinary: boolean) => this.hear(data, isBinary));
    socket.on('pong', () => (this.missedPings = 0));
    socket.on('close', () => this.connection?.release());
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Shows a living terminal. @throws a system error when its host does not answer */
  async show(session: TerminalSession): Promise<void> {
    const { connection } = await TerminalConnection.open(session.folder, {
      onFrame: (frame) => this.take(frame, session),
      onClosed: () => void session.over.then((ending) => this.endWith(ending)),
    });
    this.connection = connection;
    if (!this.isOpen) {
      connection.release();
      return;
    }
    this.session = session;
    this.socket.on('close', session.addViewer(this));
    connection.attach(this.size, this.window.limitBytes);
    this.socket.resume();
  }

  /** Tells how the terminal ended, and is done. */
  endWith(ending: TerminalEnding): void {
    this.flush();
    this.tell({ type: 'exit', ...ending });
    this.close(1000, 'ended');
  }

  /** No terminal could be opened. */
  refuse(closeCode: number, code: string, message: string): void {
    this.tell({ type: 'error', code, message });
    this.close(closeCode, code);
  }

  close(code: number, reason: string): void {
    this.connection?.release();
    // A paused socket would not read the other side's farewell.
    this.socket.resume();
    this.socket.close(code, reason);
    setTimeout(() => this.socket.terminate(), 2000).unref();
  }

  tell(message: TerminalServerMessage): void {
    if (this.isOpen) this.socket.send(JSON.stringify(message));
  }

  ping(): void {
    if (this.missedPings >= MAX_MISSED_PINGS) {
      this.socket.terminate();
      return;
    }
    this.missedPings += 1;
    if (this.isOpen) this.socket.ping();
  }

  private take(frame: Exclude<HostFrame, { type: 'hello' }>, session: TerminalSession): void {
    switch (frame.type) {
      case 'output':
        this.queue(frame.bytes);
        break;
      case 'replay':
        this.flush();
        this.tell({ type: 'session', id: session.id, replay_bytes: frame.setUp.length + frame.outputBytes });
        if (session.note !== null) this.tell({ type: 'note', message: session.note });
        this.queue(frame.setUp);
        break;
      case 'resized':
        this.flush();
        this.tell({ type: 'resized', cols: frame.cols, rows: frame.rows });
        break;
      case 'taken':
        this.input.taken(frame.bytes);
        break;
      case 'exit':
        this.endWith(session.endingOf(frame));
    }
  }

  private queue(bytes: Buffer): void {
    this.pending.push(bytes);
    if (this.isFlushDue) return;
    this.isFlushDue = true;
    setImmediate(() => this.flush());
  }

  private flush(): void {
    this.isFlushDue = false;
    const pieces = this.pending;
    const [first] = pieces;
    if (first === undefined) return;
    this.pending = [];
    const bytes = pieces.length === 1 ? first : Buffer.concat(pieces);
    this.window.sent(bytes.length, performance.now());
    if (this.isOpen) this.socket.send(bytes, { binary: true });
  }

  /** A second answer to one question would be taken for typing. */
  private hearInput(bytes: Buffer): void {
    if (isScreenAnswer(bytes)) {
      if (this.session?.isAnswering(this) !== true) return;
    } else this.session?.noteActive(this);
    this.input.add(bytes);
  }

  private hear(data: RawData, isBinary: boolean): void {
    const bytes = asBuffer(data);
    if (isBinary) {
      this.hearInput(bytes);
      return;
    }
    const message = parseTerminalMessage(bytes.toString('utf8'));
    if (message === null) {
      this.refuse(
        4400,
        'BAD_MESSAGE',
        'A message that is none: text is {"type":"resize"…} or {"type":"ack"…}.',
      );
    } else if (message.type === 'resize') {
      this.size = { cols: message.cols, rows: message.rows };
      this.session?.noteActive(this);
      this.connection?.resize(this.size);
    } else if (this.window.acknowledged(message.bytes, performance.now())) {
      this.connection?.credit(this.window.limitBytes);
    }
  }
}

function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
