import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BLUEPRINTS = resolve('blueprints');
const STAND_INS = resolve('test/fixtures/catalogue');

/** Without anything that is installed: what they do is shown elsewhere. */
const WITHOUT_STORY = ['Demo', 'empty'];

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'aikore-catalogue-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const shipped = (): string[] =>
  readdirSync(BLUEPRINTS)
    .filter((file) => file.endsWith('.sh') && file !== 'functions.sh')
    .map((file) => file.slice(0, -'.sh'.length));

it('every blueprint that installs something has a stand-in, whose story a suite tells', () => {
  const texts = readdirSync(STAND_INS)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(STAND_INS, file), 'utf8'));
  const untold = shipped().filter((name) => !texts.some((text) => text.includes(`blueprint: '${name}'`)));
  expect(untold.sort()).toEqual(WITHOUT_STORY);
});

it('every blueprint ends at the first error, and is a script that bash understands', () => {
  for (const name of shipped()) {
    const file = join(BLUEPRINTS, `${name}.sh`);
    expect([name, readFileSync(file, 'utf8')]).toEqual([name, expect.stringMatching(/^set -euo pipefail$/m)]);
    expect([name, spawnSync('bash', ['-n', file]).status]).toEqual([name, 0]);
  }
});

const scriptOf = (name: string): string => readFileSync(join(BLUEPRINTS, `${name}.sh`), 'utf8');

/** Runs a script that ends before it installs or starts anything. */
function tell(script: string, env: Record<string, string>): [number | null, string] {
  const run = spawnSync('bash', ['-c', script], {
    cwd: home,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      AIKORE_FUNCTIONS: join(BLUEPRINTS, 'functions.sh'),
      AIKORE_MODELS_DIR: join(home, 'models'),
      INSTANCE_CONF_DIR: home,
      INSTANCE_OUTPUT_DIR: join(home, 'outputs'),
      WEBUI_PORT: '21000',
      ...env,
    },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return [run.status, run.stdout + run.stderr];
}

it('FramePack says at once that it needs a card', () => {
  const told = tell(scriptOf('FramePack'), { ACCELERATOR: 'cpu' });
  expect(told).toEqual([1, expect.stringContaining('does not run on the CPU')]);
});

it('a choice that is none ends with a sentence', () => {
  const told = tell(scriptOf('FramePack'), { ACCELERATOR: 'cuda', FRAMEPACK_MODEL: '../../x' });
  expect(told).toEqual([1, expect.stringContaining('FRAMEPACK_MODEL is original or f1')]);
});

it('FramePack fetches no models that nobody asked for', () => {
  // As after an installation.
  mkdirSync(join(home, 'app'));
  const told = tell(scriptOf('FramePack').replace(/^aikore_setup .*$/m, ''), { ACCELERATOR: 'cuda' });
  expect(told).toEqual([1, expect.stringContaining('Set FRAMEPACK_FETCH_MODELS to true')]);
});
