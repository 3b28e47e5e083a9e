import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { SpawnWish } from './spawn-request.js';

/** A program that has not said anything by then is broken. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Starts a program in a session of its own, so that it outlives this process. It blocks the event loop for as long as
 * the kernel needs to copy this process's page tables, which grows with its memory.
 * @returns the first line of its stdout, or what there is of it when that ends or takes too long
 * @throws a system error when it cannot be executed
 */
export async function spawnDirectly({ argv: [program = '', ...args], env }: SpawnWish): Promise<string> {
  const child = spawn(program, args, {
    cwd: '/',
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // Its end is told by its own means; the process object only has to be reaped.
  child.unref();
  const failure = new Promise<never>((_, reject) => child.once('error', reject));
  // Without a descriptor to give, there is no stdout either.
  return child.pid === undefined ? failure : Promise.race([readLine(child.stdout), failure]);
}

async function readLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => (text += chunk));
  const timeout = AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS);
  // The program gives its stdout away after that line, which ends the stream.
  await once(stream, 'end', { signal: timeout }).catch(() => undefined);
  return text.split('\n')[0] ?? '';
}
