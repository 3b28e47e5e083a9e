import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATOR_CPU, SUBJECT_CPU } from './affinity.mjs';
import { start } from './processes.mjs';

/** A round is dropped when the fixed work takes so much longer than the best time seen. */
const ALLOWED = 1.15;

/** Tells whether a processor is busy with something else, by the time that a fixed piece of work takes. */
export class Calibration {
  /** @type {import('node:child_process').ChildProcess[]} */
  #children = [];
  #bestMs = Number.POSITIVE_INFINITY;

  /** Starts the workers; whoever ends all processes ends them too. */
  open() {
    const script = join(import.meta.dirname, 'calibration-child.mjs');
    this.#children = [GENERATOR_CPU, SUBJECT_CPU].map((cpu) =>
      start({
        cpu,
        command: process.execPath,
        args: [script],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      }),
    );
  }

  /** @returns {Promise<{ calibrationMs: number, load: number }>} the slower processor's time, and the load average */
  async measure() {
    let calibrationMs = 0;
    for (const child of this.#children) {
      const answer = once(child, 'message');
      child.send('measure');
      const [tookMs] = await answer;
      calibrationMs = Math.max(calibrationMs, tookMs);
    }
    this.#bestMs = Math.min(this.#bestMs, calibrationMs);
    return { calibrationMs, load: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]) };
  }

  /** @param {number} calibrationMs */
  isNoisy(calibrationMs) {
    return calibrationMs > this.#bestMs * ALLOWED;
  }
}
