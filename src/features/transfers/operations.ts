import { randomUUID } from 'node:crypto';
import type { Operation, OperationKind, OperationPhase } from '../../contracts/operation.js';
import { AppError, isDiskFull } from '../../core/errors.js';
import type { EventHub } from '../../core/events/event-hub.js';
import type { Logger } from '../../core/logging.js';
import { Mutex } from '../../core/mutex.js';
import type { WorkerProgress } from './domain/transfer-job.js';

const TELL_EVERY_MS = 500;
/** Ended ones stay until they are dismissed, or so many have ended after them. */
const MAX_ENDED = 20;
/** Each holds a name, and perhaps an instance at rest. */
const MAX_WAITING = 50;

/** What an operation does when its turn has come. */
export interface OperationWork {
  kind: OperationKind;
  subject: string;
  source: string;
  sourceId: number | null;
  /** @returns the instance that was made, if one was. Ends when `signal` does, and leaves nothing behind then */
  carryOut: (turn: OperationTurn) => Promise<number | null>;
  /** Called once, however it ended, even if its turn has never come. */
  release: () => void;
}

export interface OperationTurn {
  signal: AbortSignal;
  onProgress: (progress: WorkerProgress) => void;
  /** From here on it cannot be cancelled any more. @throws when it was */
  commit: () => void;
}

export interface OperationsParts {
  hub: EventHub;
  logger: Logger;
  onDiskFull: () => void;
}

interface Present {
  operation: Operation;
  cancel: AbortController;
  work: OperationWork;
}

const ENDS: ReadonlySet<OperationPhase> = new Set(['done', 'failed', 'cancelled']);

/** Long work on instances' files: one after the other, told of while it goes on, and cancelled where somebody asks. */
export class Operations {
  private readonly turn = new Mutex();
  /** The newest last. */
  private readonly present = new Map<string, Present>();
  private readonly committed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly parts: OperationsParts) {}

  /** Newest first. */
  list(): Operation[] {
    return [...this.present.values()].map(({ operation }) => ({ ...operation })).reverse();
  }

  /** @throws AppError `rate_limited`; the work is released then */
  begin(work: OperationWork): Operation {
    const waitingCount = this.list().filter(({ phase }) => !ENDS.has(phase)).length;
    if (waitingCount >= MAX_WAITING || this.isClosed) {
      work.release();
      throw new AppError(
        'rate_limited',
        'TOO_MANY_OPERATIONS',
        'Too much is waiting already. Try again later.',
      );
    }
    const operation: Operation = {
      id: randomUUID(),
      kind: work.kind,
      subject: work.subject,
      source: work.source,
      source_id: work.sourceId,
      phase: 'waiting',
      total_bytes: null,
      done_bytes: 0,
      done_files: 0,
      shared_bytes: 0,
      message: null,
      instance_id: null,
      started_at: new Date().toISOString(),
      ended_at: null,
    };
    const cancel = new AbortController();
    const present = { operation, cancel, work };
    this.present.set(operation.id, present);
    this.forgetOldest();
    this.tell();
    void this.turn.run(() => this.carryOut(present));
    return { ...operation };
  }

  /**
   * Cancels one that is under way, dismisses one that has ended.
   * @throws AppError `not_found`, or `conflict` when it is all but done
   */
  remove(id: string): void {
    const found = this.present.get(id);
    if (found === undefined)
      throw new AppError('not_found', 'OPERATION_NOT_FOUND', 'There is no such operation.');
    if (ENDS.has(found.operation.phase)) {
      this.present.delete(id);
      this.tell();
    } else if (this.committed.has(id)) {
      throw new AppError(
        'conflict',
        'OPERATION_ENDING',
        'It is all but done and cannot be cancelled any more.',
      );
    } else {
      found.cancel.abort();
      // Its turn may be hours away.
      if (found.operation.phase === 'waiting') this.end(found, 'cancelled');
    }
  }

  /** Whether an archive is being written or read. */
  isUsing(archive: string): boolean {
    return [...this.present.values()].some(
      ({ operation: { kind, phase, source, subject } }) =>
        !ENDS.has(phase) && archive === (kind === 'import' ? source : kind === 'export' ? subject : null),
    );
  }

  /** Cancels everything; nothing is begun any more. Settles when nothing of it works any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const { cancel } of this.present.values()) cancel.abort();
    await this.turn.run(() => Promise.resolve());
    clearTimeout(this.timer);
  }

  private async carryOut(present: Present): Promise<void> {
    const { work, operation, cancel } = present;
    if (ENDS.has(operation.phase)) return;
    const { signal } = cancel;
    try {
      signal.throwIfAborted();
      operation.phase = 'counting';
      this.tell();
      operation.instance_id = await work.carryOut({
        signal,
        onProgress: (progress) => this.note(operation, progress),
        commit: () => {
          signal.throwIfAborted();
          this.committed.add(operation.id);
          operation.phase = 'finishing';
          this.tell();
        },
      });
      this.end(present, 'done');
    } catch (error) {
      operation.message = signal.aborted ? null : this.sentenceOf(operation, error);
      this.end(present, signal.aborted ? 'cancelled' : 'failed');
    }
  }

  private end({ operation, work }: Present, phase: 'done' | 'failed' | 'cancelled'): void {
    work.release();
    this.committed.delete(operation.id);
    operation.phase = phase;
    operation.ended_at = new Date().toISOString();
    this.tell();
  }

  private note(operation: Operation, progress: WorkerProgress): void {
    const isNews = operation.phase !== progress.phase;
    operation.phase = progress.phase;
    operation.total_bytes = progress.totalBytes;
    operation.done_bytes = progress.doneBytes;
    operation.done_files = progress.doneFiles;
    operation.shared_bytes = progress.sharedBytes;
    if (isNews) this.tell();
    else this.timer ??= setTimeout(() => this.tell(), TELL_EVERY_MS).unref();
  }

  private sentenceOf({ kind, subject }: Operation, error: unknown): string {
    if (isDiskFull(error)) this.parts.onDiskFull();
    if (error instanceof AppError) return error.message;
    if (isDiskFull(error))
      return 'The disk of the data directory is full. Free some space and try again; nothing was made.';
    this.parts.logger.error('an operation failed', { kind, subject, error });
    return 'It failed; the log of AiKore says why.';
  }

  private forgetOldest(): void {
    const ended = [...this.present.values()].filter(({ operation }) => ENDS.has(operation.phase));
    for (const { operation } of ended.slice(0, -MAX_ENDED)) this.present.delete(operation.id);
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.parts.hub.publish('operations.changed', this.list());
  }
}
