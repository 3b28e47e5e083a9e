import { randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TerminalSession as SessionView } from '../../contracts/terminal.js';
import { AppError, diskFull, isDiskFull, messageOf, systemCodeOf } from '../../core/errors.js';
import type { Logger } from '../../core/logging.js';
import { makeAppFolder } from '../../host/files/app-folder.js';
import { removeTree } from '../../host/files/remove-tree.js';
import { killMarkedProcesses } from '../../host/processes/marked-processes.js';
import { hostLives, readTerminalRecord } from '../../host/terminals/terminal-facts.js';
import type { TerminalSize } from '../../host/terminals/terminal-frames.js';
import { TERMINAL_MARKER_VARIABLE, launchTerminal } from '../../host/terminals/terminal-launcher.js';
import type { TerminalStarter } from '../../host/terminals/terminal-launcher.js';
import { prepareShell } from './shell-command.js';
import type { ShellPlace } from './shell-command.js';
import { endedWith, longGone, lost } from './terminal-ending.js';
import type { TerminalEnding } from './terminal-ending.js';
import { TerminalSession } from './terminal-session.js';

/** Terminals live as long as somebody wants them, so their number is bounded. */
const MAX_PER_OWNER = 8;
const MAX_TOGETHER = 64;
/** Ends that are remembered for pages which come back. */
const REMEMBERED_ENDS = 200;
const ID_BYTES = 16;

export interface TerminalSessionsOptions {
  /** Folder of all terminals' folders. */
  root: string;
  /** Path of the compiled host. */
  binary: string;
  starter: TerminalStarter;
  logger: Logger;
}

interface Opening {
  owner: string;
  /** Its owner is no more. */
  isCalledOff: boolean;
}

/** Every terminal: opens them, finds them again after a restart, ends them. Owners are words such as `machine`. */
export class TerminalSessions {
  private readonly sessions = new Map<string, TerminalSession>();
  private readonly ends = new Map<string, { owner: string; ending: TerminalEnding }>();
  /** Terminals that are being opened. */
  private readonly opening: Opening[] = [];
  private isClosed = false;

  constructor(private readonly options: TerminalSessionsOptions) {}

  /** Finds what lives, and removes what is left of what does not. */
  async boot(): Promise<void> {
    const ids = await readdir(this.options.root).catch(() => []);
    await Promise.all(ids.map((id) => this.settle(id)));
  }

  /** Oldest first. */
  list(owner: string): SessionView[] {
    return this.of(owner).map((session) => session.view());
  }

  /** The living terminal of that owner, or how it ended. */
  find(owner: string, id: string): TerminalSession | TerminalEnding {
    const session = this.sessions.get(id);
    if (session !== undefined && session.owner === owner) return session;
    const end = this.ends.get(id);
    return end !== undefined && end.owner === owner ? end.ending : longGone();
  }

  /**
   * Opens a terminal.
   * @throws AppError `rate_limited`, `disk_full`, `unavailable`; `not_found` when its owner went meanwhile
   */
  async open(owner: string, size: TerminalSize, place: () => Promise<ShellPlace>): Promise<TerminalSession> {
    this.requireRoom(owner);
    const opening: Opening = { owner, isCalledOff: false };
    this.opening.push(opening);
    try {
      const session = await this.start(owner, size, await place());
      if (!opening.isCalledOff) return session;
      await session.close();
      throw calledOff();
    } finally {
      this.opening.splice(this.opening.indexOf(opening), 1);
    }
  }

  /** Ends a terminal and everything in it. @throws AppError `not_found` */
  async close(owner: string, id: string): Promise<void> {
    const session = this.sessions.get(id);
    if (session === undefined || session.owner !== owner)
      throw new AppError('not_found', 'TERMINAL_NOT_FOUND', 'There is no such terminal any more.');
    await session.close();
  }

  /** Ends the terminals of an owner who is no more, also those that are just being opened. */
  async closeAllOf(owner: string): Promise<void> {
    for (const opening of this.opening) opening.isCalledOff ||= opening.owner === owner;
    await Promise.all(this.of(owner).map((session) => session.close()));
  }

  /** Ends all of them, and opens no further one. @returns whether all have ended within the limit */
  async closeAll(limitMs: number): Promise<boolean> {
    this.isClosed = true;
    const closing = Promise.all([...this.sessions.values()].map((session) => session.close()));
    return Promise.race([closing.then(() => true), sleep(limitMs, false, { ref: false })]);
  }

