import { describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from '../../src/contracts/instance.js';
import { useLab } from '../support/lab.js';
import { EVERYTHING, RandomClient, TEMPERS } from '../support/model-operations.js';
import type { Arena, Deeds } from '../support/model-operations.js';
import { Random } from '../support/model-random.js';
import { contradictions, settle, unexplained } from '../support/model-truth.js';
import type { Settled } from '../support/model-truth.js';
import { World } from '../support/model-world.js';
import { freePort } from '../support/ports.js';
import { processesMentioning } from '../support/processes.js';

const lab = useLab();
const IS_SOAK = process.env['AIKORE_SOAK'] === '1';

const given = process.env['AIKORE_FUZZ_SEED'];
const FIRST_SEED = given === undefined ? 1 : Number(given);
const SEEDS = Array.from(
  { length: IS_SOAK && given === undefined ? 20 : 1 },
  (_, index) => FIRST_SEED + index,
);
const OPERATIONS = Number(process.env['AIKORE_FUZZ_OPERATIONS'] ?? (IS_SOAK ? 500 : 400));
/** The short version ends after so long, however far it has come. */
const LIMIT_MS = IS_SOAK ? Number.POSITIVE_INFINITY : 40_000;
const ONE_INSTANCE_MS = IS_SOAK ? 60_000 : 20_000;
/** Operations of both clients together between two settled points. */
const ROUND = 40;
const SETTLING_MS = 20_000;
const MAX_PAUSE_MS = 80;

jest.setTimeout(IS_SOAK ? 3_600_000 : 180_000);

const ENV = { AIKORE_STOP_GRACE: '1', AIKORE_STALLED_AFTER: '2' };

/** Two clients, one seed. */
class Fuzz {
  done = 0;
  settledPoints = 0;
  private keys = 0;
  private settled: Settled = new Map();
  private deathsBefore = 0;
  private readonly deeds = new Map<number, Deeds>();
  private readonly random: Random;
  private readonly clients: RandomClient[];

  constructor(
    private readonly world: World,
    seed: number,
    private readonly arena: Arena,
  ) {
    this.random = new Random(seed);
    this.clients = ['one', 'two'].map(
      (name, index) =>
        new RandomClient(
          name,
          world,
          new Random(seed * 1000 + index + 1),
          this.deeds,
          () => this.nextKey(),
          arena,
        ),
    );
  }

  /** One instance of each temper, at most as many as there may be. */
  async populate(): Promise<void> {
    const { api } = await this.world.aikore();
    for (const temper of this.arena.tempers.slice(0, this.arena.maxInstances)) {
      const wish = { name: temper.replace('.sh', ''), base_blueprint: temper, port: await freePort() };
      await api.create({ ...wish, env: { MODEL_KEY: this.nextKey() } });
    }
    this.settled = settle(await api.instances());
  }

  async run(operations: number, limitMs: number): Promise<void> {
    const endMs = performance.now() + limitMs;
    while (this.done < operations && performance.now() < endMs && this.world.report() === '') {
      await Promise.all(this.clients.map((client) => this.drive(client, ROUND / this.clients.length)));
      await this.rest();
    }
  }

  private async drive(client: RandomClient, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      await client.act();
      this.done += 1;
      if (this.random.next() < 0.7) await sleep(this.random.below(MAX_PAUSE_MS));
    }
  }

  /** Nobody asks for anything until everything has come to rest; then what is said must be what is. */
  private async rest(): Promise<void> {
    const { api } = await this.world.aikore();
    const deaths = this.world.deaths - this.deathsBefore;
    let found: string[] = [];
    let instances: Instance[] = [];
    const endMs = performance.now() + SETTLING_MS;
    while (performance.now() < endMs) {
      instances = await api.instances();
      found = contradictions(this.world, instances);
      if (found.length === 0) break;
      await sleep(50);
    }
    const strange = unexplained(instances, this.settled, this.deeds, deaths);
    for (const violation of [...found, ...strange]) this.world.accuse(violation);
    this.settled = settle(instances);
    this.deeds.clear();
    this.deathsBefore = this.world.deaths;
    this.settledPoints += 1;
    this.world.note(`settled: ${instances.map(({ name, status }) => `${name} ${status}`).join(', ')}`);
  }

  private nextKey(): string {
    this.keys += 1;
    return `model-${this.keys}`;
  }
}

const MANY: Arena = { weights: EVERYTHING, maxInstances: 10, tempers: TEMPERS };
/** Two clients that fight for one instance. AiKore lives all the while, so that every answer is held to more. */
const ONE: Arena = {
  weights: { ...EVERYTHING, rename: 20, delete: 12, restore: 6, create: 12, killAiKore: 0 },
  maxInstances: 1,
  tempers: ['slow-to-stop.sh', 'forks.sh', 'crashes-at-random.sh'],
};

async function expectTruthfulWorld(seed: number, arena: Arena, operations: number, limitMs: number) {
  const world = await World.begin(lab, ENV);
  const fuzz = new Fuzz(world, seed, arena);
  await fuzz.populate();
  const beganMs = performance.now();
  await fuzz.run(operations, limitMs);
  const spanMs = performance.now() - beganMs;
  const code = await world.end();
  console.info(
    `seed ${seed}: ${fuzz.done} operations, ${world.deaths} deaths of AiKore, ${fuzz.settledPoints} settled points, ` +
      `${world.sampler.sampleCount} samples in ${Math.round(spanMs / 1000)} s`,
  );
  expect(world.report()).toBe('');
  expect(code).toBe(0);
  expect(processesMentioning(`${world.dataDir}/`)).toEqual([]);
  // A run that hardly did anything would show nothing.
  expect(fuzz.done).toBeGreaterThanOrEqual(ROUND);
}

describe('two clients that do things at random', () => {
  it.each(SEEDS)('to many instances never see a lie, and nothing is left running (seed %d)', (seed) =>
    expectTruthfulWorld(seed, MANY, OPERATIONS, LIMIT_MS),
  );

  it.each(SEEDS.slice(0, 1))('to one instance neither (seed %d)', (seed) =>
    expectTruthfulWorld(seed, ONE, Number.POSITIVE_INFINITY, ONE_INSTANCE_MS),
  );
});
