import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { isPinned } from './affinity.mjs';

/**
 * @typedef {object} Row
 * @property {string} id of the table in the plan
 * @property {string} metric
 * @property {string} ours
 * @property {string} anchor with the source where it was not measured here
 * @property {string} ratio
 * @property {string} goal
 * @property {boolean | null} met null: cannot be said, or there is no goal
 * @property {string} [note]
 * @property {unknown} [raw] everything measured, for the JSON
 */

const VERDICTS = new Map([
  [true, 'yes'],
  [false, '**no**'],
  [null, '–'],
]);

/** What the figures depend on. */
export function machine() {
  const [first] = cpus();
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    cpu: `${cpus().length} × ${first?.model ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: release(),
    node: process.version,
    load: readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' '),
    isPinned,
    commit: commit(),
  };
}

function commit() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

/**
 * @param {Row[]} rows
 * @param {ReturnType<typeof machine>} facts
 * @param {{ isQuick: boolean, tookMs: number }} run
 */
export function markdown(rows, facts, { isQuick, tookMs }) {
  const pinned = facts.isPinned ? 'generator on CPU 0, subject on CPU 1' : 'not pinned to processors';
  const lines = [
    `${facts.date} · ${facts.cpu}, ${facts.memoryGb} GB · kernel ${facts.kernel} · Node ${facts.node} · commit ${facts.commit}`,
    `load average at the start ${facts.load} · ${pinned} · ${Math.round(tookMs / 1000)} s${isQuick ? ' · **quick run: the figures mean little**' : ''}`,
    '',
    '| id | what | AiKore | against | ratio, median (min–max) | goal | met |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const cells = [
        row.id,
        row.metric,
        row.ours,
        row.anchor,
        row.ratio,
        row.goal,
        VERDICTS.get(row.met) ?? '–',
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
  const notes = rows.filter((row) => row.note !== undefined).map((row) => `* ${row.id}: ${row.note}`);
  return [...lines, ...(notes.length > 0 ? ['', ...notes] : []), ''].join('\n');
}

/**
 * Puts a table into a document, between its two marks.
 * @param {string} document
 * @param {string} table
 */
export function replaceTable(document, table) {
  const marks = /(<!-- figures -->\n)[\s\S]*(<!-- end of figures -->)/;
  if (!marks.test(document)) throw new Error('The document has no marks for the figures.');
  return document.replace(marks, (_all, begin, end) => `${begin}\n${table}\n${end}`);
}

/**
 * A remark on the rounds of a comparison.
 * @param {import('./rounds.mjs').Outcome} outcome
 */
export function roundsNote({ rounds, dropped, isNoisy, load }) {
  const dropping = dropped > 0 ? `, ${dropped} dropped as noisy` : '';
  const noise = isNoisy ? ', all on a busy machine' : '';
  return `${rounds} rounds${dropping}${noise}; load ${Math.min(...load)}–${Math.max(...load)}`;
}
