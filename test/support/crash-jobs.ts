import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AiKoreProcess } from './aikore-process.js';
import { numbersIn } from './instance-files.js';
import type { Lab } from './lab.js';
import { environmentOf, processesMentioning, startTicksOf } from './processes.js';
import { waitFor } from './wait.js';

const BLUEPRINTS = resolve(import.meta.dirname, '../fixtures/crash/blueprints');

/** A job that runs, and what proves that it is still the same one. */
export interface Job {
  id: number;
  name: string;
  pid: number;
  startTicks: string;
}

/** A data directory with the long jobs of these suites among its blueprints. */
export function dataDirWithJobs(lab: Lab): string {
  const folder = lab.dataDir();
  for (const file of readdirSync(BLUEPRINTS)) {
    copyFileSync(join(BLUEPRINTS, file), join(folder, 'custom_blueprints', file));
  }
  return folder;
}

/** Creates and starts instances, all at once. */
export async function startJobs(aikore: AiKoreProcess, names: string[], blueprint: string): Promise<Job[]> {
  const made = [];
  for (const name of names) made.push(await aikore.api.create({ name, base_blueprint: blueprint }));
  await Promise.all(made.map(({ id }) => aikore.api.command(id, 'start')));
  return Promise.all(made.map(({ id, name }) => jobOf(aikore, id, name)));
}

/** A started instance as a job. */
export async function jobOf(aikore: AiKoreProcess, id: number, name: string): Promise<Job> {
  const { pid } = await aikore.api.reaches(id, 'started', 30_000);
  const startTicks = startTicksOf(pid ?? 0);
  if (pid === null || startTicks === undefined) throw new Error(`${name} is started and does not run`);
  return { id, name, pid, startTicks };
}

/** Whether a job is still the process that it was, from /proc. */
export function isSameProcess({ pid, startTicks }: Job): boolean {
  return startTicksOf(pid) === startTicks;
}

/** Steps that are missing from a job's log or stand there twice or in disorder, in words. */
export function brokenSteps(aikore: AiKoreProcess, { name }: Job): string[] {
  const lines = readFileSync(aikore.home(name, 'output.log'), 'utf8').split('\n').slice(0, -1);
  const at = lines.findIndex((line, index) => line !== `step ${index + 1}`);
  return at === -1 ? [] : [`${name}: line ${at + 1} is "${lines[at]}"`];
}

export function stepsOf(aikore: AiKoreProcess, { name }: Job): number {
  return readFileSync(aikore.home(name, 'output.log'), 'utf8').split('\n').length - 1;
}

/** How often a job's script was started since it was made. */
export function startsOf(aikore: AiKoreProcess, { name }: Pick<Job, 'name'>): number {
  return numbersIn(aikore.home(name, 'starts')).length;
}

/** Process trees that run for a data directory: for each instance's name the number of its markers. */
export function copiesByName(dataDir: string): Map<string, number> {
  const markers = new Map<string, Set<string>>();
  for (const { pid } of processesMentioning(join(dataDir, 'instances'))) {
    const environment = environmentOf(pid);
    const name = environment.get('INSTANCE_NAME') ?? '';
    const marker = environment.get('AIKORE_INSTANCE_MARKER') ?? '';
    markers.set(name, (markers.get(name) ?? new Set()).add(marker));
  }
  return new Map([...markers].map(([name, set]) => [name, set.size]));
}

/** Waits until a job has printed more than it had. */
export async function goesOn(aikore: AiKoreProcess, job: Job): Promise<void> {
  const before = stepsOf(aikore, job);
  await waitFor(`${job.name} goes on`, () => stepsOf(aikore, job) > before);
}
