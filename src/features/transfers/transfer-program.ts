import type { ChildProcess } from 'node:child_process';
import { AppError, diskFull } from '../../core/errors.js';
import type { Logger } from '../../core/logging.js';
import { startProgram } from '../../host/processes/start-program.js';
import type { TransferJob, WorkerFailure, WorkerProgress } from './domain/transfer-job.js';
import { readWorkerMessage } from './domain/worker-message.js';
import type { WorkerMessage } from './domain/worker-message.js';

/** The worker says every few seconds that it lives; one that hangs, as on a disk that does not answer, is given up. */
const SILENCE_LIMIT_MS = 120_000;
const MAX_LINE_LENGTH = 16 * 1024;
const MAX_STDERR_LENGTH = 4000;

export interface TransferProgramOptions {
  /** The worker's file (dist/aikore/transfer.js). */
  program: string;
  /** `PATH` of the worker. */
  searchPath: string;
  logger: Logger;
}

type Ending = Extract<WorkerMessage, { type: 'done' | 'failed' }>;

/** Runs the worker, which touches the bytes of instances with the rights of applications, and with no more. */
export class TransferProgram {
  constructor(private readonly options: TransferProgramOptions) {}

  /**
   * Carries out a job.
   * @param signal aborting it ends the worker at once
   * @throws AppError with a sentence that says why it was not done; when it settles nothing of the worker is left
   */
  async run(
    job: TransferJob,
    signal: AbortSignal,
    onProgress: (progress: WorkerProgress) => void,
  ): Promise<void> {
    signal.throwIfAborted();
    const child = startProgram({
      program: process.execPath,
      args: [this.options.program],
      env: { PATH: this.options.searchPath, LANG: 'C.UTF-8' },
      cwd: '/',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const ending = await this.follow(child, job, signal, onProgress);
    signal.throwIfAborted();
    if (ending.type === 'failed') throw this.asError(ending.failure, ending.message, job.kind);
  }

  private follow(
    child: ChildProcess,
    job: TransferJob,
    signal: AbortSignal,
    onProgress: (progress: WorkerProgress) => void,
  ): Promise<Ending> {
    return new Promise((resolve) => {
      let ending: Ending | null = null;
      let said = '';
      const end = (): void => endGroup(child);
      const silence = setTimeout(() => {
        ending ??= { type: 'failed', failure: 'internal', message: 'the worker did not answer' };
        end();
      }, SILENCE_LIMIT_MS);
      onLines(child, (line) => {
        silence.refresh();
        const message = readWorkerMessage(line);
        if (message?.type === 'progress') onProgress(message.progress);
        if (message?.type === 'done' || message?.type === 'failed') ending ??= message;
      });
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-MAX_STDERR_LENGTH);
      });
      child.once('error', (error) => (said += error.message));
      child.once('exit', end);
      child.once('close', () => {
        clearTimeout(silence);
        signal.removeEventListener('abort', end);
        resolve(ending ?? { type: 'failed', failure: 'internal', message: said });
      });
      signal.addEventListener('abort', end, { once: true });
      // It may end without having read everything.
      child.stdin?.on('error', () => undefined);
      child.stdin?.write(`${JSON.stringify(job)}\n`);
    });
  }

  private asError(failure: WorkerFailure, message: string, kind: TransferJob['kind']): AppError {
    switch (failure) {
      case 'disk_full':
        return diskFull(
          'There is not enough room on the disk of the data directory. Free some space and try again; nothing was made.',
        );
      case 'bad_archive':
        return new AppError('invalid', 'BAD_ARCHIVE', `The archive was refused. ${message}`);
      case 'changed':
        return new AppError('conflict', 'FILES_CHANGED', `${message} Close what writes there and try again.`);
      case 'unreadable':
        return new AppError('conflict', 'FILES_UNREADABLE', `Something could not be read. ${message}`);
      case 'internal':
        this.options.logger.error('a transfer failed', { kind, message });
        return new AppError('internal', 'TRANSFER_FAILED', 'It failed; the log of AiKore says why.');
    }
  }
}

/** With what it has started. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}

/** Calls for every line; one without an end is none. */
function onLines(child: ChildProcess, visit: (line: string) => void): void {
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-MAX_LINE_LENGTH);
    for (const line of lines) visit(line);
  });
}
