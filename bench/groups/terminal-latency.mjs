import { setTimeout as delay } from 'node:timers/promises';
import { ms, number } from '../lib/format.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { against, mediansOf, row } from '../lib/side-rows.mjs';
import { quantile } from '../lib/statistics.mjs';
import { end, newScreen, openShell } from '../lib/terminal-shell.mjs';
import { VSCODE } from '../subjects/terminals.mjs';

/** @typedef {import('../lib/report.mjs').Row} Row */
/** @typedef {import('../subjects/terminals.mjs').TerminalSubject} TerminalSubject */
/** @typedef {import('../run.mjs').Bench} Bench */

/** @param {Bench} bench @param {TerminalSubject[]} sides @returns {Promise<Row>} */
export async function interruptRow(bench, sides) {
  const all = sides.filter(({ name }) => name !== 'wetty');
  const outcome = await inTurn(
    { ...bench, budgetMs: 45_000 },
    all.map((side) => ({ name: side.name, run: () => interrupt(side) })),
  );
  const took = mediansOf(outcome.series);
  return {
    ...row('P3', 'Ctrl-C under a flood → prompt on the screen', took, ms),
    ratio: against(outcome, VSCODE, 'of VS Code’s'),
    goal: '≤ 60 ms; ≤ 1.2× VS Code’s constants',
    met: (took['AiKore'] ?? Infinity) <= 60 && (took['AiKore'] ?? Infinity) <= 1.2 * (took[VSCODE] ?? 0),
    note: `${roundsNote(outcome)}.`,
    raw: outcome,
  };
}

/** @param {TerminalSubject} side */
async function interrupt(side) {
  const { open, shows, see } = await openShell(side);
  const screen = newScreen(1000);
  open.onData = (data, done) =>
    screen.write(data, () => {
      see(data);
      done();
    });
  open.type('yes flooding the terminal\r');
  await delay(1000);
  const quiet = shows('prompt> ');
  const beganMs = performance.now();
  open.type('\x03');
  await quiet;
  const tookMs = performance.now() - beganMs;
  await end(open);
  screen.dispose();
  return tookMs;
}

/** @param {Bench} bench @param {TerminalSubject[]} sides @returns {Promise<Row>} */
export async function echoRow(bench, sides) {
  const samples = bench.isQuick ? 20 : 300;
  /** @type {Record<string, { idle: number[], flooded: number[] }>} */
  const all = {};
  for (const side of sides) {
    const shell = await openShell(side);
    shell.open.type('cat\r');
    await delay(200);
    const idle = await echoes(shell, samples);
    const flooders = await Promise.all([1, 2, 3, 4].map(() => openShell(side)));
    for (const { open } of flooders) open.type('yes flooding\r');
    await delay(500);
    const flooded = await echoes(shell, samples);
    for (const { open } of [...flooders, shell]) await end(open);
    all[side.name] = { idle, flooded };
  }
  const p99 = (/** @type {'idle' | 'flooded'} */ kind) =>
    Object.fromEntries(Object.entries(all).map(([name, times]) => [name, quantile(times[kind], 0.99)]));
  const [idle, flooded] = [p99('idle'), p99('flooded')];
  const growth = (flooded['AiKore'] ?? Infinity) / (idle['AiKore'] ?? 0);
  return {
    ...row('P4', 'key → echo while 4 others flood, p99', flooded, ms),
    ratio: Object.keys(all)
      .map((name) => `${name} ${number((flooded[name] ?? 0) / (idle[name] ?? 1))}× idle`)
      .join(', '),
    goal: '≤ 1.5× idle and ≤ 30 ms',
    met: growth <= 1.5 && (flooded['AiKore'] ?? Infinity) <= 30,
    note: `p99 idle: ${Object.entries(idle)
      .map(([name, value]) => `${name} ${ms(value)}`)
      .join(', ')}. The viewers of all five share one processor, as the servers share the other.`,
    raw: all,
  };
}

/** @param {Awaited<ReturnType<typeof openShell>>} shell @param {number} samples */
async function echoes({ open, shows }, samples) {
  const times = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const key = String.fromCharCode(97 + (sample % 26));
    const echoed = shows(key);
    const beganMs = performance.now();
    open.type(key);
    await echoed;
    times.push(performance.now() - beganMs);
    if (sample % 50 === 49) open.type('\x15');
    await delay(10);
  }
  return times;
}
