import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { findProgram } from './programs.mjs';

/** The generator and the application behind the proxies run here, what is measured runs on the other. */
export const GENERATOR_CPU = 0;
export const SUBJECT_CPU = 1;

const taskset = findProgram('taskset');

/** Whether the two sides can be kept apart. */
export const isPinned = taskset !== null && cpus().length >= 2;

/**
 * The command that runs another one on one processor; what it starts stays there too.
 * @param {number} cpu
 * @param {string} command
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function onCpu(cpu, command, args) {
  return isPinned && taskset !== null ? [taskset, ['-c', String(cpu), command, ...args]] : [command, args];
}

/**
 * Moves this process with all its threads.
 * @param {string} cpus such as `0` or `0,1`
 */
export function moveSelfTo(cpus) {
  if (!isPinned || taskset === null) return;
  execFileSync(taskset, ['-a', '-c', '-p', cpus, String(process.pid)], { stdio: 'ignore' });
}
