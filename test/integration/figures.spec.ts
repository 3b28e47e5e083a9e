import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CreatedApiToken } from '../../src/contracts/auth.js';
import type { Instance } from '../../src/contracts/instance.js';
import type { InstanceFigures, StatsHistory, SystemStats } from '../../src/contracts/system.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { truthOf } from '../support/proc-truth.js';
import { parseMetrics, valueOf } from '../support/prometheus.js';
import type { MetricSample } from '../support/prometheus.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const MIB = 1024 * 1024;

/** One spins and holds 200 MiB; one starts a program after the other, which live for moments, from a grandchild. */
const BUSY = `### AIKORE-METADATA-START ###
# aikore.probe = process
### AIKORE-METADATA-END ###
python3 -c '
held = bytearray(b"x") * (200 * 1024 * 1024)
while True: pass
' &
bash -c 'while :; do python3 -c "sum(range(300000))"; sleep 0.1; done' &
sleep 600
`;

function dataDirWith(name: string, script: string): string {
  const dataDir = lab.dataDir();
  writeFileSync(join(dataDir, 'custom_blueprints', name), script);
  return dataDir;
}

/** Every event of figures with all instances in it, as a dashboard puts them together. */
function statsEvents(viewer: EventsClient): SystemStats[] {
  const whole: SystemStats[] = [];
  for (const event of viewer.events) {
    if (event.type === 'system.stats') whole.push(withUnchanged(whole.at(-1), event.data));
  }
  return whole;
}

function withUnchanged(before: SystemStats | undefined, now: SystemStats): SystemStats {
  const unchanged = now.has_all_instances ? [] : (before?.instances ?? []);
  const told = new Set(now.instances.map(({ id }) => id));
  return { ...now, instances: [...unchanged.filter(({ id }) => !told.has(id)), ...now.instances] };
}

const figuresOf = (stats: SystemStats | undefined, id: number): InstanceFigures | undefined =>
  stats?.instances.find((figures) => figures.id === id);

const statsNow = (aikore: AiKoreProcess) => aikore.api.expect<SystemStats>(200, 'GET', 'api/system/stats');
const historyNow = (aikore: AiKoreProcess) =>
  aikore.api.expect<StatsHistory>(200, 'GET', 'api/system/stats/history');

async function metricsNow(aikore: AiKoreProcess): Promise<MetricSample[]> {
  return parseMetrics(await aikore.api.expect<string>(200, 'GET', 'metrics'));
}

