import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { kilobytes, megabytes, ms, number } from '../lib/format.mjs';
import { cpuMs, pssBytes, rssBytes } from '../lib/proc.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { against, isWithin, row } from '../lib/side-rows.mjs';
import { median } from '../lib/statistics.mjs';
import { until } from '../lib/wait.mjs';
import { aikoreSubject } from '../subjects/aikore-subject.mjs';
import { findPm2, findSupervisord } from '../subjects/anchors.mjs';
import { pm2Subject } from '../subjects/pm2-subject.mjs';
import { idleNames } from '../subjects/subject.mjs';
import { supervisordSubject } from '../subjects/supervisord-subject.mjs';

/** @typedef {import('../lib/report.mjs').Row} Row */
/** @typedef {import('../subjects/subject.mjs').Subject} Subject */
/** @typedef {import('../subjects/subject.mjs').Wish} Wish */
/** @typedef {import('../lib/side-rows.mjs').BySide} BySide */

const IDLE_COUNT = 100;
const FLOOD_BYTES = 200_000_000;

/** P19 and the supervisor's other rows, side by side with supervisord and pm2: the same scripts under each. */
export const supervisors = {
  ids: ['P19', 'V18', 'V20', 'V21', 'V23', 'V11'],
  title: 'beside supervisord and pm2',
  /**
   * @param {import('../run.mjs').Bench} bench
   * @returns {Promise<Row[]>}
   */
  async run(bench) {
    const makers = await findMakers(bench);
    return [...(await quietRows(bench, makers)), ...(await busyRows(bench, makers))];
  },
};

/** @param {import('../run.mjs').Bench} bench */
async function findMakers({ say }) {
  const [supervisord, pm2] = await Promise.all([findSupervisord(), findPm2()]);
  if (supervisord === null) say('  supervisord cannot be had here and is left out');
  if (pm2 === null) say('  pm2 cannot be had here and is left out');
  /** @type {((wish: Wish) => Promise<Subject>)[]} */
  const makers = [aikoreSubject];
  if (supervisord !== null) makers.push((wish) => supervisordSubject(supervisord, wish));
  if (pm2 !== null) makers.push((wish) => pm2Subject(pm2, wish));
  return makers;
}

/**
 * What a hundred programs cost that do nothing, one supervisor after the other.
 * @param {import('../run.mjs').Bench} bench
 * @param {((wish: Wish) => Promise<Subject>)[]} makers
 * @returns {Promise<Row[]>}
 */
async function quietRows({ scratch, isQuick }, makers) {
  const count = isQuick ? 10 : IDLE_COUNT;
  const windowMs = isQuick ? 2000 : 15_000;
  /** @type {BySide} */
  const memory = {};
  /** @type {BySide} */
  const each = {};
  /** @type {BySide} */
  const percent = {};
  for (const [index, make] of makers.entries()) {
    const folder = join(scratch, `quiet-${index}`);
    const subject = await make({ folder, idleCount: count, stamps: `${folder}.stamps`, floodBytes: 1 });
    try {
      for (const name of idleNames(count)) {
        await subject.start(name);
        await subject.pidOf(name);
      }
      await delay(windowMs / 5);
      const [manager = 0, ...beside] = subject.pids();
      const extra = beside.reduce((sum, pid) => sum + pssBytes(pid), 0);
      memory[subject.name] = rssBytes(manager) + extra;
      each[subject.name] = extra / count;
      percent[subject.name] = await cpuPercent(subject.pids(), windowMs);
    } finally {
      await subject.close();
    }
  }
  return [memoryRow(count, memory, each), idleRow(count, windowMs, percent)];
}

/**
 * @param {number[]} pids
 * @param {number} windowMs
 */
async function cpuPercent(pids, windowMs) {
  const sum = () => pids.reduce((total, pid) => total + cpuMs(pid), 0);
  const before = sum();
  await delay(windowMs);
  return ((sum() - before) / windowMs) * 100;
}

