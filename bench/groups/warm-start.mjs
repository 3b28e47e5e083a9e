import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ms, times } from '../lib/format.mjs';
import { REFERENCE, ROOT } from '../lib/places.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, ratio } from '../lib/statistics.mjs';

const PACKAGES = 40;
const HEAD = 'set -euo pipefail\nsource "$AIKORE_FUNCTIONS"\ncd -- "$INSTANCE_CONF_DIR"\n';
const INSTALL = `install() {
  aikore_venv ./env
  aikore_requirements "$WHEELS/requirements.txt"
}
aikore_setup install
`;
/** What scripts of the original do at every start: torch, the application's requirements, the user's. */
const HABIT = `source env/bin/activate
pip install -q package0 package1 package2
pip install -q -r "$WHEELS/requirements.txt"
pip install -q package3
`;

/** E1: what an installed application waits for before it is launched. */
export const warmStart = {
  ids: ['E1'],
  title: 'warm start of an installed application',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const world = await prepare(bench.scratch);
    const outcome = await inTurn({ ...bench, budgetMs: 60_000 }, [
      { name: 'aikore', run: async () => launchMs(world, 'launch.sh') },
      { name: 'habit', run: async () => launchMs(world, 'habit.sh') },
    ]);
    return [rowOf(outcome)];
  },
};

/** @typedef {{ home: string, env: Record<string, string> }} World */

/**
 * An instance whose first start, with its installation, is over.
 * @param {string} scratch
 * @returns {Promise<World>}
 */
async function prepare(scratch) {
  const home = join(scratch, 'warm');
  const wheels = join(scratch, 'wheels');
  for (const folder of [home, wheels]) mkdirSync(folder);
  execFileSync('python3', [join(REFERENCE, 'make-wheels.py'), wheels, String(PACKAGES)]);
  writeFileSync(join(home, 'launch.sh'), `${HEAD}${INSTALL}`);
  writeFileSync(join(home, 'habit.sh'), `${HEAD}${HABIT}`);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: scratch,
    AIKORE_FUNCTIONS: join(ROOT, 'blueprints/functions.sh'),
    INSTANCE_CONF_DIR: home,
    WHEELS: wheels,
    PYTHON_INSTALLER: 'pip',
    PIP_CONFIG_FILE: '/dev/null',
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: wheels,
  };
  launchMs({ home, env }, 'launch.sh');
  return { home, env };
}

/**
 * @param {World} world
 * @param {string} script
 */
function launchMs({ home, env }, script) {
  const beganMs = performance.now();
  execFileSync('bash', [script], { cwd: home, env, stdio: ['ignore', 'ignore', 'pipe'] });
  return performance.now() - beganMs;
}

/**
 * @param {import('../lib/rounds.mjs').Outcome} outcome
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(outcome) {
  const { aikore = [], habit = [] } = outcome.series;
  return {
    id: 'E1',
    metric: `warm start: ${PACKAGES} packages installed, start → launch`,
    ours: ms(median(aikore)),
    anchor: `\`pip install\` of everything at each start, index on this disk ${ms(median(habit))}`,
    ratio: `${times(ratio(habit, aikore))} faster`,
    goal: '≤ 300 ms',
    met: median(aikore) <= 300,
    note: `${roundsNote(outcome)}. With an index on the network the habit takes longer still, and fails without one.`,
    raw: outcome,
  };
}
