import { describe, expect, it } from '@jest/globals';
import type { Gpu } from '../../contracts/system.js';
import type { GpuReading, GpuSource } from '../../host/gpu/gpu-source.js';
import { GpuMonitor } from './gpu-monitor.js';

const gpu = (vendor: 'nvidia' | 'amd', index: number) =>
  ({
    index,
    vendor,
    uuid: `${vendor}-${index}`,
    problem: null,
    memory_used_bytes: 1,
    is_selectable: true,
  }) as Gpu;

class FakeSource implements GpuSource {
  asked = 0;
  isClosed = false;

  constructor(public answer: GpuReading | Promise<GpuReading>) {}

  async read(): Promise<GpuReading> {
    this.asked += 1;
    return this.answer;
  }

  close(): void {
    this.isClosed = true;
  }
}

const of = (...gpus: Gpu[]) => new FakeSource({ gpus, processes: [] });

describe('the GPUs of a machine', () => {
  it('have one number each; a mask names the first vendor that is there', async () => {
    const both = new GpuMonitor([of(gpu('nvidia', 0), gpu('nvidia', 2)), of(gpu('amd', 0))]);
    const shown = (gpus: Gpu[]) => gpus.map(({ uuid, index, is_selectable }) => [uuid, index, is_selectable]);
    expect(shown(await both.read())).toEqual([
      ['nvidia-0', 0, true],
      ['nvidia-2', 2, true],
      ['amd-0', 3, false],
    ]);
    expect(shown(await new GpuMonitor([of(), of(gpu('amd', 0))]).read())).toEqual([['amd-0', 0, true]]);
  });

  it('are asked for again when figures are old, rarely when there are none', async () => {
    let nowMs = 0;
    const some = of(gpu('nvidia', 0));
    const none = of();
    const monitor = new GpuMonitor([some, none], undefined, () => nowMs);
    await monitor.read();
    nowMs = 1000;
    await monitor.read();
    expect([some.asked, none.asked]).toEqual([1, 1]);
    nowMs = 2000;
    await monitor.read();
    expect([some.asked, none.asked]).toEqual([2, 1]);
    nowMs = 60_000;
    await monitor.read();
    expect([some.asked, none.asked]).toEqual([3, 2]);
  });

  it('are not waited for when a driver hangs, and lose their figures after a while', async () => {
    let nowMs = 0;
    const source = of(gpu('nvidia', 0));
    const monitor = new GpuMonitor([source], undefined, () => nowMs);
    await monitor.read();
    source.answer = new Promise(() => undefined);
    nowMs = 2000;
    const began = performance.now();
    expect(await monitor.read()).toMatchObject([{ problem: null }]);
    expect(performance.now() - began).toBeLessThan(2000);
    nowMs = 20_000;
    expect(await monitor.read()).toMatchObject([
      { problem: 'The driver does not answer.', memory_used_bytes: null },
    ]);
    expect(monitor.latestProcesses).toBeNull();
    expect(source.asked).toBe(2);
  });

  it('tell once when they are others', async () => {
    let nowMs = 0;
    let told = 0;
    const source = of(gpu('nvidia', 0));
    const monitor = new GpuMonitor(
      [source],
      () => (told += 1),
      () => nowMs,
    );
    await monitor.read();
    nowMs = 5000;
    await monitor.read();
    expect(told).toBe(1);
    source.answer = { gpus: [gpu('nvidia', 0), gpu('nvidia', 1)], processes: [] };
    nowMs = 10_000;
    await monitor.read();
    expect(told).toBe(2);
    monitor.close();
    expect(source.isClosed).toBe(true);
  });
});
