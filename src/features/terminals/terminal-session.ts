import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TerminalSession as SessionView } from '../../contracts/terminal.js';
import type { Logger } from '../../core/logging.js';
import { removeTree } from '../../host/files/remove-tree.js';
import { killMarkedProcesses } from '../../host/processes/marked-processes.js';
import { signalName } from '../../host/processes/signal-name.js';
import { foregroundOf } from '../../host/terminals/foreground.js';
import { TerminalConnection } from '../../host/terminals/terminal-connection.js';
import { hostLives, readTerminalRecord } from '../../host/terminals/terminal-facts.js';
import type { TerminalFacts } from '../../host/terminals/terminal-facts.js';
import type { HostFrame, TerminalSize } from '../../host/terminals/terminal-frames.js';
import { TERMINAL_MARKER_VARIABLE } from '../../host/terminals/terminal-launcher.js';
import { endedWith, lost } from './terminal-ending.js';
import type { TerminalEnding } from './terminal-ending.js';

/** What is hung up gets so long before it is killed. */
const CLOSE_GRACE_MS = 1500;
/** A host that lives and does not answer was stopped by a signal, or has no descriptor free. */
const RECONNECT_TRIES = 20;
const RECONNECT_PAUSE_MS = 250;

type ExitFrame = Extract<HostFrame, { type: 'exit' }>;

/** A living terminal and a conversation with its host that is about its end only. */
export class TerminalSession {
  /** Resolves when the shell and all that ran with it have ended and the host is gone. */
  readonly over: Promise<TerminalEnding>;
  /** What viewers are to be told besides the output. */
  note: string | null = null;
  /** Whoever acted last is the last. */
  private viewers: object[] = [];
  private connection: TerminalConnection | null = null;
  private size: TerminalSize = { cols: 0, rows: 0 };
  private ending: TerminalEnding | null = null;
  private isClosing = false;
  private isReleased = false;
  private finish: (ending: TerminalEnding) => void = () => undefined;

  private constructor(
    readonly folder: string,
    readonly facts: TerminalFacts,
    private readonly logger: Logger,
  ) {
    this.over = new Promise((resolve) => (this.finish = resolve));
  }

  /**
   * Finds the terminal whose host listens in a folder.
   * @throws a system error when none answers
   */
  static async find(folder: string, facts: TerminalFacts, logger: Logger): Promise<TerminalSession> {
    const session = new TerminalSession(folder, facts, logger);
    await session.connect();
    return session;
  }

  get id(): string {
    return this.facts.id;
  }

  get owner(): string {
    return this.facts.owner;
  }

  get isRunning(): boolean {
    return this.ending === null;
  }

  get viewerCount(): number {
    return this.viewers.length;
  }

  /** @returns forgets the viewer again */
  addViewer(viewer: object): () => void {
    // Somebody who only looks is behind everybody who works in it.
    this.viewers.unshift(viewer);
    return () => {
      this.viewers = this.viewers.filter((other) => other !== viewer);
    };
  }

  /** A viewer typed, or gave the session its size. */
  noteActive(viewer: object): void {
    if (this.isAnswering(viewer)) return;
    this.viewers = [...this.viewers.filter((other) => other !== viewer), viewer];
  }

  /** Every viewer's screen answers what a program asks, and the program is to hear one of them: whoever acted last. */
  isAnswering(viewer: object): boolean {
    return this.viewers.at(-1) === viewer;
  }

  view(): SessionView {
    const { name, isShell } = foregroundOf(this.facts.pid);
    return {
      id: this.id,
      title: name,
      is_busy: this.isRunning && !isShell,
      started_at: this.facts.startedAt.toISOString(),
      ...this.size,
      viewers: this.viewers.length,
      running: this.isRunning,
    };
  }

  /** Ends it and everything that runs in it. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.connection?.hangUp(CLOSE_GRACE_MS);
    await this.over;
  }

  /** Lets it live on without AiKore. */
  release(): void {
    this.isReleased = true;
    this.connection?.release();
  }

  private async connect(): Promise<void> {
    const { connection } = await TerminalConnection.open(this.folder, {
      onFrame: (frame) => this.hear(frame),
      onClosed: () => void this.lose(),
    });
    this.connection = connection;
    if (this.isReleased) {
      connection.release();
      return;
    }
    connection.watch();
    if (this.isClosing) connection.hangUp(CLOSE_GRACE_MS);
  }

  /** What the host's farewell means. */
  endingOf(frame: ExitFrame): TerminalEnding {
    return endedWith(frame.code, signalName(frame.signal), this.isClosing);
  }

  private hear(frame: Exclude<HostFrame, { type: 'hello' }>): void {
    if (frame.type === 'resized') this.size = { cols: frame.cols, rows: frame.rows };
    if (frame.type === 'exit') this.ending = this.endingOf(frame);
  }

  /** The host ended after it said how its shell did, or it was killed, or it only let us go. */
  private async lose(): Promise<void> {
    this.connection = null;
    if (this.ending === null && (await this.isFoundAgain())) return;
    this.ending ??= await this.settleLost();
    await removeTree(this.folder).catch((error: unknown) => {
      this.logger.warn('the folder of a terminal cannot be removed', { error });
    });
    this.finish(this.ending);
  }

  private async isFoundAgain(): Promise<boolean> {
    for (let tries = 0; tries < RECONNECT_TRIES && hostLives(this.facts) && !this.isReleased; tries += 1) {
      try {
        await this.connect();
        return true;
      } catch {
        await sleep(RECONNECT_PAUSE_MS);
      }
    }
    return this.isReleased;
  }

  /** What it wrote down counts when its last words were lost on the way. */
  private async settleLost(): Promise<TerminalEnding> {
    const record = await readTerminalRecord(join(this.folder, 'record')).catch(() => null);
    if (record?.state === 'ended' && record.marker === this.facts.marker)
      return endedWith(record.exitCode, record.exitSignal, this.isClosing);
    const left = await killMarkedProcesses(TERMINAL_MARKER_VARIABLE, this.facts.marker);
    this.logger.warn('a terminal was lost', { terminal: this.id, left });
    return lost();
  }
}
