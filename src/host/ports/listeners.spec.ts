import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { portsOfProcessesWith } from './listeners.js';

const PROGRAM = `
  const { createServer } = require('node:net');
  const ports = [];
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const server = createServer().listen(0, host, () => {
      ports.push(server.address().port);
      if (ports.length === 2) console.log(ports.join(' '));
    });
  }`;
const mark = randomUUID();
let child: ChildProcess;
let ports: number[] = [];

beforeAll(async () => {
  const env = { ...process.env, AIKORE_TEST_MARK: mark, SECOND: 'yes' };
  child = spawn(process.execPath, ['-e', PROGRAM], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('there is no output');
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  ports = text
    .toString()
    .trim()
    .split(' ')
    .map(Number)
    .sort((a, b) => a - b);
});
afterAll(() => {
  child.kill('SIGKILL');
});

describe('ports of processes that were started with a variable', () => {
  it('are all that they listen on, whatever the address', async () => {
    expect(ports).toHaveLength(2);
    expect(await portsOfProcessesWith([`AIKORE_TEST_MARK=${mark}`])).toEqual(ports);
  });

  it('are those of processes that have all of the variables, whole', async () => {
    expect(await portsOfProcessesWith([`AIKORE_TEST_MARK=${mark}`, 'SECOND=yes'])).toEqual(ports);
    expect(await portsOfProcessesWith([`AIKORE_TEST_MARK=${mark}`, 'SECOND=no'])).toEqual([]);
    expect(await portsOfProcessesWith([`AIKORE_TEST_MARK=${mark.slice(1)}`])).toEqual([]);
  });
});
