import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../../core/logging.js';
import { RunnerConnection } from '../../../host/runner/runner-connection.js';
import { droppedNote } from '../dropped-note.js';
import type { MissedEnd, RunHandle, RunListener } from './supervisor.ports.js';

/** After so long another attempt is made to speak with a living runner, or to find out what became of a dead one. */
const RETRY_MS = 1000;
/** A runner that was told to kill its tree has done so by then; one that has not will not. */
const KILL_LIMIT_MS = 4000;
/** So long after the grace a runner that was told to stop its tree has done it, on the busiest machine. */
const STOP_LIMIT_MS = 10_000;

export interface RunnerChannelParts {
  instanceId: number;
  run: number;
  socket: string;
  listener: RunListener;
  /** Hears how much output of the run was lost so far, in bytes. */
  onDropped(droppedBytes: number): void;
  /** Pid of the runner of this run, while it lives. */
  livingRunner(): Promise<number | null>;
  /** What became of the run, once its runner is gone; ends what it left behind. @throws while that cannot be done */
  settle(): Promise<MissedEnd['ending']>;
  /** SIGKILL to everything of the run, its runner included. */
  endByForce(): Promise<void>;
  logger: Logger;
}

/**
 * The conversation with the runner of one run. It may break off while the runner lives, for applications run as the same
 * user and can reach its socket: it is taken up again, and a command that finds nobody to speak with is carried out
 * without the runner.
 */
export class RunnerChannel implements RunHandle {
  private connection: RunnerConnection | null = null;
  private force: NodeJS.Timeout | undefined;
  private isOver = false;
  private hasEnded = false;

  private constructor(private readonly parts: RunnerChannelParts) {}

  /** @throws a system error such as ENOENT or ECONNREFUSED when no runner listens */
  static async open(parts: RunnerChannelParts): Promise<RunnerChannel> {
    const channel = new RunnerChannel(parts);
    await channel.connect();
    return channel;
  }

  /** For a living runner that does not answer: it is spoken with as soon as it does. */
  static seek(parts: RunnerChannelParts): RunnerChannel {
    const channel = new RunnerChannel(parts);
    void channel.recover();
    return channel;
  }

  terminate(graceMs: number): void {
    void this.wake();
    this.connection?.stop(graceMs);
    this.forceAfter(this.connection === null ? graceMs : graceMs + STOP_LIMIT_MS);
  }

  killTree(): void {
    void this.wake();
    this.connection?.kill();
    this.forceAfter(this.connection === null ? 0 : KILL_LIMIT_MS);
  }

  release(): void {
    this.close();
    this.connection?.close();
  }

  /** A runner that was stopped by a signal would hear the command only when somebody lets it go on. */
  private async wake(): Promise<void> {
    const pid = await this.parts.livingRunner().catch(() => null);
    try {
      if (pid !== null) process.kill(pid, 'SIGCONT');
    } catch (error) {
      this.warn('a runner could not be woken', error);
    }
  }

  private async connect(): Promise<void> {
    const { socket, run, listener } = this.parts;
    this.connection = await RunnerConnection.open(socket, {
      onOutput: (sizeBytes, droppedBytes) => {
        this.parts.onDropped(droppedBytes);
        listener.onOutput(sizeBytes, run);
      },
      onEnded: (ending, droppedBytes) =>
        this.end({ ...ending, endedAt: new Date(), note: droppedNote(droppedBytes) }),
      onLost: () => {
        this.connection = null;
        void this.recover();
      },
    });
    if (this.isOver) this.connection.close();
  }

  private async recover(): Promise<void> {
    while (!(await this.isSettled())) {
      await sleep(RETRY_MS);
      if (await this.isSpokenWithAgain()) return;
    }
  }

  private async isSettled(): Promise<boolean> {
    if (this.isOver) return true;
    try {
      if ((await this.parts.livingRunner()) !== null) return false;
      this.end(await this.parts.settle());
      return true;
    } catch (error) {
      this.warn('the end of a run could not be found out', error);
      return false;
    }
  }

  private async isSpokenWithAgain(): Promise<boolean> {
    if (this.isOver) return true;
    return this.connect().then(
      () => true,
      () => false,
    );
  }

  private end(ending: MissedEnd['ending']): void {
    if (this.isOver) return;
    this.close();
    this.hasEnded = true;
    this.parts.listener.onEnded(ending);
  }

  private forceAfter(durationMs: number): void {
    clearTimeout(this.force);
    // A command that crosses the news of the end must not reach the next run.
    if (this.hasEnded) return;
    this.force = setTimeout(() => {
      this.parts.endByForce().then(
        () => this.distrust(),
        (error: unknown) => this.warn('a run could not be ended', error),
      );
    }, durationMs);
  }

  /** Nobody is left who could speak for the run: who still holds the connection has put himself in the runner's place. */
  private distrust(): void {
    if (this.isOver || this.connection === null) return;
    this.connection.close();
    this.connection = null;
    void this.recover();
  }

  private close(): void {
    this.isOver = true;
    clearTimeout(this.force);
  }

  private warn(what: string, error: unknown): void {
    this.parts.logger.warn(what, { instance: this.parts.instanceId, error });
  }
}
