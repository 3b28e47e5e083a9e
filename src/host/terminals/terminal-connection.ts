import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { takeSocketFile } from '../files/socket-file.js';
import { parseTerminalFacts } from './terminal-facts.js';
import type { TerminalFacts } from './terminal-facts.js';
import { FrameReader, hostFrames } from './terminal-frames.js';
import type { HostFrame, TerminalSize } from './terminal-frames.js';

export interface TerminalListener {
  onFrame(frame: Exclude<HostFrame, { type: 'hello' }>): void;
  /** The connection is over; nothing follows. */
  onClosed(): void;
}

/** The kernel takes the call for a host, even one that was stopped; whoever does not answer by then is none. */
const DIAL_LIMIT_MS = 5000;

/** A conversation with a terminal host. The terminal goes on without us, whatever happens to this object. */
export class TerminalConnection {
  private readonly reader = new FrameReader();
  private isOver = false;

  private constructor(
    private readonly socket: Socket,
    private readonly listener: TerminalListener,
    private readonly onHello: (facts: TerminalFacts) => void,
  ) {
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    // 'close' follows and tells.
    socket.on('error', () => undefined);
    socket.on('close', () => this.end());
  }

  /**
   * Connects to the host whose files are in a folder.
   * @throws a system error such as ENOENT or ECONNREFUSED when no host listens, ETIMEDOUT when it says nothing
   */
  static async open(
    folder: string,
    listener: TerminalListener,
  ): Promise<{ connection: TerminalConnection; facts: TerminalFacts }> {
    const file = takeSocketFile(join(folder, 'socket'));
    try {
      return await dial(file.path, (socket, onHello) => new TerminalConnection(socket, listener, onHello));
    } finally {
      file.close();
    }
  }

  /** From now on this connection shows the terminal, in a window of this size. */
  attach(size: TerminalSize, creditBytes: number): void {
    this.write(hostFrames.attach(size, creditBytes));
  }

  /** From now on this connection is told of the terminal's size and end. */
  watch(): void {
    this.write(hostFrames.watch());
  }

  input(bytes: Buffer): void {
    this.write(hostFrames.input(bytes));
  }

  resize(size: TerminalSize): void {
    this.write(hostFrames.resize(size));
  }

  /** @param totalBytes of output and set-up that may be sent on this connection, all together */
  credit(totalBytes: number): void {
    this.write(hostFrames.credit(totalBytes));
  }

  /** Hangs up the terminal; what has not ended after the grace is killed. */
  hangUp(graceMs: number): void {
    this.write(hostFrames.close(graceMs));
  }

  /** Ends the conversation only, and tells nobody. */
  release(): void {
    this.isOver = true;
    this.socket.destroy();
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.socket.destroy();
    this.listener.onClosed();
  }

  private write(bytes: Buffer): void {
    if (!this.isOver) this.socket.write(bytes);
  }

  private take(chunk: Buffer): void {
    try {
      for (const frame of this.reader.read(chunk)) {
        if (this.isOver) return;
        if (frame.type !== 'hello') this.listener.onFrame(frame);
        else this.hear(frame.text);
      }
    } catch {
      // Whatever it was, it was no terminal host.
      this.end();
    }
  }

  private hear(text: string): void {
    const facts = parseTerminalFacts(text);
    if (facts === null) this.end();
    else this.onHello(facts);
  }
}

type Build = (socket: Socket, onHello: (facts: TerminalFacts) => void) => TerminalConnection;

function dial(path: string, build: Build): Promise<{ connection: TerminalConnection; facts: TerminalFacts }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    const fail = (code: string): void => {
      socket.destroy();
      reject(Object.assign(new Error('no terminal answers'), { code }));
    };
    const limit = setTimeout(() => fail('ETIMEDOUT'), DIAL_LIMIT_MS);
    const connection = build(socket, (facts) => {
      clearTimeout(limit);
      resolve({ connection, facts });
    });
    socket.once('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    socket.once('close', () => {
      clearTimeout(limit);
      fail('ECONNRESET');
    });
  });
}
