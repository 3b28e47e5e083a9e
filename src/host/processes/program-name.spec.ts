import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { programName } from './program-name.js';

/** The name of a bash that says what it is called, and was called `argv0`. */
async function nameOf(comm: string, argv0: string): Promise<string> {
  const script = 'printf "$1" > /proc/self/comm; echo named; read -t 30';
  const child = spawn('bash', ['-c', script, 'bash', comm], { argv0, stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    return programName(child.pid ?? 0);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

describe('the name of a program', () => {
  it('is what the kernel calls the process', async () => {
    expect(await nameOf('renderer', '/usr/bin/node')).toBe('renderer');
  });

  it('is not the name that Node gives to a thread', async () => {
    expect(await nameOf('MainThread', '/usr/local/bin/node')).toBe('node');
    expect(await nameOf('MainThread', 'x'.repeat(10_000))).toBe('x'.repeat(15));
    expect(await nameOf('MainThread', '')).toBe('MainThread');
  });

  it('is that of Node in every version of it', async () => {
    const child = spawn(process.execPath, ['-e', 'console.log("up"); setTimeout(() => undefined, 30000)'], {
      argv0: 'node',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(programName(child.pid ?? 0)).toBe('node');
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('is empty for a process that has gone', () => {
    expect(programName(2 ** 30)).toBe('');
  });
});
