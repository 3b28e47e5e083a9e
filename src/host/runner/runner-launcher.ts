import { messageOf } from '../../core/errors.js';
import { trustedUid } from './trusted-uid.js';
import { spawnDirectly } from './spawn-directly.js';
import type { SpawnWish } from './spawn-request.js';
import { SpawnerGone } from './spawner-process.js';
import { settleStart } from './unsettled-start.js';

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

/** Who starts the runner: usually a `Spawner`. */
export interface RunnerStarter {
  /**
   * @returns the first line that the program printed
   * @throws SpawnerGone when what became of the start is not known
   */
  start(wish: SpawnWish): Promise<string>;
}

/**
 * Starts a runner in a session of its own, so that it outlives this process, and waits for its one line.
 * @param binary path of the compiled runner
 * @returns pid of the program (not of the runner)
 * @throws LaunchFailed
 */
export async function launchRunner(
  binary: string,
  order: LaunchOrder,
  starter: RunnerStarter,
): Promise<number> {
  const wish: SpawnWish = { argv: [binary, ...argumentsOf(order)], env: order.env };
  try {
    return pidIn(await starter.start(wish));
  } catch (error) {
    if (!(error instanceof SpawnerGone)) throw asLaunchFailure(error);
  }
  try {
    return (await pidOfUnsettled(order)) ?? pidIn(await spawnDirectly(wish));
  } catch (error) {
    throw asLaunchFailure(error);
  }
}

function argumentsOf(order: LaunchOrder): string[] {
  const { files, segmentBytes, keepBytes, run, marker, cwd, command } = order;
  return [
    ['--record', files.record],
    ['--socket', files.socket],
    ['--log', files.log],
    ['--times', files.times],
    ['--old-logs', files.oldLogs],
    ['--segment-bytes', String(segmentBytes)],
    ['--keep-bytes', String(keepBytes)],
    ['--run', String(run)],
    ['--marker', marker],
    ['--cwd', cwd],
    trustedUid(),
    ['--', ...command],
  ].flat();
}

/** The start may have come to something although nobody could tell: a second runner would be a second copy. */
async function pidOfUnsettled(order: LaunchOrder): Promise<number | null> {
  const record = await settleStart(order.files.record, order.marker);
  if (record === null) return null;
  if (record.state === 'failed' || record.pid === null) throw new LaunchFailed(record.error);
  return record.pid;
}

function pidIn(line: string): number {
  const pid = /^started pid=(\d+) /.exec(line)?.[1];
  if (pid !== undefined) return Number(pid);
  throw new LaunchFailed(
    line.startsWith('failed ') ? line.slice('failed '.length) : 'The runner did not start.',
  );
}

function asLaunchFailure(error: unknown): LaunchFailed {
  return error instanceof LaunchFailed
    ? error
    : new LaunchFailed(`The runner cannot be started: ${messageOf(error)}`);
}
