import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { number } from '../lib/format.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { against, mediansOf, reaches, row } from '../lib/side-rows.mjs';
import { MARK, TYPED_MARK, end, newScreen, openShell } from '../lib/terminal-shell.mjs';
import { VSCODE } from '../subjects/terminals.mjs';

/** @typedef {import('../lib/report.mjs').Row} Row */
/** @typedef {import('../subjects/terminals.mjs').TerminalSubject} TerminalSubject */
/** @typedef {import('../run.mjs').Bench} Bench */

/** A coloured listing of this machine, repeated. @param {string} file @param {number} bytes */
export function makeListing(file, bytes) {
  const options = { maxBuffer: 1e9, encoding: /** @type {const} */ ('utf8') };
  const part = execFileSync(
    'bash',
    ['-c', 'ls -lR --color=always /usr/lib /usr/share 2>/dev/null | head -c 20000000'],
    options,
  );
  writeFileSync(file, part.repeat(Math.ceil(bytes / part.length)).slice(0, bytes));
  return { file, bytes };
}

/** @param {Bench} bench @param {TerminalSubject[]} sides @param {{ file: string, bytes: number }} listing @returns {Promise<Row>} */
export async function parsedRow(bench, sides, listing) {
  const all = sides.filter(({ name }) => name !== 'wetty');
  const [ours = all[0]] = sides;
  if (ours === undefined) throw new Error('nobody to measure');
  const unlimited = 'AiKore without a window';
  const outcome = await inTurn({ ...bench, rounds: Math.min(bench.rounds, 3), budgetMs: 30_000 }, [
    ...all.map((side) => ({ name: side.name, run: () => throughput(side, listing, 'parsed') })),
    { name: unlimited, run: () => throughput(ours, listing, 'parsed, acknowledged at once') },
  ]);
  const speed = mediansOf(outcome.series);
  return {
    ...row('P1', `${listing.bytes / 1e6} MB of coloured \`ls -lR\`, parsed`, speed, perSecond),
    ratio: against(outcome, VSCODE, 'of VS Code’s', unlimited, 'of no window'),
    goal: '≥ 2.0× VS Code’s constants; ≥ 0.8× of no window',
    met: reaches(speed, VSCODE, 2) && reaches(speed, unlimited, 0.8),
    note: `${roundsNote(outcome)}.`,
    raw: outcome,
  };
}

/** @param {Bench} bench @param {TerminalSubject[]} sides @param {{ file: string, bytes: number }} listing @returns {Promise<Row>} */
export async function plainRow(bench, sides, listing) {
  const outcome = await inTurn(
    { ...bench, rounds: Math.min(bench.rounds, 3), budgetMs: 30_000 },
    sides.map((side) => ({ name: side.name, run: () => throughput(side, listing, 'plain') })),
  );
  const speed = mediansOf(outcome.series);
  return {
    ...row('P2', 'the same, not parsed', speed, perSecond),
    ratio: against(outcome, 'wetty', 'of wetty’s', VSCODE, 'of VS Code’s'),
    goal: '≥ 1.4× wetty',
    met: 'wetty' in speed ? reaches(speed, 'wetty', 1.4) : null,
    note: `terminado, the plan’s other anchor, is not built in here (42.5 MB/s where wetty had 25.4). ${roundsNote(outcome)}.`,
    raw: outcome,
  };
}

/**
 * Megabytes a second until a listing is worked up.
 * @param {TerminalSubject} side
 * @param {{ file: string, bytes: number }} listing
 * @param {'parsed' | 'parsed, acknowledged at once' | 'plain'} how
 */
async function throughput(side, { file, bytes }, how) {
  const { open, shows, see } = await openShell(side);
  const screen = newScreen(10_000);
  if (how !== 'plain') {
    open.onData = (data, done) => {
      if (how !== 'parsed') done();
      screen.write(data, () => {
        see(data);
        if (how === 'parsed') done();
      });
    };
  }
  const over = shows(MARK);
  const beganMs = performance.now();
  open.type(`cat ${file}; ${TYPED_MARK}\r`);
  await over;
  const tookMs = performance.now() - beganMs;
  await end(open);
  screen.dispose();
  return bytes / 1000 / tookMs;
}

/** @param {number} value */
const perSecond = (value) => `${number(value)} MB/s`;
