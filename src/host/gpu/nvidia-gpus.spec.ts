import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Backoff } from './backoff.js';
import { NvidiaGpus } from './nvidia-gpus.js';

const CARDS = `0, GPU-a, 81559, 1024, 37, 41, 118.27, Disabled, NVIDIA H100
1, GPU-b, 81559, 0, 0, 35, 70.00, Disabled, NVIDIA H100`;

let folder: string;
let nowMs: number;
let nvidia: NvidiaGpus;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aikore-smi-'));
  nowMs = 0;
  const backoff = new Backoff(10_000, 40_000, () => nowMs);
  nvidia = new NvidiaGpus(`/nowhere:${folder}`, 400, backoff);
});

afterEach(() => {
  nvidia.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A stand-in that notes every call, then does what it is told. */
function install(body: string): void {
  const script = `#!/bin/sh\necho $$ >> ${folder}/calls\n${body}\n`;
  writeFileSync(join(folder, 'nvidia-smi'), script, { mode: 0o755 });
}

const print = (text: string) => `cat <<'END'\n${text}\nEND`;
const pids = () =>
  existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];
const living = () => pids().filter((pid) => existsSync(`/proc/${pid}`));

describe('a machine', () => {
  it('without nvidia-smi has no card and starts nothing', async () => {
    await expect(nvidia.read(true)).resolves.toEqual({ gpus: [], processes: [] });
  });

  it('whose driver is not loaded has no card', async () => {
    install(
      `${print("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.")}\nexit 9`,
    );
    await expect(nvidia.read(true)).resolves.toEqual({ gpus: [], processes: [] });
    expect(pids()).toHaveLength(1);
  });

  it('tells of its cards, and of two hundred processes when that is wanted', async () => {
    const processes = Array.from({ length: 200 }, (_, index) => `${1000 + index}, GPU-a, 10`).join('\n');
    install(`case "$1" in *compute-apps*) ${print(processes)}\n;; *) ${print(CARDS)}\n;; esac`);
    const alone = await nvidia.read(false);
    expect(alone.gpus.map(({ index, uuid }) => [index, uuid])).toEqual([
      [0, 'GPU-a'],
      [1, 'GPU-b'],
    ]);
    expect(alone.processes).toEqual([]);
    expect(pids()).toHaveLength(1);
    expect((await nvidia.read(true)).processes).toHaveLength(200);
  });

  it('with an old driver is asked without the field that it refuses', async () => {
    install(`case "$1" in *mig*) echo 'Field "mig.mode.current" is not a valid field to query.'; exit 2;; esac
${print('0, GPU-a, 8000, 10, 1, 30, 20.0, Tesla K80')}`);
    expect((await nvidia.read(false)).gpus).toMatchObject([{ name: 'Tesla K80', is_mig: false }]);
    await nvidia.read(false);
    expect(pids()).toHaveLength(3);
  });
});

describe('cards that were seen once', () => {
  beforeEach(async () => {
    install(print(CARDS));
    await nvidia.read(false);
  });

  it('stay, without figures, when the driver fails', async () => {
    install(
      `${print('Unable to determine the device handle for GPU0000:65:00.0: GPU is lost.\u001b[2J')}\nexit 15`,
    );
    const { gpus, processes } = await nvidia.read(true);
    expect(gpus).toMatchObject([
      { uuid: 'GPU-a', memory_total_bytes: 81559 * 1024 * 1024, memory_used_bytes: null, power_watts: null },
      { uuid: 'GPU-b' },
    ]);
    expect(gpus[0]?.problem).toMatch(/GPU is lost\. \[2J$/);
    expect(processes).toBeNull();
  });

  it('stay when one is not listed any more, and come back', async () => {
    install(print(CARDS.split('\n')[1] ?? ''));
    expect((await nvidia.read(false)).gpus).toMatchObject([
      { uuid: 'GPU-a', memory_used_bytes: null },
      { uuid: 'GPU-b', problem: null },
    ]);
    install(print(CARDS));
    expect((await nvidia.read(false)).gpus.map(({ problem }) => problem)).toEqual([null, null]);
  });

  it('stay while the driver hangs; it is killed, and asked again after pauses that grow', async () => {
    install('sleep 1000');
    const began = performance.now();
    const { gpus } = await nvidia.read(true);
    expect(performance.now() - began).toBeLessThan(3000);
    expect(gpus.map(({ problem }) => problem)).toEqual(Array(2).fill('The NVIDIA driver does not answer.'));
    while (living().length > 0) await delay(10);
    const calls = pids().length;
    await nvidia.read(true);
    nowMs = 9999;
    await nvidia.read(true);
    expect(pids()).toHaveLength(calls);
    nowMs = 10_000;
    await nvidia.read(true);
    nowMs = 29_999;
    await nvidia.read(true);
    expect(pids()).toHaveLength(calls + 1);
    while (living().length > 0) await delay(10);
    nowMs = 30_000;
    install(print(CARDS));
    expect((await nvidia.read(false)).gpus[0]?.problem).toBeNull();
  });

  it('are not asked for twice at once', async () => {
    install(`sleep 0.2\n${print(CARDS)}`);
    const calls = pids().length;
    await Promise.all([nvidia.read(false), nvidia.read(false), nvidia.read(false)]);
    expect(pids()).toHaveLength(calls + 1);
  });

  it('are not lost to a program that prints for ever', async () => {
    install('exec yes');
    expect((await nvidia.read(false)).gpus).toHaveLength(2);
    while (living().length > 0) await delay(10);
  });
});
