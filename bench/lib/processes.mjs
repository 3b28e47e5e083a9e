import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { onCpu } from './affinity.mjs';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** What was started and has not ended. @type {Set<ChildProcess>} */
const running = new Set();

/** A reference server that does not end by then is killed. */
const STOP_LIMIT_MS = 20_000;

/**
 * Starts a program on a processor.
 * @param {{ cpu: number, command: string, args: string[], env?: Record<string, string | undefined>,
 *   stdio?: import('node:child_process').StdioOptions }} wish
 */
export function start({ cpu, command, args, env = process.env, stdio = ['ignore', 'ignore', 'inherit'] }) {
  // taskset replaces itself by the program, so that the pid is the program's.
  const [program, programArgs] = onCpu(cpu, command, args);
  const child = spawn(program, programArgs, { env, stdio });
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/**
 * Starts a Node program on a processor.
 * @param {number} cpu
 * @param {string} script
 * @param {(string | number)[]} args
 */
export function startNode(cpu, script, ...args) {
  return start({ cpu, command: process.execPath, args: [script, ...args.map(String)] });
}

/** @param {ChildProcess} child */
export function pidOf(child) {
  if (child.pid === undefined) throw new Error('The program could not be started.');
  return child.pid;
}

/**
 * Asks a program to end and waits for it.
 * @param {ChildProcess} child
 */
export async function stop(child) {
  if (!running.has(child)) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const isEnded = await Promise.race([exit.then(() => true), delay(STOP_LIMIT_MS, false, { ref: false })]);
  if (isEnded) return;
  child.kill('SIGKILL');
  await exit;
}

/** Ends whatever was started and still runs. */
export async function stopAll() {
  await Promise.all([...running].map((child) => stop(child)));
}
