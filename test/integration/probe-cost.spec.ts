import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const COUNT = 100;
const SPAN_MS = 20_000;
/** CPU seconds of AiKore over the span. What was measured alone is some tenths of that; the machine may be busy. */
const MOST_WHEN_READY_SECONDS = 3;
const MOST_WHEN_STARTING_SECONDS = 14;
/** Clock ticks a second, which Linux has told programs on every architecture since 2.4 (time(7)). */
const TICKS_PER_SECOND = 100;

jest.setTimeout(180_000);

let aikore: AiKoreProcess;
let ports: number[] = [];

/** Answers on all of the ports in one process, and counts what is asked. */
const SERVER = `
  const { createServer } = require('node:http');
  let count = 0;
  for (const port of process.argv.slice(1))
    createServer((request, response) => { count += 1; response.end('ok'); }).listen(Number(port), '127.0.0.1');
  process.on('message', () => process.send(count));`;

/** User and system time that a process has used (proc(5), fields 14 and 15 of stat). */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function usedWhile(task: () => Promise<unknown>): Promise<number> {
  const before = cpuSeconds(aikore.pid);
  await task();
  return cpuSeconds(aikore.pid) - before;
}

async function countOf(server: ChildProcess): Promise<number> {
  server.send('how many?');
  const [count] = (await once(server, 'message')) as [number];
  return count;
}

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
  for (let index = 0; index < COUNT; index += 1) {
    const { id, port } = await aikore.api.create({ name: `one ${index}`, base_blueprint: 'silent.sh' });
    ports.push(port);
    await aikore.api.command(id, 'start');
  }
  await waitFor(
    'all run',
    async () => (await aikore.api.instances()).every(({ pid }) => pid !== null),
    60_000,
  );
  ports = [...new Set(ports)];
}, 120_000);

describe('probes of a hundred instances', () => {
  it('cost little while none of them listens', async () => {
    const used = await usedWhile(() => sleep(SPAN_MS));
    console.info(`100 starting: ${used.toFixed(2)} CPU seconds in ${SPAN_MS / 1000} s`);
    expect(used).toBeLessThan(MOST_WHEN_STARTING_SECONDS);
  });

  it('cost next to nothing once they are ready, and come every ten seconds', async () => {
    const server = spawn(process.execPath, ['-e', SERVER, ...ports.map(String)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    try {
      await waitFor(
        'all are ready',
        async () => (await aikore.api.instances()).every(({ status }) => status === 'started'),
        60_000,
      );
      const before = await countOf(server);
      const used = await usedWhile(() => sleep(SPAN_MS));
      const asked = (await countOf(server)) - before;
      console.info(`100 ready: ${used.toFixed(2)} CPU seconds and ${asked} requests in ${SPAN_MS / 1000} s`);
      expect(used).toBeLessThan(MOST_WHEN_READY_SECONDS);
      expect(asked).toBeLessThanOrEqual((COUNT * SPAN_MS) / 10_000 + COUNT);
      expect(asked).toBeGreaterThan(0);
    } finally {
      server.kill();
      await once(server, 'exit');
    }
  });
});
