import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { megabytes, ms, number } from '../lib/format.mjs';
import { peakRssBytes, parentOf, processesWith, resetPeak, rssBytes } from '../lib/proc.mjs';
import { row } from '../lib/side-rows.mjs';
import { median } from '../lib/statistics.mjs';
import { MARK, TYPED_MARK, end, newScreen, openShell } from '../lib/terminal-shell.mjs';
import { until } from '../lib/wait.mjs';

/** @typedef {import('../lib/report.mjs').Row} Row */
/** @typedef {Awaited<ReturnType<typeof import('../subjects/terminals.mjs').aikoreTerminals>>} OurTerminals */
/** @typedef {import('../subjects/terminals.mjs').TerminalSubject} TerminalSubject */
/** @typedef {import('../run.mjs').Bench} Bench */

/** @param {Bench} bench @param {TerminalSubject[]} sides @returns {Promise<Row>} */
export async function lossRow(bench, sides) {
  const content = createHash('sha512').update('content').digest('hex').repeat(160);
  const file = join(bench.scratch, 'content');
  writeFileSync(file, content);
  /** @type {Record<string, { runs: number, lossy: number }>} */
  const all = {};
  for (const side of sides) {
    const full = side.name === 'AiKore' ? 1000 : 100;
    const runs = bench.isQuick ? 10 : full;
    let lossy = 0;
    for (let run = 0; run < runs; run += 1) if (!(await arrivesWhole(side, file, content))) lossy += 1;
    all[side.name] = { runs, lossy };
  }
  const lossy = Object.fromEntries(Object.entries(all).map(([name, { lossy: count }]) => [name, count]));
  return {
    ...row('P5', 'runs of a 20 kB command that lost bytes', lossy, String),
    ours: `${all['AiKore']?.lossy} of ${all['AiKore']?.runs}`,
    anchor: Object.entries(all)
      .filter(([name]) => name !== 'AiKore')
      .map(([name, { lossy: count, runs }]) => `${name} ${count} of ${runs}`)
      .join(', '),
    ratio: '–',
    goal: '0',
    met: all['AiKore']?.lossy === 0,
    note: 'the command is the terminal’s last process and ends as soon as it has written. The reference reads its terminal in Python, which loses nothing either.',
    raw: all,
  };
}

/** @param {TerminalSubject} side @param {string} file @param {string} content */
async function arrivesWhole(side, file, content) {
  const { open } = await openShell(side);
  /** @type {Buffer[]} */
  const pieces = [];
  open.onData = (bytes, done) => {
    pieces.push(bytes);
    done();
  };
  open.type(`stty -opost; printf fin-of""-it; exec cat ${file}\r`);
  await Promise.race([open.whenClosed, delay(5000)]);
  await delay(side.name === 'AiKore' ? 0 : 200);
  open.close();
  return Buffer.concat(pieces).toString('latin1').split(MARK).at(-1) === content;
}

/** @param {Bench} bench @param {OurTerminals} ours @returns {Promise<Row>} */
export async function stalledRow(bench, ours) {
  const bytes = bench.isQuick ? 100e6 : 2e9;
  const { open } = await openShell(ours);
  // Nothing is acknowledged from now on.
  open.onData = () => undefined;
  const done = join(bench.scratch, 'stalled-done');
  const shells = processesWith(open.id());
  const before = rssBytes(ours.pid);
  resetPeak(ours.pid);
  open.type(`echo $$ > ${done}.pid; head -c ${bytes} /dev/zero | tr '\\0' y; echo over > ${done}\r`);
  const shellPid = () => Number(readOrNothing(`${done}.pid`));
  await until('the shell told its pid', () => shellPid() > 0);
  const host = parentOf(shellPid());
  resetPeak(host);
  const hostBefore = rssBytes(host);
  await until('the flood is over', () => readOrNothing(done) !== '', { limitMs: 120_000, everyMs: 50 });
  const growth = peakRssBytes(ours.pid) - before + peakRssBytes(host) - hostBefore;
  await ours.aikore.api('DELETE', `/api/instances/${ours.instance.id}/terminals/${open.id()}`);
  return {
    id: 'P6',
    metric: `memory for ${number(bytes / 1e9)} GB to a viewer that reads nothing`,
    ours: megabytes(growth),
    anchor: 'a naive server 397 MB of 401 MB (the plan’s figure)',
    ratio: '–',
    goal: '≤ 8 MB',
    met: growth <= 8e6,
    note: `AiKore and the terminal’s host together, their highest. The host had ${megabytes(hostBefore)} before; the program was not held up for longer than 5 s.`,
    raw: { growth, before, hostBefore, shells },
  };
}

/** @param {string} file */
function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/** @param {Bench} bench @param {OurTerminals} ours @returns {Promise<Row>} */
export async function reattachRow(bench, ours) {
  const first = await openShell(ours);
  const over = first.shows(MARK);
  first.open.type(`for i in {1..10000}; do printf '%0150d\\n' $i; done; ${TYPED_MARK}\r`);
  await over;
  const times = [];
  for (let round = 0; round < bench.rounds * 2; round += 1) {
    const screen = newScreen(10_000);
    const beganMs = performance.now();
    const again = await openShell(ours, first.open.id());
    const drawn = again.shows(MARK);
    again.open.onData = (data, done) =>
      screen.write(data, () => {
        again.see(data);
        done();
      });
    await drawn;
    times.push(performance.now() - beganMs);
    again.open.close();
    screen.dispose();
  }
  await end(first.open);
  return {
    id: 'P7',
    metric: 'coming back to a terminal with 10,000 lines → drawn, p50',
    ours: ms(median(times)),
    anchor: 'VS Code keeps a terminal for 60 s',
    ratio: '–',
    goal: '≤ 200 ms, no expiry',
    met: median(times) <= 200,
    note: 'connected, 1.5 MB sent and parsed with 10,000 lines of scrollback.',
    raw: times,
  };
}
