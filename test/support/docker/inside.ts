import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Instance, InstanceCreate } from '../../../src/contracts/instance.js';
import { waitFor } from '../wait.js';
import type { Container } from './container.js';

const FIXTURES = resolve(import.meta.dirname, '../../fixtures/blueprints');

/** A process of a container, by the numbers that it has there. */
export interface InnerProcess {
  pid: number;
  ppid: number;
  uid: number;
  /** First letter of its state: Z for a zombie. */
  state: string;
  args: string;
}

/** All processes of a container but those that this question itself starts. */
export async function processesIn(container: Container): Promise<InnerProcess[]> {
  const text = await container.shell('exec ps -eww -o pid=,ppid=,uid=,stat=,args=');
  return text
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S)\S*\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, ppid, uid, state, args]) => ({
      pid: Number(pid),
      ppid: Number(ppid),
      uid: Number(uid),
      state: state ?? '',
      args: args ?? '',
    }))
    .filter(({ args }) => !args.startsWith('ps -eww'));
}

/** The pid of AiKore, as its supervisor knows it; null while it is between two lives. */
export async function pidOfAikore(container: Container): Promise<number | null> {
  const { stdout } = await container.exec('s6-svstat', '-o', 'pid', '/run/aikore/service/aikore');
  const pid = Number(stdout);
  return pid > 0 ? pid : null;
}

/** Start time of a process in ticks: with the pid it names one process for ever; '' when it has gone. */
export async function startOf(container: Container, pid: number): Promise<string> {
  const { stdout } = await container.exec('cat', `/proc/${pid}/stat`);
  return stdout.slice(stdout.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** Whether AiKore answers now; the health check of the engine looks rarely once it has been content. */
export async function isAnswering(container: Container): Promise<boolean> {
  return (await container.exec('aikore-health')).code === 0;
}

/** Waits until an AiKore answers that is not the one with this pid. @returns its pid */
export function waitForSuccessor(
  container: Container,
  pid: number | null,
  limitMs = 60_000,
): Promise<number> {
  return waitFor(
    'another AiKore answers',
    async () => {
      const now = await pidOfAikore(container);
      return now !== null && now !== pid && (await isAnswering(container)) && now;
    },
    limitMs,
  );
}

/** Ends the AiKore of a container, which is none of the engine's business. @returns the pid that it had */
export async function killAikore(container: Container, signal = 'KILL'): Promise<number> {
  const pid = await pidOfAikore(container);
  if (pid === null) throw new Error('there is no AiKore to be killed');
  await container.shell(`kill -${signal} ${pid}`);
  return pid;
}

/** Creates an instance of one of the misbehaving blueprints. */
export async function createOf(
  container: Container,
  fixture: string,
  wish: Partial<InstanceCreate> = {},
): Promise<Instance> {
  const content = readFileSync(resolve(FIXTURES, fixture), 'utf8');
  const { status } = await container.api.send('POST', 'api/system/blueprints/custom', {
    filename: fixture,
    content,
  });
  if (status !== 201 && status !== 409) throw new Error(`the blueprint was refused: ${status}`);
  return container.api.create({ name: fixture.replace('.sh', ''), base_blueprint: fixture, ...wish });
}

/** Creates an instance and waits until it runs. */
export async function runOf(
  container: Container,
  fixture: string,
  wish: Partial<InstanceCreate> = {},
): Promise<Instance & { pid: number }> {
  const { id } = await createOf(container, fixture, wish);
  const instance = await container.api.startUp(id);
  return { ...instance, pid: instance.pid ?? 0 };
}
