import { readFileSync } from 'node:fs';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance, TrashEntry } from '../../src/contracts/instance.js';
import type { Answer } from './api.js';
import type { Random } from './model-random.js';
import type { World } from './model-world.js';
import { freePort } from './ports.js';
import { environmentOf, parentOf } from './processes.js';

/** Tempers of the applications, each a blueprint among the fixtures. */
export const TEMPERS = [
  'idles.sh',
  'answers.sh',
  'slow-to-stop.sh',
  'ignores-term.sh',
  'crashes-at-random.sh',
  'never-listens.sh',
  'silent.sh',
  'forks.sh',
];

/** How often each operation is chosen. */
export const EVERYTHING = {
  start: 26,
  stop: 16,
  restart: 12,
  kill: 8,
  rename: 7,
  patch: 6,
  create: 5,
  delete: 5,
  restore: 4,
  killApplication: 5,
  killRunner: 2,
  killAiKore: 1.2,
};
type Operation = keyof typeof EVERYTHING;

/** What clients may do, and to how many. */
export interface Arena {
  weights: Readonly<Record<Operation, number>>;
  maxInstances: number;
  tempers: readonly string[];
}

/** What a refusal may say, whatever two clients do to each other. */
const KNOWN_REFUSALS = new Set([
  '404 INSTANCE_NOT_FOUND',
  '404 TRASH_ENTRY_NOT_FOUND',
  '409 INSTANCE_ACTIVE',
  '409 INSTANCE_STOPPED',
  '409 INSTANCE_BUSY',
  '409 INSTANCE_NAME_TAKEN',
  '409 TRASH_NAME_TAKEN',
]);

/** Whether a restart policy may be given to an instance of that name: what is never given one is held to more. */
const POLICIED = /^(crashes-at-random|fuzz \d*[05])$/;
/** Few, so that names are fought over. */
const NAMES = Array.from({ length: 16 }, (_, index) => `fuzz ${index}`);

/** What was asked of one instance since the last settled point. */
export interface Deeds {
  /** Accepted: each begins a run. */
  starts: number;
  /** Accepted, or lost with a killed AiKore: each may begin a run. */
  mayStart: number;
  /** Whether something may have ended it. */
  mayEnd: boolean;
  /** Whether it may have been one that AiKore starts at boot. */
  mayAutostart: boolean;
}

export function noDeeds(): Deeds {
  return { starts: 0, mayStart: 0, mayEnd: false, mayAutostart: false };
}

/** One client that does things at random. Several share a world, and the deeds. */
export class RandomClient {
  constructor(
    private readonly name: string,
    private readonly world: World,
    private readonly random: Random,
    private readonly deeds: Map<number, Deeds>,
    private readonly nextKey: () => string,
    private readonly arena: Arena,
  ) {}

  /** Does one thing. */
  async act(): Promise<void> {
    const operation = this.random.weighted(this.arena.weights);
    // Chosen before anything is waited for, so that a seed means the same choices on every machine.
    const choice = { which: this.random.next(), how: this.random.next(), name: this.random.pick(NAMES) };
    const instances = this.listed(await this.instances());
    const target = instances[Math.floor(choice.which * instances.length)];
    await this.perform(operation, target, choice, instances.length);
  }

  private async perform(
    operation: Operation,
    target: Instance | undefined,
    { which, how, name }: { which: number; how: number; name: string },
    count: number,
  ): Promise<void> {
    if (operation === 'killAiKore') return this.crash();
    if (operation === 'restore') return count < this.arena.maxInstances ? this.restore(which) : undefined;
    if (operation === 'create' || target === undefined)
      return count < this.arena.maxInstances ? this.create(name) : undefined;
    switch (operation) {
      case 'start':
      case 'stop':
      case 'restart':
      case 'kill':
        return this.command(target, operation);
      case 'rename':
        return this.ask(target, 'PATCH', '', { name });
      case 'patch':
        return this.ask(target, 'PATCH', '', this.patchFor(target, how));
      case 'delete':
        return this.remove(target, how);
      case 'killApplication':
      case 'killRunner':
        return this.strike(target, operation);
    }
  }

  private async command(target: Instance, word: 'start' | 'stop' | 'restart' | 'kill'): Promise<void> {
    const deeds = this.deedsOf(target.id);
    // Before it is asked: it may be carried out, and AiKore killed, before the answer is on its way.
    const isStart = word === 'start' || word === 'restart';
    if (isStart) deeds.mayStart += 1;
    if (word !== 'start') deeds.mayEnd = true;
    const answer = await this.send(target.name, 'POST', `api/instances/${target.id}/${word}`);
    if (answer === null) return;
    if (answer.status === 202 && word === 'start') deeds.starts += 1;
    if (answer.status !== 202 && isStart) deeds.mayStart -= 1;
  }

