import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { Socket } from 'node:net';
import { encodeSpawnRequest } from '../runner/spawn-request.js';
import { currentSeparation } from './separation.js';
import type { RunAs } from './separation.js';

export interface ProgramStart {
  /** A path, or a name that is looked up in the `PATH` of `env`. */
  program: string;
  args: readonly string[];
  /** Its whole environment. */
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** Of descriptors 0 to 2. */
  stdio: ['ignore' | 'pipe', 'ignore' | 'pipe', 'ignore' | 'pipe'] | 'ignore';
  /** Absent: the applications' user. */
  as?: RunAs;
}

/**
 * Starts a program in a session of its own, as the user that it is meant to have and without any capability. What cannot
 * be executed emits `error`, before `close`.
 */
export function startProgram({ program, args, env, cwd, stdio, as = 'apps' }: ProgramStart): ChildProcess {
  const separation = currentSeparation();
  if (separation === null) return spawn(program, args, { cwd, env, stdio, detached: true });
  const request = encodeSpawnRequest(0, { argv: [program, ...args], env, as }, separation.user);
  // Its environment comes with the request: what it loads before it has changed its user must not be the program's wish.
  const options = { cwd, env: {}, stdio: withConnection(stdio), detached: true };
  const child = spawn(separation.binary, ['--become'], options);
  hand(child, request);
  return child;
}

function withConnection(stdio: ProgramStart['stdio']): StdioOptions {
  return [...(stdio === 'ignore' ? (['ignore', 'ignore', 'ignore'] as const) : stdio), 'pipe'];
}

/** Only a start that failed says anything, and what it says is why. */
function hand(child: ChildProcess, request: Buffer): void {
  const connection = child.stdio[3];
  // Without a descriptor to give there is none; 'error' follows.
  if (!(connection instanceof Socket)) return;
  let said = '';
  connection.setEncoding('utf8');
  connection.on('data', (text: string) => (said += text));
  const settle = (): void => {
    const why = said.trim().replace(/^failed /, '');
    said = '';
    if (why !== '') child.emit('error', new Error(why));
  };
  connection.on('end', settle);
  connection.on('error', settle);
  connection.end(request);
}
