import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { megabytes, ms, number } from '../lib/format.mjs';
import { peakRssBytes, parentOf, processesWith, resetPeak, rssBytes } from '../lib/proc.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { against, row } from '../lib/side-rows.mjs';
import { median, quantile } from '../lib/statistics.mjs';
import { until } from '../lib/wait.mjs';
import { findWetty } from '../subjects/anchors.mjs';
import { aikoreTerminals, wettyTerminals, windowTerminals } from '../subjects/terminals.mjs';

/** @typedef {import('../lib/report.mjs').Row} Row */
/** @typedef {import('../subjects/terminals.mjs').Terminal} Terminal */
/** @typedef {import('../subjects/terminals.mjs').TerminalSubject} TerminalSubject */
/** @typedef {import('../run.mjs').Bench} Bench */

const { Terminal: Screen } = createRequire(import.meta.url)('@xterm/headless');

const VSCODE = 'VS Code’s constants';
/** A terminal that shows nothing for so long never will. */
const SHOW_LIMIT_MS = 60_000;
const MARK = 'fin-of-it';
/** As a line of bash types it, so that its echo is not taken for its output. */
const TYPED_MARK = 'printf fin-of""-it';

/** P1 to P7: terminals, side by side with a server of VS Code's constants and with wetty. */
export const terminal = {
  ids: ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7'],
  title: 'terminals, beside VS Code’s constants and wetty',
  /** @param {Bench} bench @returns {Promise<Row[]>} */
  async run(bench) {
    const ours = await aikoreTerminals(join(bench.scratch, 'ours'));
    const sides = [ours, await windowTerminals(join(bench.scratch, 'window'))];
    const wetty = await findWetty();
    if (wetty === null) bench.say('  wetty cannot be had here and is left out');
    else sides.push(await wettyTerminals(wetty, join(bench.scratch, 'wetty')));
    const listing = makeListing(join(bench.scratch, 'listing'), bench.isQuick ? 5e6 : 100e6);
    try {
      const measurements = [
        () => parsedRow(bench, sides, listing),
        () => plainRow(bench, sides, listing),
        () => interruptRow(bench, sides),
        () => echoRow(bench, sides),
        () => lossRow(bench, sides),
        () => stalledRow(bench, ours),
        () => reattachRow(bench, ours),
      ];
      const rows = [];
      for (const measure of measurements) {
        const measured = await measure();
        bench.say(`  ${measured.id}: ${measured.ours}`);
        rows.push(measured);
      }
      return rows;
    } finally {
      for (const side of sides) await side.close();
    }
  },
};

/** A coloured listing of this machine, repeated. @param {string} file @param {number} bytes */
function makeListing(file, bytes) {
  const options = { maxBuffer: 1e9, encoding: /** @type {const} */ ('utf8') };
  const part = execFileSync(
    'bash',
    ['-c', 'ls -lR --color=always /usr/lib /usr/share 2>/dev/null | head -c 20000000'],
    options,
  );
  writeFileSync(file, part.repeat(Math.ceil(bytes / part.length)).slice(0, bytes));
  return { file, bytes };
}

/** A terminal at its prompt, whose output is looked through for what is waited for. @param {TerminalSubject} side */
async function openShell(side, session = '') {
  let tail = '';
  /** @type {{ text: string, found: () => void } | null} */
  let wanted = null;
  const see = (/** @type {Buffer} */ bytes) => {
    tail = (tail + bytes.toString('latin1')).slice(-4096);
    if (wanted === null || !tail.includes(wanted.text)) return;
    wanted.found();
    wanted = null;
  };
  /** Resolves when a text has come and was worked up. */
  const shows = (/** @type {string} */ text) =>
    /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        tail = '';
        const limit = setTimeout(() => {
          const end = JSON.stringify(tail.slice(-200));
          reject(new Error(`${side.name} did not show ${JSON.stringify(text)}, but ${end}`));
        }, SHOW_LIMIT_MS);
        const found = () => {
          clearTimeout(limit);
          resolve();
        };
        wanted = { text, found };
      })
    );
  const ready = session === '' ? shows('prompt> ') : Promise.resolve();
  const open = await side.open((bytes, done) => {
    see(bytes);
    done();
  }, session);
  await ready;
  return { open, shows, see };
}

/**
 * Megabytes a second until a listing is worked up.
 * @param {TerminalSubject} side
 * @param {{ file: string, bytes: number }} listing
 * @param {'parsed' | 'parsed, acknowledged at once' | 'plain'} how
 */
async function throughput(side, { file, bytes }, how) {
  const { open, shows, see } = await openShell(side);
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 10_000, allowProposedApi: true });
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

/** @param {Terminal} open */
async function end(open) {
  open.type('\x03\rexit\r');
  await Promise.race([open.whenClosed, delay(3000)]);
  open.close();
}

/** @param {Bench} bench @param {TerminalSubject[]} sides @param {{ file: string, bytes: number }} listing @returns {Promise<Row>} */
async function parsedRow(bench, sides, listing) {
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
async function plainRow(bench, sides, listing) {
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

/** @param {Bench} bench @param {TerminalSubject[]} sides @returns {Promise<Row>} */
async function interruptRow(bench, sides) {
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
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 1000, allowProposedApi: true });
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
async function echoRow(bench, sides) {
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

/** @param {Bench} bench @param {TerminalSubject[]} sides @returns {Promise<Row>} */
async function lossRow(bench, sides) {
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

/** @param {Bench} bench @param {Awaited<ReturnType<typeof aikoreTerminals>>} ours @returns {Promise<Row>} */
async function stalledRow(bench, ours) {
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

/** @param {Bench} bench @param {Awaited<ReturnType<typeof aikoreTerminals>>} ours @returns {Promise<Row>} */
async function reattachRow(bench, ours) {
  const first = await openShell(ours);
  const over = first.shows(MARK);
  first.open.type(`for i in {1..10000}; do printf '%0150d\\n' $i; done; ${TYPED_MARK}\r`);
  await over;
  const times = [];
  for (let round = 0; round < bench.rounds * 2; round += 1) {
    const screen = new Screen({ cols: 80, rows: 24, scrollback: 10_000, allowProposedApi: true });
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

/** @param {Record<string, number[]>} series */
function mediansOf(series) {
  return Object.fromEntries(Object.entries(series).map(([name, values]) => [name, median(values)]));
}

/** @param {Record<string, number>} speed @param {string} other @param {number} times */
function reaches(speed, other, times) {
  return (speed['AiKore'] ?? 0) >= times * (speed[other] ?? Infinity);
}

/** @param {number} value */
const perSecond = (value) => `${number(value)} MB/s`;
