import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Instance } from '../../src/contracts/instance.js';
import { fixture, Runner } from '../fixtures/runner/harness.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { numbersIn } from '../support/instance-files.js';
import { useLab } from '../support/lab.js';
import { isAlive, processesMentioning } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const RUNNER = resolve(import.meta.dirname, '../../dist/runner/aikore-runner');
const bomb = join(lab.root, 'bomb');
const GRACE_SECONDS = 1;
const FAMILIES = 5;
const FAMILY_SIZE = 4;
const ROUNDS = process.env['AIKORE_SOAK'] === '1' ? 20 : 4;
/** A quiet machine needs half a second beyond the grace; other suites may keep this one busy. */
const LIMIT_MS = GRACE_SECONDS * 1000 + 4000;

let aikore: AiKoreProcess;

beforeAll(async () => {
  execFileSync('cc', ['-O2', '-D_GNU_SOURCE', fixture('bomb.c'), '-o', bomb]);
  aikore = await lab.start({ AIKORE_STOP_GRACE: String(GRACE_SECONDS) });
}, 60_000);

describe('a family that flees, wipes its traces and is deaf', () => {
  it(`is gone to the last when its instance is stopped, ${FAMILIES * ROUNDS} times`, async () => {
    const wishes = Array.from({ length: FAMILIES }, (_, index) => ({
      name: `family-${index}`,
      base_blueprint: 'hostile.sh',
    }));
    const instances = await Promise.all(wishes.map((wish) => aikore.api.create(wish)));
    for (let round = 0; round < ROUNDS; round += 1)
      await Promise.all(instances.map((instance) => startAndStop(instance)));
  }, 600_000);

  async function startAndStop({ id, name }: Instance): Promise<void> {
    const file = aikore.home(name, 'pids');
    rmSync(file, { force: true });
    await aikore.api.startUp(id);
    const pids = await waitFor('all of them live', () => {
      const noted = numbersIn(file);
      return noted.length === FAMILY_SIZE && noted;
    });
    expect(pids.every(isAlive)).toBe(true);
    await aikore.api.command(id, 'stop');
    await aikore.api.reaches(id, 'stopped', LIMIT_MS);
    expect(pids.filter(isAlive)).toEqual([]);
  }
});

describe('processes that replace each other', () => {
  const living = () => processesMentioning(bomb).length;

  it.each(['kill', 'stop'] as const)('are gone after %s, all 400, and the API answers', async (word) => {
    const wish = { name: `bomb ${word}`, base_blueprint: 'bomb.sh', env: { BOMB: bomb } };
    const { id } = await aikore.api.create(wish);
    await aikore.api.startUp(id);
    await waitFor('they are many', () => living() > 390, 30_000);
    await aikore.api.command(id, word);
    // Asking for the state is asking the API: the answers come while they are being fought.
    await aikore.api.reaches(id, 'stopped', LIMIT_MS);
    expect(living()).toBe(0);
  });

  it('are gone soon, though they take the whole processor', async () => {
    const dir = mkdtempSync(join(lab.root, 'runner-'));
    const runner = await Runner.start({ binary: RUNNER, dir, program: [bomb, '200', '30', 'busy'] });
    await waitFor('they are many', () => living() > 150, 30_000);
    const client = await runner.connect();
    client.send('kill');
    await client.line('ended exit_code= exit_signal=9', LIMIT_MS);
    client.close();
    expect(living()).toBe(0);
    await runner.exited;
  });
});
