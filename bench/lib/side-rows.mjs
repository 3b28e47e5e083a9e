import { number, times } from './format.mjs';
import { median, ratio } from './statistics.mjs';

/**
 * One number for each of the compared, by their names; ours is `AiKore`.
 * @typedef {Record<string, number>} BySide
 */

/**
 * @param {string} id
 * @param {string} metric
 * @param {BySide} values
 * @param {(value: number) => string} format
 * @returns {import('./report.mjs').Row}
 */
export function row(id, metric, values, format) {
  const { AiKore: ours = Number.NaN, ...others } = values;
  const said = Object.entries(others).map(([name, value]) => `${name} ${format(value)}`);
  const quotients = Object.entries(others).map(([name, value]) => `${number(ours / value)}× ${name}’s`);
  return {
    id,
    metric,
    ours: format(ours),
    anchor: said.join(', ') || 'neither is here',
    ratio: quotients.join(', ') || '–',
    goal: '–',
    met: null,
  };
}

/**
 * @param {import('../lib/rounds.mjs').Outcome} outcome
 * @param {...string} pairs name of a side, and what is said of it
 */
export function against({ series }, ...pairs) {
  const said = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const other = series[pairs[at] ?? ''];
    if (other !== undefined)
      said.push(`${times(ratio(series['AiKore'] ?? [], other))} ${pairs[at + 1] ?? ''}`);
  }
  return said.join(', ') || '–';
}

/**
 * Whether ours is at most so many times theirs; null when nobody is there to compare with.
 * @param {BySide} values
 * @param {number | null} ofSupervisord
 * @param {number | null} ofPm2
 */
export function isWithin(values, ofSupervisord, ofPm2) {
  const ours = values['AiKore'] ?? Infinity;
  /** @type {[string, number | null][]} */
  const limits = [
    ['supervisord', ofSupervisord],
    ['pm2', ofPm2],
  ];
  const present = limits.filter(([name, limit]) => limit !== null && values[name] !== undefined);
  if (present.length === 0) return null;
  return present.every(([name, limit]) => ours <= (limit ?? 0) * (values[name] ?? 0));
}

/** @param {Record<string, number[]>} series @returns {BySide} */
export function mediansOf(series) {
  return Object.fromEntries(Object.entries(series).map(([name, values]) => [name, median(values)]));
}

/**
 * Whether ours is at least so many times as much as another's.
 * @param {BySide} values
 * @param {string} other
 * @param {number} factor
 */
export function reaches(values, other, factor) {
  return (values['AiKore'] ?? 0) >= factor * (values[other] ?? Infinity);
}
