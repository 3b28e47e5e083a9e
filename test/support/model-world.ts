import type { Instance } from '../../src/contracts/instance.js';
import { Database } from '../../src/core/database/sqlite.js';
import type { AiKoreProcess } from './aikore-process.js';
import { EventsClient } from './events-client.js';
import type { Lab } from './lab.js';
import { StoryObserver } from './model-observer.js';
import { TreeSampler } from './model-sampler.js';
import { isAlive } from './processes.js';

/** Lines of the journal that a failure prints. */
const JOURNAL_LENGTH = 50;

/** One data directory through many lives of AiKore, watched from outside all the while. */
export class World {
  readonly violations: string[] = [];
  readonly sampler: TreeSampler;
  /** How often AiKore was killed. */
  deaths = 0;
  private readonly journal: string[] = [];
  private readonly beganMs = performance.now();
  private life!: AiKoreProcess;
  private viewer!: EventsClient;
  private observer!: StoryObserver;
  private rising: Promise<void> = Promise.resolve();

  private constructor(
    private readonly lab: Lab,
    readonly dataDir: string,
    private readonly env: Record<string, string>,
  ) {
    this.sampler = new TreeSampler(`${dataDir}/`, () => this.observer.readNew());
  }

  static async begin(lab: Lab, env: Record<string, string>): Promise<World> {
    const world = new World(lab, lab.dataDir(), env);
    await world.rise();
    world.sampler.start();
    return world;
  }

  /** The AiKore of today; waits while a killed one comes up again. */
  async aikore(): Promise<AiKoreProcess> {
    await this.rising;
    return this.life;
  }

  /** SIGKILL, and another AiKore on the same data. What it tells first is not held against what the dead one told last. */
  async crash(): Promise<void> {
    await this.rising;
    this.deaths += 1;
    this.rising = (async () => {
      await this.life.signal('SIGKILL');
      this.viewer.end();
      await this.rise();
    })();
    await this.rising;
  }

  note(line: string): void {
    this.journal.push(`${((performance.now() - this.beganMs) / 1000).toFixed(2)} s  ${line}`);
    if (this.journal.length > JOURNAL_LENGTH) this.journal.shift();
  }

  accuse(violation: string): void {
    this.note(`VIOLATION: ${violation}`);
    this.violations.push(violation);
  }

  /** Everything that was found, with the last operations; empty when nothing was. */
  report(): string {
    const found = [...this.violations, ...this.sampler.violations];
    return found.length === 0
      ? ''
      : `${found.join('\n')}\n\nThe last operations:\n${this.journal.join('\n')}`;
  }

  /** Ends AiKore in order. @returns its exit code */
  async end(): Promise<number | null> {
    const aikore = await this.aikore();
    this.observer.readNew();
    const { code } = await aikore.stop();
    this.sampler.stop();
    this.viewer.end();
    return code;
  }

  /** What the database says while AiKore runs; SQLite lets a reader in at any time. */
  query<T>(sql: string, ...values: unknown[]): T[] {
    const database = new Database(`${this.dataDir}/aikore.db`, { readonly: true });
    try {
      return database.prepare(sql).all(...values) as T[];
    } finally {
      database.close();
    }
  }

  private async rise(): Promise<void> {
    this.life = await this.lab.start(this.env, this.dataDir);
    this.viewer = await EventsClient.open(this.life);
    this.observer = new StoryObserver(
      this.viewer,
      (instance) => this.checkRest(instance),
      (violation) => this.accuse(violation),
    );
  }

  /** By the time this is looked at, a later run may have begun: it has a marker of its own. */
  private checkRest({ id, name, run, status, env }: Instance): string | null {
    const living = this.sampler.look().filter(({ key }) => key === env['MODEL_KEY']);
    if (living.length === 0) return null;
    const old = this.query<{ marker: string }>(
      'SELECT marker FROM runs WHERE instance_id = ? AND run <= ?',
      id,
      run,
    ).map(({ marker }) => marker);
    const left = living.filter(({ marker, pid }) => old.includes(marker) && isAlive(pid));
    return left.length === 0
      ? null
      : `${name} (run ${run}) is ${status} and has pids ${left.map(({ pid }) => pid).join(', ')}`;
  }
}
