import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '../../src/contracts/instance.js';
import type { InstanceFigures, SystemStats } from '../../src/contracts/system.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { FakeNvidiaSmi } from '../support/fake-nvidia-smi.js';
import { useLab } from '../support/lab.js';
import { parseMetrics, valueOf } from '../support/prometheus.js';
import { staysTrue, waitFor } from '../support/wait.js';

const lab = useLab();
const MIB = 1024 * 1024;

const statsNow = (aikore: AiKoreProcess) => aikore.api.expect<SystemStats>(200, 'GET', 'api/system/stats');
const figuresOf = (stats: SystemStats, id: number): InstanceFigures | undefined =>
  stats.instances.find((figures) => figures.id === id);

describe('a machine with NVIDIA cards', () => {
  const smi = new FakeNvidiaSmi(join(lab.root, 'smi'));
  const card = (index: number, used: string) =>
    `${index}, GPU-${index}0aa, 81559, ${used}, [N/A], 41, 118.27, ${index === 1 ? 'Enabled' : 'Disabled'}, NVIDIA H100 80GB HBM3`;
  let aikore: AiKoreProcess;
  let instance: Instance;

  beforeAll(async () => {
    smi.answers([card(0, '9000'), card(1, '39')]);
    aikore = await lab.start(smi.env);
    const { id } = await aikore.api.create({ name: 'on gpu', base_blueprint: 'idles.sh', gpu_ids: '0' });
    instance = await aikore.api.startUp(id);
  });

  it('asks the driver every two seconds while somebody looks, and hardly ever otherwise', async () => {
    const quiet = smi.calls.length;
    await delay(5000);
    expect(smi.calls.length - quiet).toBeLessThanOrEqual(1);
    const before = smi.calls.length;
    const viewers = await Promise.all([EventsClient.open(aikore), EventsClient.open(aikore)]);
    await delay(7000);
    for (const viewer of viewers) viewer.end();
    const asked = smi.calls.length - before;
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(asked).toBeLessThanOrEqual(5);
  });

  it('shows what each instance holds of them', async () => {
    smi.answers(
      [card(0, '9000'), card(1, '39')],
      [`${instance.pid ?? 0}, GPU-00aa, 5123`, '1, GPU-00aa, 3000'],
    );
    const stats = await waitFor('the share', async () => {
      const now = await statsNow(aikore);
      return (figuresOf(now, instance.id)?.vram_bytes ?? 0) > 0 && now;
    });
    // In a pid namespace of our own nobody can tell whose pid it is, and the card's memory is shown instead.
    const expected = { processes: 5123 * MIB, mask: 9000 * MIB, none: null }[stats.vram_source];
    expect(figuresOf(stats, instance.id)?.vram_bytes).toBe(expected);
    expect(stats.gpus).toMatchObject([
      { index: 0, is_mig: false, utilization_percent: null, memory_used_bytes: 9000 * MIB },
      { index: 1, is_mig: true, problem: null },
    ]);
    const samples = parseMetrics(await aikore.api.expect<string>(200, 'GET', 'metrics'));
    expect(valueOf(samples, 'aikore_gpu_memory_used_bytes', { gpu: '0' })).toBe(9000 * MIB);
  });

  it('falls back to the mask where the driver tells of no process', async () => {
    smi.answers([card(0, '9000'), card(1, '39')], ['[N/A], GPU-00aa, [N/A]', '4242, GPU-00aa, [N/A]']);
    const stats = await waitFor('the mask', async () => {
      const now = await statsNow(aikore);
      return now.vram_source === 'mask' && now;
    });
    expect(figuresOf(stats, instance.id)?.vram_bytes).toBe(9000 * MIB);
  });

  it('answers at once while the driver hangs, keeps the cards, and leaves nothing behind', async () => {
    smi.hangs();
    await waitFor(
      'the driver is asked',
      async () => {
        await statsNow(aikore);
        return (await aikore.api.expect<SystemStats>(200, 'GET', 'api/system/stats')).gpus.every(
          ({ problem }) => problem !== null,
        );
      },
      20_000,
    );
    const viewer = await EventsClient.open(aikore);
    const calls = smi.calls.length;
    await staysTrue(
      'answers come within a second',
      async () => {
        const began = performance.now();
        const stats = await statsNow(aikore);
        await aikore.api.instances();
        expect(stats.gpus).toMatchObject([
          { index: 0, memory_used_bytes: null },
          { index: 1, memory_used_bytes: null },
        ]);
        await delay(200);
        return performance.now() - began < 1200;
      },
      5000,
    );
    expect(smi.calls.length).toBeLessThanOrEqual(calls + 1);
    expect(figuresOf(await statsNow(aikore), instance.id)?.vram_bytes).toBeNull();
    viewer.end();
    await aikore.stop();
  });

  it('boots at once beside a driver that hangs or is not loaded', async () => {
    const began = performance.now();
    const hung = await lab.start(smi.env);
    expect((await statsNow(hung)).gpus).toEqual([]);
    expect(performance.now() - began).toBeLessThan(10_000);
    await hung.stop();
    smi.fails("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", 9);
    const broken = await lab.start(smi.env);
    expect(await statsNow(broken)).toMatchObject({ gpus: [], vram_source: 'none' });
    await broken.stop();
  });
});
