import { join, resolve } from 'node:path';
import type { BlueprintMetadata, BlueprintPackage } from '../../../contracts/blueprint.js';
import type { PackageUpdate } from '../../../contracts/environment.js';
import { findProgram } from '../../../host/files/find-program.js';
import type { ProgramOutcome } from '../../../host/processes/run-program.js';
import {
  installedVersion,
  latestOfNpm,
  latestOfPip,
  latestOfUv,
  packageProblem,
} from '../domain/package-output.js';
import { ask, isDone } from './git.js';
import type { Asking } from './git.js';

/** A registry's answer. */
interface Answer {
  latest: string | null;
  problem: string | null;
}

/** A way to ask PyPI, or the index that takes its place; null: this way is not there. */
type Way = () => Promise<Answer | null>;

const PYPI_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?$/;
const NPM_NAME = /^(?:@[a-z0-9][a-z0-9._~-]{0,99}\/)?[a-z0-9][a-z0-9._~-]{0,199}$/;

/** Asks what the newest version is of a package that a blueprint installs by version. */
export async function checkPackage(
  { name, registry, variable }: BlueprintPackage,
  installed: Readonly<Record<string, string>>,
  python: readonly string[],
  asking: Asking,
): Promise<PackageUpdate> {
  const known = { name, registry, variable, installed: installedVersion(installed, name) };
  const answer = registry === 'npm' ? await askNpm(name, asking) : await askPypi(name, python, asking);
  return { ...known, ...answer };
}

/** The Pythons to ask: the environment's, whose configuration of pip counts, then the machine's. */
export function pythonsOf(
  home: string,
  { venv_path: path }: Pick<BlueprintMetadata, 'venv_path'>,
  searchPath: string,
): string[] {
  const own = path === null ? [] : [join(resolve(home, path), 'bin', 'python')];
  const machine = findProgram(searchPath, 'python3');
  return machine === null ? own : [...own, machine];
}

async function askPypi(name: string, pythons: readonly string[], asking: Asking): Promise<Answer> {
  const registry = 'The package index';
  if (!PYPI_NAME.test(name)) return unknown(`${name} is no name of a package.`);
  const ways: Way[] = [
    ...pythons.map((python) => () => askPip(registry, name, python, asking)),
    () => askUv(registry, name, asking),
  ];
  for (const way of ways) {
    const answer = await way();
    if (answer !== null) return answer;
  }
  return unknown('Neither pip nor uv is there to ask what is newest.');
}

async function askPip(
  registry: string,
  name: string,
  python: string,
  asking: Asking,
): Promise<Answer | null> {
  const quiet = ['--disable-pip-version-check', '--no-input', '--no-color'];
  const limits = ['--timeout', '10', '--retries', '0'];
  const args = ['-I', '-m', 'pip', ...quiet, ...limits, 'index', 'versions', '--', name];
  const outcome = await ask(asking, python, args);
  const isThere = outcome.ending !== 'absent' && !/No module named '?pip/.test(outcome.stderr);
  return isThere ? answerOf(registry, name, outcome, latestOfPip(outcome.stdout)) : null;
}

async function askUv(registry: string, name: string, asking: Asking): Promise<Answer | null> {
  const uv = findProgram(asking.searchPath, 'uv');
  if (uv === null) return null;
  const args = [
    'pip',
    'compile',
    '--no-deps',
    '--no-header',
    '--no-annotate',
    '--quiet',
    '--color',
    'never',
    '-',
  ];
  const outcome = await ask(asking, uv, args, { env: asking.env, input: `${name}\n` });
  return answerOf(registry, name, outcome, latestOfUv(outcome.stdout, name));
}

async function askNpm(name: string, asking: Asking): Promise<Answer> {
  if (!NPM_NAME.test(name)) return unknown(`${name} is no name of a package.`);
  const npm = findProgram(asking.searchPath, 'npm');
  if (npm === null) return unknown('npm is not installed on this machine.');
  const limits = ['--fetch-retries=0', '--fetch-timeout=15000', '--no-update-notifier', '--loglevel=error'];
  const outcome = await ask(asking, npm, ['view', '--json', ...limits, '--', name, 'dist-tags']);
  return answerOf('The registry of npm', name, outcome, latestOfNpm(outcome.stdout));
}

function answerOf(registry: string, name: string, outcome: ProgramOutcome, latest: string | null): Answer {
  if (isDone(outcome) && latest !== null) return { latest, problem: null };
  if (outcome.ending === 'timed_out') return unknown(`${registry} did not answer in time.`);
  return unknown(packageProblem(registry, name, `${outcome.stdout}\n${outcome.stderr}`));
}

function unknown(problem: string): Answer {
  return { latest: null, problem };
}