/**
 * Starts, deaths and floods, the supervisors in turn.
 * @param {import('../run.mjs').Bench} bench
 * @param {((wish: Wish) => Promise<Subject>)[]} makers
 * @returns {Promise<Row[]>}
 */
async function busyRows(bench, makers) {
  const floodBytes = bench.isQuick ? FLOOD_BYTES / 10 : FLOOD_BYTES;
  /** @type {{ subject: Subject, stamps: string }[]} */
  const sides = [];
  try {
    for (const [index, make] of makers.entries()) {
      const folder = join(bench.scratch, `busy-${index}`);
      const stamps = `${folder}.stamps`;
      sides.push({ subject: await make({ folder, idleCount: 0, stamps, floodBytes }), stamps });
    }
    return [...(await lifeRows(bench, sides)), await floodRow(bench, sides, floodBytes)];
  } finally {
    for (const { subject } of sides) await subject.close();
  }
}

/**
 * @param {import('../run.mjs').Bench} bench
 * @param {{ subject: Subject, stamps: string }[]} sides
 * @returns {Promise<Row[]>}
 */
async function lifeRows(bench, sides) {
  const perTurn = bench.isQuick ? 1 : 5;
  /** @type {Record<'start' | 'told' | 'restart', Record<string, number[]>>} */
  const all = { start: {}, told: {}, restart: {} };
  for (const { subject } of sides) for (const kind of Object.values(all)) kind[subject.name] = [];
  const outcome = await inTurn(
    { ...bench, budgetMs: 60_000 },
    sides.map(({ subject, stamps }) => ({
      name: subject.name,
      run: async () => {
        const restarts = [];
        for (let turn = 0; turn < perTurn; turn += 1) {
          const life = await oneLife(subject, stamps);
          all.start[subject.name]?.push(life.startMs);
          all.told[subject.name]?.push(life.toldMs);
          all.restart[subject.name]?.push(life.restartMs);
          restarts.push(life.restartMs);
        }
        return median(restarts);
      },
    })),
  );
  const medians = (/** @type {Record<string, number[]>} */ kind) =>
    Object.fromEntries(Object.entries(kind).map(([name, values]) => [name, median(values)]));
  return [
    {
      ...row('P19', 'killed → its next run is there, p50', medians(all.restart), ms),
      ratio: against(outcome, 'supervisord', 'of supervisord’s', 'pm2', 'of pm2’s'),
      goal: '≤ 30 ms; ≤ 1/30 of supervisord, ≤ 2× pm2',
      met: isWithin(medians(all.restart), 1 / 30, 2),
      note: `the first restart after a start by hand; ours stores the end of the run and the new one first. ${roundsNote(outcome)}.`,
      raw: { outcome, all },
    },
    {
      ...row('V18', 'start asked of its API → first line of the script, p50', medians(all.start), ms),
      goal: 'no more than supervisord',
      met: isWithin(medians(all.start), 1, null),
    },
    {
      ...row('V20', 'killed → its listeners are told, p50', medians(all.told), ms),
      goal: '≤ 50 ms',
      met: (medians(all.told)['AiKore'] ?? Infinity) <= 50,
    },
  ];
}

/**
 * @param {Subject} subject
 * @param {string} stamps
 */
async function oneLife(subject, stamps) {
  const wallMs = () => performance.timeOrigin + performance.now();
  rmSync(stamps, { force: true });
  const askedMs = wallMs();
  await subject.start('stamp');
  const startMs = (await stampOf(stamps, 1)) - askedMs;
  const pid = await subject.pidOf('stamp');
  const told = subject.untilToldEnd('stamp');
  const killedMs = wallMs();
  process.kill(pid, 'SIGKILL');
  const restartMs = (await stampOf(stamps, 2)) - killedMs;
  const toldMs = (await told) - killedMs;
  await subject.stop('stamp');
  return { startMs, toldMs, restartMs };
}

/**
 * When the script began for the n-th time, in wall-clock milliseconds.
 * @param {string} stamps
 * @param {number} count
 */
