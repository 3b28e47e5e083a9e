import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { messageOf } from '../../core/errors.js';

export interface RunnerFiles {
  record: string;
  socket: string;
  log: string;
  times: string;
  /** Folder of the log's older segments. */
  oldLogs: string;
}

export interface LaunchOrder {
  files: RunnerFiles;
  /** Size at which the log goes on in a new file. */
  segmentBytes: number;
  /** How much of its log the runner keeps. */
  keepBytes: number;
  run: number;
  marker: string;
  cwd: string;
  env: Record<string, string>;
  command: readonly string[];
}

/** The program could not be started; the message is a sentence. */
export class LaunchFailed extends Error {
  override readonly name = 'LaunchFailed';
}

/** A runner that has not said anything by then is broken. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Starts a runner in a session of its own, so that it outlives this process, and waits for its one line.
 * @param binary path of the compiled runner
 * @returns pid of the program (not of the runner)
 * @throws LaunchFailed
 */
export async function launchRunner(binary: string, order: LaunchOrder): Promise<number> {
  const { files } = order;
  const args = [
    ['--record', files.record],
    ['--socket', files.socket],
    ['--log', files.log],
    ['--times', files.times],
    ['--old-logs', files.oldLogs],
    ['--segment-bytes', String(order.segmentBytes)],
    ['--keep-bytes', String(order.keepBytes)],
    ['--run', String(order.run)],
    ['--marker', order.marker],
    ['--cwd', order.cwd],
  ].flat();
  const runner = spawn(binary, [...args, '--', ...order.command], {
    cwd: '/',
    env: order.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // The runner's end is told by its socket and its record; the process object only has to be reaped.
  runner.unref();
  const spawnError = new Promise<never>((_, reject) => {
    runner.once('error', (error) =>
      reject(new LaunchFailed(`The runner cannot be started: ${messageOf(error)}`)),
    );
  });
  const line = await Promise.race([readLine(runner.stdout), spawnError]);
  const pid = /^started pid=(\d+) /.exec(line)?.[1];
  if (pid !== undefined) return Number(pid);
  throw new LaunchFailed(
    line.startsWith('failed ') ? line.slice('failed '.length) : 'The runner did not start.',
  );
}

/** First line of a stream, or what there is of it when it ends or takes too long. */
async function readLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => (text += chunk));
  const timeout = AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS);
  // The runner gives its stdout away after that line, which ends the stream.
  await once(stream, 'end', { signal: timeout }).catch(() => undefined);
  return text.split('\n')[0] ?? '';
}
