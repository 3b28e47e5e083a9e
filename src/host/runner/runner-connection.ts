import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { takeSocketFile } from '../files/socket-file.js';
import { signalName } from '../processes/signal-name.js';
import { oomIn, parsePairs, toExitCode, toNumber } from './runner-record.js';
import type { OomSource } from './runner-record.js';

/** How the program ended; both null when nothing is known. */
export interface RunnerEnding {
  exitCode: number | null;
  exitSignal: string | null;
  /** Kills for want of memory during the run, and whose count that is. */
  oomKills: number;
  oomSource: OomSource;
}

export interface RunnerListener {
  /** The log grew (or bytes were dropped because it could not). */
  onOutput(logSizeBytes: number, droppedBytes: number): void;
  /** No process is left. */
  onEnded(ending: RunnerEnding, droppedBytes: number): void;
  /** The runner went away without saying how its program ended. */
  onLost(): void;
}

/** Longer than any line of the protocol; more means it is not a runner. */
const MAX_LINE_BYTES = 1024;

/** The kernel takes the call for a runner, even one that was stopped; whoever does not answer by then is none. */
const DIAL_LIMIT_MS = 5000;

/** A conversation with a living runner. The runner goes on without us, whatever happens to this object. */
export class RunnerConnection {
  private pending = '';
  private hasEnded = false;

  private constructor(
    private readonly socket: Socket,
    private readonly listener: RunnerListener,
  ) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.read(chunk));
    // 'close' follows and tells.
    socket.on('error', () => undefined);
    socket.on('close', () => this.closed());
  }

  /**
   * Connects to a runner's socket.
   * @throws a system error such as ENOENT or ECONNREFUSED when no runner listens, ETIMEDOUT when nobody takes the call
   */
  static async open(socketPath: string, listener: RunnerListener): Promise<RunnerConnection> {
    const file = takeSocketFile(socketPath);
    try {
      return new RunnerConnection(await dial(file.path), listener);
    } finally {
      file.close();
    }
  }

  /** SIGTERM to the program's group, after the grace SIGKILL to everything that is left. */
  stop(graceMs: number): void {
    this.socket.write(`stop grace_ms=${Math.round(graceMs)}\n`);
  }

  /** SIGKILL to everything, now. */
  kill(): void {
    this.socket.write('kill\n');
  }

  /** Ends the conversation only. */
  close(): void {
    this.hasEnded = true;
    this.socket.destroy();
  }

  private read(chunk: string): void {
    this.pending += chunk;
    const lines = this.pending.split('\n');
    this.pending = lines.pop() ?? '';
    for (const line of lines) this.take(line);
    if (this.pending.length > MAX_LINE_BYTES) this.socket.destroy();
  }

  private take(line: string): void {
    const [word, ...pieces] = line.split(' ');
    const values = parsePairs(pieces);
    const ending = (): RunnerEnding => ({
      exitCode: toExitCode(values.get('exit_code')),
      exitSignal: signalName(toNumber(values.get('exit_signal'))),
      ...oomIn(values),
    });
    const droppedBytes = toNumber(values.get('dropped')) ?? 0;
    if (word === 'hello' || word === 'out')
      this.listener.onOutput(toNumber(values.get('size')) ?? 0, droppedBytes);
    const isEnd = word === 'ended' || (word === 'hello' && values.get('state') === 'ended');
    if (isEnd && !this.hasEnded) {
      this.hasEnded = true;
      this.listener.onEnded(ending(), droppedBytes);
    }
  }

  private closed(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.listener.onLost();
  }
}

function dial(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    const limit = setTimeout(() => {
      socket.destroy(Object.assign(new Error('nobody takes the call'), { code: 'ETIMEDOUT' }));
    }, DIAL_LIMIT_MS);
    socket.once('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(limit);
      resolve(socket);
    });
  });
}
