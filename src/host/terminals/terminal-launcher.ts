import { messageOf } from '../../core/errors.js';
import { trustedUid } from '../runner/trusted-uid.js';
import { spawnDirectly } from '../runner/spawn-directly.js';
import type { SpawnWish } from '../runner/spawn-request.js';
import { SpawnerGone } from '../runner/spawner-process.js';
import { killMarkedProcesses } from '../processes/marked-processes.js';
import type { TerminalSize } from './terminal-frames.js';

/** The variable by which everything of a terminal is found when its host was killed. */
export const TERMINAL_MARKER_VARIABLE = 'AIKORE_TERMINAL_MARKER';

export interface TerminalOrder {
  /** Folder of its own for record and socket. */
  folder: string;
  id: string;
  owner: string;
  marker: string;
  cwd: string;
  size: TerminalSize;
  env: Readonly<Record<string, string>>;
  command: readonly string[];
}

/** The terminal could not be started; the message is a sentence. */
export class TerminalFailed extends Error {
  override readonly name = 'TerminalFailed';
}

/** Who starts programs: usually a `Spawner`. */
export interface TerminalStarter {
  /** @throws SpawnerGone when what became of the start is not known */
  start(wish: SpawnWish): Promise<string>;
}

/**
 * Starts a terminal host in a session of its own, so that it outlives this process; it listens when this resolves.
 * @param binary path of the compiled host
 * @throws TerminalFailed
 */
export async function launchTerminal(
  binary: string,
  order: TerminalOrder,
  starter: TerminalStarter,
): Promise<void> {
  const wish: SpawnWish = {
    argv: [binary, ...argumentsOf(order)],
    env: { ...order.env, [TERMINAL_MARKER_VARIABLE]: order.marker },
  };
  let line: string;
  try {
    line = await startOnce(wish, order.marker, starter);
  } catch (error) {
    throw new TerminalFailed(`The terminal cannot be started: ${messageOf(error)}`, { cause: error });
  }
  if (line.startsWith('started ')) return;
  const said = line.startsWith('failed ') ? line.slice('failed '.length) : 'its process ended at once';
  throw new TerminalFailed(`The terminal cannot be started: ${said}.`);
}

/** Of a start that nobody can tell about nothing may be left: nobody would ever look at it. */
async function startOnce(wish: SpawnWish, marker: string, starter: TerminalStarter): Promise<string> {
  try {
    return await starter.start(wish);
  } catch (error) {
    if (!(error instanceof SpawnerGone)) throw error;
  }
  await killMarkedProcesses(TERMINAL_MARKER_VARIABLE, marker);
  return spawnDirectly(wish);
}

function argumentsOf({ folder, id, owner, marker, cwd, size, command }: TerminalOrder): string[] {
  return [
    ['--dir', folder],
    ['--id', id],
    ['--owner', owner],
    ['--marker', marker],
    ['--cwd', cwd],
    ['--cols', String(size.cols)],
    ['--rows', String(size.rows)],
    trustedUid(),
    ['--', ...command],
  ].flat();
}