describe('the figures of an instance that works', () => {
  let aikore: AiKoreProcess;
  let instance: Instance;
  let pid = 0;

  beforeAll(async () => {
    aikore = await lab.start({}, dataDirWith('busy.sh', BUSY));
    const { id } = await aikore.api.create({ name: 'Busy one', base_blueprint: 'busy.sh' });
    instance = await aikore.api.startUp(id);
    pid = instance.pid ?? 0;
    await waitFor('it holds its memory', () => truthOf(pid).residentBytes > 210 * MIB, 30_000);
  });

  it('are those of its whole tree: memory and processes', async () => {
    await waitFor('memory and processes as /proc has them', async () => {
      const before = truthOf(pid);
      const figures = figuresOf(await statsNow(aikore), instance.id);
      const after = truthOf(pid);
      const counts = [before.pids.length, after.pids.length];
      // Programs come and go in between; the large part stands still.
      return (
        figures !== undefined &&
        figures.memory_bytes > 0.97 * Math.min(before.residentBytes, after.residentBytes) &&
        figures.memory_bytes < 1.03 * Math.max(before.residentBytes, after.residentBytes) &&
        figures.process_count >= Math.min(...counts) &&
        figures.process_count <= Math.max(...counts)
      );
    });
  });

  it('are those of its whole tree: CPU, also of programs that lived between two looks', async () => {
    const viewer = await EventsClient.open(aikore);
    const times = (count: number) => waitFor(`${count} events`, () => statsEvents(viewer)[count - 1], 30_000);
    await times(2);
    const before = truthOf(pid).cpuSeconds;
    await times(5);
    const after = truthOf(pid).cpuSeconds;
    const events = statsEvents(viewer).slice(0, 5);
    viewer.end();
    const seconds = (index: number) => Date.parse(events[index]?.at ?? '') / 1000;
    const told = [2, 3, 4].reduce((sum, index) => {
      const percent = figuresOf(events[index], instance.id)?.cpu_percent ?? NaN;
      return sum + (percent / 100) * (seconds(index) - seconds(index - 1));
    }, 0);
    // Half a second: what passed between an event and the look at /proc.
    expect(Math.abs(told - (after - before))).toBeLessThan(0.03 * (after - before) + 0.5);
    expect(after - before).toBeGreaterThan(0.5);
  });

  it('are counted on exactly in the metrics', async () => {
    const labels = { id: String(instance.id), instance: 'busy-one' };
    await delay(1100);
    const before = truthOf(pid).cpuSeconds;
    const samples = await metricsNow(aikore);
    const after = truthOf(pid).cpuSeconds;
    const told = valueOf(samples, 'aikore_instance_cpu_seconds_total', labels) ?? NaN;
    expect(told).toBeGreaterThanOrEqual(before - 0.1);
    expect(told).toBeLessThanOrEqual(after + 0.1);
    expect(valueOf(samples, 'aikore_instance_status', { ...labels, status: 'started' })).toBe(1);
    expect(valueOf(samples, 'aikore_instance_status', { ...labels, status: 'stopped' })).toBe(0);
    expect(valueOf(samples, 'aikore_instance_runs_total', labels)).toBe(1);
    expect(valueOf(samples, 'aikore_instance_memory_bytes', labels)).toBeGreaterThan(200 * MIB);
    expect(valueOf(samples, 'aikore_instance_uptime_seconds', labels)).toBeGreaterThan(0);
    expect(valueOf(samples, 'aikore_build_info')).toBe(1);
    expect(valueOf(samples, 'process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('are of now for somebody who asks after a long time, not an average over it', async () => {
    // The whole group: what its loop starts meanwhile as well.
    process.kill(-pid, 'SIGSTOP');
    try {
      await statsNow(aikore);
      await delay(6000);
      process.kill(-pid, 'SIGCONT');
      const figures = figuresOf(await statsNow(aikore), instance.id);
      // Over six seconds it would be a thirtieth of what it is.
      expect(figures?.cpu_percent).toBeGreaterThan(10);
    } finally {
      process.kill(-pid, 'SIGCONT');
    }
  });

  it('are given to a viewer that just came within moments, and kept in the history', async () => {
    const began = performance.now();
    const viewer = await EventsClient.open(aikore);
    const first = viewer.snapshot.stats ?? (await waitFor('figures', () => statsEvents(viewer)[0]));
    expect(performance.now() - began).toBeLessThan(1900);
    expect(figuresOf(first, instance.id)?.cpu_percent).toBeGreaterThan(10);
    viewer.end();
    const history = await historyNow(aikore);
    const own = history.instances.find(({ id }) => id === instance.id);
    expect(history.at_ms.length).toBeGreaterThan(2);
    expect(history.cpu_percent).toHaveLength(history.at_ms.length);
    expect(own?.cpu_percent).toHaveLength(history.at_ms.length);
    expect(own?.memory_bytes.some((bytes) => (bytes ?? 0) > 200 * MIB)).toBe(true);
  });

  it('go away with it, from figures and metrics, while the history remembers', async () => {
    await aikore.api.shutDown(instance.id);
    await waitFor('it is gone', async () => figuresOf(await statsNow(aikore), instance.id) === undefined);
    const samples = await metricsNow(aikore);
    const labels = { instance: 'busy-one' };
    expect(valueOf(samples, 'aikore_instance_memory_bytes', labels)).toBeUndefined();
    expect(valueOf(samples, 'aikore_instance_status', { ...labels, status: 'stopped' })).toBe(1);
    expect((await historyNow(aikore)).instances.map(({ id }) => id)).toEqual([instance.id]);
  });

  it('are measured again from the first look after AiKore was killed and came back', async () => {
    const { id } = await aikore.api.startUp(instance.id);
    await aikore.signal('SIGKILL');
    await delay(6000);
    aikore = await lab.start({}, aikore.dataDir);
    await aikore.api.reaches(id, 'started');
    expect(figuresOf(await statsNow(aikore), id)?.cpu_percent).toBeGreaterThan(10);
    await aikore.stop();
  });
});

describe('GET /metrics', () => {
  it('is for those who may read, in the format that Prometheus asks for', async () => {
    const aikore = await lab.start();
    expect((await aikore.anonymous.send('GET', 'metrics')).status).toBe(401);
    const wish = { name: 'prometheus', scopes: ['read'] };
    const { token } = await aikore.api.expect<CreatedApiToken>(201, 'POST', 'api/auth/tokens', wish);
    const answer = await aikore.anonymous
      .as({ authorization: `Bearer ${token}` })
      .send<string>('GET', 'metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const samples = parseMetrics(answer.body);
    expect(valueOf(samples, 'aikore_machine_memory_total_bytes')).toBeGreaterThan(1e8);
    await aikore.stop();
  });
});