  private async ask(target: Instance, method: string, query = '', body?: unknown): Promise<void> {
    await this.send(target.name, method, `api/instances/${target.id}${query}`, body);
  }

  private async remove(target: Instance, how: number): Promise<void> {
    const query = how < 0.5 ? '?mode=permanent' : `?mode=trash&overwrite=${how < 0.75}`;
    await this.ask(target, 'DELETE', query);
  }

  private async create(name: string): Promise<void> {
    const base_blueprint = this.random.pick(this.arena.tempers);
    const port = await freePort();
    const wish = { name, base_blueprint, port, env: { MODEL_KEY: this.nextKey() } };
    await this.send(name, 'POST', 'api/instances', wish);
  }

  private async restore(which: number): Promise<void> {
    const listed = await this.send<TrashEntry[]>('the trash can', 'GET', 'api/trash');
    const entries = listed?.status === 200 ? listed.body : [];
    const entry = entries[Math.floor(which * entries.length)];
    if (entry !== undefined)
      await this.send(entry.name, 'POST', `api/trash/${encodeURIComponent(entry.name)}/restore`);
  }

  private patchFor({ id, env, name }: Instance, how: number): Record<string, unknown> {
    if (how < 0.3) return { env: { ...env, TOUCHED: String(how) } };
    if (how < 0.6) return { launch_args: `--how ${how}` };
    if (how < 0.7) return { gpu_ids: how < 0.65 ? '0' : null };
    if (how < 0.8 && POLICIED.test(name)) return { restart_policy: how < 0.75 ? 'on-failure' : 'always' };
    this.deedsOf(id).mayAutostart = true;
    return { autostart: how < 0.9 };
  }

  /** SIGKILL to the application or to what watches over it, if it is still the process that it was. */
  private async strike(target: Instance, what: 'killApplication' | 'killRunner'): Promise<void> {
    const { pid } = target;
    if (pid === null || environmentOf(pid).get('MODEL_KEY') !== target.env['MODEL_KEY']) return;
    const victim = what === 'killApplication' ? pid : parentOf(pid);
    if (what === 'killRunner' && !isRunner(victim)) return;
    this.deedsOf(target.id).mayEnd = true;
    try {
      process.kill(victim, 'SIGKILL');
    } catch {
      // It ended by itself just now.
    }
    this.world.note(`${this.name}: kill -9 ${victim} (${what}) of ${target.name}`);
    await Promise.resolve();
  }

  private async crash(): Promise<void> {
    this.world.note(`${this.name}: SIGKILL to AiKore`);
    await this.world.crash();
    this.world.note(`${this.name}: AiKore serves again`);
  }

  private async instances(): Promise<Answer<Instance[]> | null> {
    return this.send<Instance[]>('', 'GET', 'api/instances');
  }

  private listed(answer: Answer<Instance[]> | null): Instance[] {
    return answer?.status === 200 ? answer.body : [];
  }

  private deedsOf(id: number): Deeds {
    const deeds = this.deeds.get(id) ?? noDeeds();
    this.deeds.set(id, deeds);
    return deeds;
  }

  /** @returns null when AiKore was killed before it could answer */
  private async send<T>(of: string, method: string, path: string, body?: unknown): Promise<Answer<T> | null> {
    const aikore = await this.world.aikore();
    const deathsBefore = this.world.deaths;
    let answer: Answer<T>;
    try {
      answer = await aikore.api.send<T>(method, path, body);
    } catch (error) {
      if (this.world.deaths === deathsBefore) this.world.accuse(`${method} ${path}: ${String(error)}`);
      this.world.note(`${this.name}: ${method} ${path} (${of}) was lost`);
      return null;
    }
    this.judge(of, method, path, body, answer);
    return answer;
  }

  private judge(of: string, method: string, path: string, body: unknown, answer: Answer): void {
    const { code } = (answer.status >= 400 ? answer.body : { code: '' }) as ErrorBody;
    const asked = `${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`} (${of})`;
    if (method !== 'GET') this.world.note(`${this.name}: ${asked} → ${answer.status} ${code}`);
    const isSuccess = answer.status >= 200 && answer.status < 300;
    if (!isSuccess && !KNOWN_REFUSALS.has(`${answer.status} ${code}`))
      this.world.accuse(`${asked} was answered ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

function isRunner(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('aikore-runner');
  } catch {
    return false;
  }
}
