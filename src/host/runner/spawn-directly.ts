import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startProgram } from '../processes/start-program.js';
import type { SpawnWish } from './spawn-request.js';

/** A program that has not said anything by then is broken. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Starts a program in a session of its own, so that it outlives this process. It blocks the event loop for as long as
 * the kernel needs to copy this process's page tables, which grows with its memory.
 * @returns the first line of its stdout, or what there is of it when that ends or takes too long
 * @throws an error with a sentence when it cannot be executed
 */
export async function spawnDirectly({ argv: [program = '', ...args], env, as }: SpawnWish): Promise<string> {
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
  const child = startProgram({ program, args, env, cwd: '/', stdio, ...(as === undefined ? {} : { as }) });
  // Its end is told by its own means; the process object only has to be reaped.
  child.unref();
  const failure = new Promise<never>((_, reject) => child.once('error', reject));
  // Without a descriptor to give, there is no stdout either.
  return child.stdout === null ? failure : Promise.race([readLine(child, child.stdout), failure]);
}

async function readLine(child: ChildProcess, stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => (text += chunk));
  const timeout = AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS);
  // The program gives its stdout away after that line, which ends the stream.
  await once(stream, 'end', { signal: timeout }).catch(() => undefined);
  // One that says nothing ends, or could not be executed, which is told by then.
  if (text === '') await once(child, 'close', { signal: timeout }).catch(() => undefined);
  return text.split('\n')[0] ?? '';
}
