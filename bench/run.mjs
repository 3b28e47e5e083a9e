/**
 * The benchmarks: prints a table for a person and writes it, with everything measured, to bench/results/.
 *   node bench/run.mjs [--quick] [--only P13,P29] [--update-docs]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { groups } from './groups/all.mjs';
import { GENERATOR_CPU, moveSelfTo } from './lib/affinity.mjs';
import { Calibration } from './lib/calibration.mjs';
import { LoadGenerator, buildLoadGenerator } from './lib/load.mjs';
import { RESULTS, ROOT } from './lib/places.mjs';
import { stopAll } from './lib/processes.mjs';
import { processesWith } from './lib/proc.mjs';
import { machine, markdown, replaceTable } from './lib/report.mjs';

/**
 * What every group gets.
 * @typedef {{ isQuick: boolean, rounds: number, scratch: string, calibration: Calibration, load: LoadGenerator,
 *   say: (text: string) => void }} Bench
 */

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    'update-docs': { type: 'boolean', default: false },
  },
});

const scratch = mkdtempSync(join(tmpdir(), 'aikore-bench-'));
const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);

/** Groups end what they start; after a failure something may be left, instances that outlived their AiKore included. */
async function endWhatIsLeft() {
  await stopAll();
  for (const pid of processesWith(scratch)) process.kill(pid, 'SIGKILL');
}

async function cleanUp() {
  await endWhatIsLeft();
  rmSync(scratch, { recursive: true, force: true });
}

async function run() {
  const facts = machine();
  moveSelfTo(String(GENERATOR_CPU));
  /** @type {Bench} */
  const bench = {
    isQuick: options.quick,
    rounds: options.quick ? 1 : 5,
    scratch,
    calibration: new Calibration(),
    load: new LoadGenerator(buildLoadGenerator(scratch)),
    say,
  };
  const began = Date.now();
  const { rows, failures } = await runGroups(bench);
  const table = markdown(rows, facts, { isQuick: options.quick, tookMs: Date.now() - began });
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'latest.md'), table);
  writeFileSync(join(RESULTS, 'latest.json'), `${JSON.stringify({ machine: facts, rows }, null, 2)}\n`);
  process.stdout.write(table);
  if (options['update-docs']) updateDocs(table);
  return failures;
}

/** @param {Bench} bench */
async function runGroups(bench) {
  const wanted = options.only?.split(',');
  /** @type {import('./lib/report.mjs').Row[]} */
  const rows = [];
  let failures = 0;
  for (const group of groups) {
    if (wanted !== undefined && !group.ids.some((id) => wanted.includes(id))) continue;
    say(`${group.ids.join(', ')}: ${group.title}`);
    const began = Date.now();
    bench.calibration.open();
    try {
      rows.push(...(await group.run(bench)));
    } catch (error) {
      // One broken group must not cost the figures of the others.
      failures += 1;
      say(`  failed: ${error instanceof Error ? error.stack : String(error)}`);
    }
    await endWhatIsLeft();
    say(`  ${Math.round((Date.now() - began) / 1000)} s`);
  }
  return { rows, failures };
}

/** @param {string} table */
function updateDocs(table) {
  const file = join(ROOT, 'docs', 'benchmarks.md');
  writeFileSync(file, replaceTable(readFileSync(file, 'utf8'), table));
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => void cleanUp().then(() => process.exit(1)));
}

try {
  if ((await run()) > 0) process.exitCode = 1;
} finally {
  await cleanUp();
}
