import { join } from 'node:path';
import { BLUEPRINTS } from '../lib/places.mjs';

/**
 * A supervisor under test with the same programs as the others: `idle-1` and so on, `stamp` (restarted when it ends) and
 * `print`. All begin stopped.
 * @typedef {object} Subject
 * @property {string} name
 * @property {() => number[]} pids the manager's and, behind it, those of whatever it keeps beside each running program
 * @property {(program: string) => Promise<void>} start settles when the manager has answered
 * @property {(program: string) => Promise<void>} stop settles when the program has ended
 * @property {(program: string) => Promise<number>} pidOf
 * @property {(program: string) => Promise<number>} untilToldEnd wall-clock milliseconds of the news that it ended
 * @property {string} printLog the log of `print`
 * @property {() => Promise<void>} close
 */

/**
 * What every subject is set up with.
 * @typedef {object} Wish
 * @property {string} folder of its own, empty
 * @property {number} idleCount
 * @property {string} stamps file for `stamp`
 * @property {number} floodBytes for `print`
 */

export const scripts = {
  idle: join(BLUEPRINTS, 'bench-idle.sh'),
  stamp: join(BLUEPRINTS, 'bench-stamp.sh'),
  print: join(BLUEPRINTS, 'bench-print.sh'),
};

/** @param {number} count */
export const idleNames = (count) => Array.from({ length: count }, (_, index) => `idle-${index + 1}`);
