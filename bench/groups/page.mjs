import { cpus } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { GENERATOR_CPU, moveSelfTo } from '../lib/affinity.mjs';
import { Aikore } from '../lib/aikore.mjs';
import { CHROMIUM_FLAGS } from '../lib/dashboard.mjs';
import { kilobytes, ms, number } from '../lib/format.mjs';
import { findProgram } from '../lib/programs.mjs';
import { median } from '../lib/statistics.mjs';
import { observeTable, scrollTable, tableRows } from '../lib/table-page.mjs';

const INSTANCES = 100;
const MANY = 1000;
/** Main-thread work beyond this counts as blocking (web.dev/articles/tbt). */
const LONG_TASK_MS = 50;
/** After the page is there, for late shifts and tasks. */
const SETTLE_MS = 2000;

/** @typedef {{ lcpMs: number, tbtMs: number, cls: number, usableMs: number, requests: number, bytes: number, scroll: import('../lib/table-page.mjs').Scroll | null }} Sample */

/** P26: how fast the dashboard stands in a real browser, with how many instances, and how its table scrolls. */
export const page = {
  ids: ['P26', 'P26-usable', 'P26-scroll'],
  title: 'the dashboard in Chromium',
  /**
   * @param {import('../run.mjs').Bench} bench
   * @returns {Promise<import('../lib/report.mjs').Row[]>}
   */
  async run(bench) {
    const executablePath = findProgram('chromium') ?? findProgram('google-chrome');
    if (executablePath === null) return [absentRow()];
    const aikore = await Aikore.start(join(bench.scratch, 'page'));
    // A browser is many processes: it may use both processors, as it does beside a user's AiKore.
    moveSelfTo(`0-${cpus().length - 1}`);
    const browser = await chromium
      .launch({ executablePath, args: CHROMIUM_FLAGS })
      .finally(() => moveSelfTo(String(GENERATOR_CPU)));
    try {
      await aikore.createMany(INSTANCES, 'bench-idle');
      const cookie = await aikore.cookie();
      const turns = bench.isQuick ? 1 : 7;
      const few = await visit(browser, aikore, cookie, turns, INSTANCES);
      await aikore.createMany(MANY - INSTANCES, 'bench-idle', INSTANCES);
      const many = await visit(browser, aikore, cookie, turns, MANY);
      const usableMs = new Map([
        [INSTANCES, few.map((sample) => sample.usableMs)],
        [MANY, many.map((sample) => sample.usableMs)],
      ]);
      const scrolls = many.flatMap(({ scroll }) => (scroll === null ? [] : [scroll]));
      return [rowOf(few), ...tableRows(usableMs, scrolls, MANY)];
    } finally {
      await browser.close();
      await aikore.stop();
    }
  },
};

/** Runs in the page before anything else: keeps what the browser tells about itself. */
function observe() {
  const kept = { lcpMs: 0, tbtMs: 0, cls: 0 };
  Object.assign(globalThis, { kept });
  /** @param {string} type @param {(entry: { startTime: number, duration: number, value: number, hadRecentInput: boolean }) => void} take */
  const watch = (type, take) =>
    new globalThis.PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
    });
  watch('largest-contentful-paint', (entry) => (kept.lcpMs = entry.startTime));
  watch('longtask', (entry) => (kept.tbtMs += Math.max(0, entry.duration - 50)));
  watch('layout-shift', (entry) => (kept.cls += entry.hadRecentInput ? 0 : entry.value));
}

/**
 * Some visits, after one that does not count.
 * @param {import('playwright-core').Browser} browser
 * @param {Aikore} aikore
 * @param {string} cookie
 * @param {number} turns
 * @param {number} count of instances
 */
async function visit(browser, aikore, cookie, turns, count) {
  await load(browser, aikore, cookie, count);
  const samples = [];
  for (let turn = 0; turn < turns; turn += 1) samples.push(await load(browser, aikore, cookie, count));
  return samples;
}

/**
 * One visit with an empty cache.
 * @param {import('playwright-core').Browser} browser
 * @param {Aikore} aikore
 * @param {string} cookie
 * @param {number} count of instances; many are scrolled through
 * @returns {Promise<Sample>}
 */
async function load(browser, aikore, cookie, count) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: aikore.dashboardUrl }]);
  const tab = await context.newPage();
  const network = await context.newCDPSession(tab);
  await network.send('Network.enable');
  const sample = { lcpMs: 0, tbtMs: 0, cls: 0, requests: 0, bytes: 0 };
  const last = count === MANY ? 1 : count;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    sample.requests += 1;
    sample.bytes += encodedDataLength;
  });
  await tab.addInitScript(observe);
  await tab.addInitScript(observeTable);
  await tab.goto(aikore.dashboardUrl);
  await tab.locator(`[data-name="bench-idle-${last}"]`).waitFor({ state: 'attached' });
  await tab.waitForTimeout(SETTLE_MS);
  const kept = await tab.evaluate('({ ...kept, usableMs })');
  const counted = { ...sample, ...kept };
  const scroll = count === MANY ? await scrollTable(tab) : null;
  await context.close();
  return { ...counted, scroll };
}

/**
 * @param {Sample[]} samples
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(samples) {
  const of = (/** @type {Exclude<keyof Sample, 'scroll'>} */ name) =>
    median(samples.map((sample) => sample[name]));
  const [lcpMs, tbtMs, cls] = [of('lcpMs'), of('tbtMs'), of('cls')];
  return {
    id: 'P26',
    metric: `LCP / TBT / CLS in Chromium, ${INSTANCES} instances, empty cache`,
    ours: `${ms(lcpMs)} / ${ms(tbtMs)} / ${number(cls)}`,
    anchor: 'Google calls LCP ≤ 2.5 s and CLS ≤ 0.1 good',
    ratio: `${number(2500 / lcpMs)}× faster than that LCP`,
    goal: '≤ 800 ms / ≤ 100 ms / ≤ 0.02',
    met: lcpMs <= 800 && tbtMs <= 100 && cls <= 0.02,
    note: `median of ${samples.length} visits; ${of('requests')} requests, ${kilobytes(of('bytes'))} over the wire with headers; server and browser share ${cpus().length} processors. A task counts from ${LONG_TASK_MS} ms on.`,
    raw: samples,
  };
}

/** @returns {import('../lib/report.mjs').Row} */
function absentRow() {
  return {
    id: 'P26',
    metric: 'LCP / TBT / CLS in Chromium',
    ours: 'not measured: Chromium is not installed',
    anchor: '–',
    ratio: '–',
    goal: '≤ 800 ms / ≤ 100 ms / ≤ 0.02',
    met: null,
  };
}
