import { spawn } from 'node:child_process';
import type { Relocation } from '../domain/transfer-job.js';
import type { BytePath } from '../../../host/files/byte-path.js';
import { toText } from '../../../host/files/byte-path.js';
import { TransferFailed } from './failure.js';

const MAX_ERROR_LENGTH = 2000;

/**
 * Has the paths inside of an environment rewritten for the place that it will have.
 * @param home where the tree lies now
 * @param environment relative to it
 * @throws TransferFailed with what the helper said
 */
export async function relocate(relocation: Relocation, home: string, environment: BytePath): Promise<void> {
  const path = toText(environment);
  // What no text names holds no text that names it.
  if (path === null) return;
  const { python, helper, from, to } = relocation;
  const args = ['-I', '-S', helper, `${from}/${path}`, `${to}/${path}`, `${home}/${path}`];
  const { code, said } = await run(python, args);
  if (code !== 0) throw new TransferFailed('internal', `the environment could not be relocated: ${said}`);
}

function run(program: string, args: readonly string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-MAX_ERROR_LENGTH);
    });
    child.once('error', (error) => resolve({ code: null, said: error.message }));
    child.once('close', (code) => resolve({ code, said }));
  });
}