  /** Lets all of them live on without AiKore. */
  release(): void {
    this.isClosed = true;
    for (const session of this.sessions.values()) session.release();
  }

  private of(owner: string): TerminalSession[] {
    return [...this.sessions.values()]
      .filter((session) => session.owner === owner)
      .sort((a, b) => a.facts.startedAt.getTime() - b.facts.startedAt.getTime());
  }

  private requireRoom(owner: string): void {
    if (this.isClosed) throw new AppError('unavailable', 'SHUTTING_DOWN', 'AiKore is just being stopped.');
    const running = [...this.sessions.values()].filter((session) => session.isRunning);
    const owners = [
      ...running.map((session) => session.owner),
      ...this.opening.map((opening) => opening.owner),
    ];
    if (owners.filter((other) => other === owner).length >= MAX_PER_OWNER)
      throw tooMany(`${MAX_PER_OWNER} terminals are open here already. Close one first.`);
    if (owners.length >= MAX_TOGETHER)
      throw tooMany(`${MAX_TOGETHER} terminals are open on this machine already. Close some first.`);
  }

  private async start(owner: string, size: TerminalSize, place: ShellPlace): Promise<TerminalSession> {
    const id = randomBytes(ID_BYTES).toString('hex');
    const marker = randomUUID();
    const folder = join(this.options.root, id);
    try {
      await makeAppFolder(folder, 0o700);
      const { command, env, note } = await prepareShell(folder, place);
      const order = { folder, id, owner, marker, cwd: place.cwd, size, env, command };
      await launchTerminal(this.options.binary, order, this.options.starter);
      const session = await this.adopt(folder);
      session.note = note;
      if (this.isClosed) await session.close();
      return session;
    } catch (error) {
      await killMarkedProcesses(TERMINAL_MARKER_VARIABLE, marker);
      await removeTree(folder);
      throw asAppError(error);
    }
  }

  private async adopt(folder: string): Promise<TerminalSession> {
    const facts = await readTerminalRecord(join(folder, 'record'));
    if (facts === null) throw new Error('Its record cannot be read.');
    const session = await TerminalSession.find(folder, facts, this.options.logger);
    this.sessions.set(session.id, session);
    void session.over.then((ending) => {
      this.sessions.delete(session.id);
      this.remember(session.id, session.owner, ending);
    });
    return session;
  }

  /** At boot: a folder's terminal lives, or ended while nobody looked. */
  private async settle(id: string): Promise<void> {
    const { root, logger } = this.options;
    const folder = join(root, id);
    const facts = await readTerminalRecord(join(folder, 'record')).catch(() => null);
    if (facts !== null && facts.id === id && hostLives(facts)) {
      try {
        await this.adopt(folder);
        return;
      } catch (error) {
        // On a machine that hardly gets on, or stopped by a signal: what runs in it may have run for days.
        if (hostLives(facts)) {
          logger.warn('a terminal does not answer; it is left alone until the next start', {
            terminal: id,
            error,
          });
          return;
        }
      }
    }
    if (facts !== null) {
      if (facts.marker !== '') await killMarkedProcesses(TERMINAL_MARKER_VARIABLE, facts.marker);
      const ending = facts.state === 'ended' ? endedWith(facts.exitCode, facts.exitSignal, false) : lost();
      this.remember(facts.id, facts.owner, ending);
    }
    await removeTree(folder).catch((error: unknown) => {
      logger.warn('the folder of a terminal cannot be removed', { error });
    });
  }

  private remember(id: string, owner: string, ending: TerminalEnding): void {
    this.ends.set(id, { owner, ending });
    const oldest = this.ends.keys().next();
    if (this.ends.size > REMEMBERED_ENDS && oldest.done !== true) this.ends.delete(oldest.value);
  }
}

function calledOff(): AppError {
  return new AppError(
    'not_found',
    'TERMINAL_NOT_FOUND',
    'The instance was deleted while its terminal was being opened.',
  );
}

function tooMany(message: string): AppError {
  return new AppError('rate_limited', 'TOO_MANY_TERMINALS', message);
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDiskFull(error))
    return diskFull('The disk of the data directory is full: no terminal can be opened.');
  const message = systemCodeOf(error) === undefined ? messageOf(error) : 'The terminal cannot be started.';
  return new AppError('unavailable', 'TERMINAL_FAILED', message, {});
}