async function stampOf(stamps, count) {
  const lines = () => (existsSync(stamps) ? readFileSync(stamps, 'utf8').split('\n').slice(0, -1) : []);
  await until(`run ${count} began`, () => lines().length >= count, { everyMs: 1 });
  // In many languages EPOCHREALTIME has a comma.
  return Number(lines()[count - 1]?.replace(',', '.')) * 1000;
}

/**
 * @param {import('../run.mjs').Bench} bench
 * @param {{ subject: Subject, stamps: string }[]} sides
 * @param {number} floodBytes
 * @returns {Promise<Row>}
 */
async function floodRow(bench, sides, floodBytes) {
  /** @type {Record<string, number[]>} */
  const cpu = Object.fromEntries(sides.map(({ subject }) => [subject.name, []]));
  const outcome = await inTurn(
    { ...bench, rounds: Math.min(bench.rounds, 2), budgetMs: 60_000 },
    sides.map(({ subject }) => ({
      name: subject.name,
      run: async () => {
        const { megabytesPerSecond, cpuSeconds } = await flood(subject, floodBytes);
        cpu[subject.name]?.push(cpuSeconds);
        return megabytesPerSecond;
      },
    })),
  );
  const speed = Object.fromEntries(
    Object.entries(outcome.series).map(([name, values]) => [name, median(values)]),
  );
  const used = Object.entries(cpu).map(([name, values]) => `${name} ${number(median(values))} s`);
  return {
    ...row(
      'V11',
      `log of a program that prints ${floodBytes / 1e6} MB`,
      speed,
      (value) => `${number(value)} MB/s`,
    ),
    ratio: against(outcome, 'supervisord', 'of supervisord’s', 'pm2', 'of pm2’s'),
    goal: 'no slower than either',
    met: Object.values(speed).every((value) => value <= (speed['AiKore'] ?? 0)),
    note: `CPU of the manager and what it keeps beside a program: ${used.join(', ')}. ${roundsNote(outcome)}.`,
    raw: { outcome, cpu },
  };
}

/**
 * @param {Subject} subject
 * @param {number} floodBytes
 */
async function flood(subject, floodBytes) {
  rmSync(subject.printLog, { force: true });
  const sizeBytes = () => (existsSync(subject.printLog) ? statSync(subject.printLog).size : 0);
  const [manager = 0] = subject.pids();
  const before = cpuMs(manager);
  const beganMs = performance.now();
  await subject.start('print');
  await subject.pidOf('print');
  await until('the log is complete', () => sizeBytes() >= floodBytes, { everyMs: 5, limitMs: 120_000 });
  const tookMs = performance.now() - beganMs;
  const beside = subject
    .pids()
    .slice(1)
    .reduce((sum, pid) => sum + cpuMs(pid), 0);
  const cpuSeconds = (cpuMs(manager) - before + beside) / 1000;
  await subject.stop('print');
  return { megabytesPerSecond: floodBytes / 1000 / tookMs, cpuSeconds };
}

/**
 * @param {number} count
 * @param {BySide} memory
 * @param {BySide} each
 * @returns {Row}
 */
function memoryRow(count, memory, each) {
  return {
    ...row(
      'V21',
      `memory with ${count} idle programs, manager and what it keeps beside them`,
      memory,
      megabytes,
    ),
    goal: '–',
    met: null,
    note: `beside each program: AiKore ${kilobytes(each['AiKore'] ?? 0)} (its runner), the others nothing. AiKore's manager is an API, a dashboard and a proxy as well.`,
    raw: { memory, each },
  };
}

/**
 * @param {number} count
 * @param {number} windowMs
 * @param {BySide} percent
 * @returns {Row}
 */
function idleRow(count, windowMs, percent) {
  return {
    ...row(
      'V23',
      `CPU with ${count} idle programs; AiKore with a viewer, who gets figures every 2 s`,
      percent,
      (value) => `${number(value)} %`,
    ),
    goal: '≤ 2 % of a core',
    met: (percent['AiKore'] ?? Infinity) <= 2,
    note: `over ${windowMs / 1000} s each.`,
    raw: percent,
  };
}
