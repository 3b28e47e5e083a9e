import { spawnSync } from 'node:child_process';
import { setPriority } from 'node:os';
import type { TransferJob } from '../domain/transfer-job.js';
import { clone } from './clone.js';
import { failureOf } from './failure.js';
import { packArchive } from './pack-archive.js';
import { Reporter } from './reporter.js';
import { unpackArchive } from './unpack-archive.js';

const LOW_PRIORITY = 10;

/**
 * The program that touches the bytes of instances. Its job is the first line of its standard input; when that ends
 * AiKore is no more, and so are this program and all that it has started, before anybody begins to tidy up after it.
 */
export async function runWorker(): Promise<void> {
  giveWay();
  const reporter = new Reporter((line) => process.stdout.write(line));
  try {
    await carryOut(await receiveJob(), reporter);
    reporter.close();
    reporter.say({ type: 'done' });
  } catch (error) {
    reporter.close();
    reporter.say({ type: 'failed', ...failureOf(error) });
  }
  // AiKore keeps standard input open until it has heard.
  process.stdin.destroy();
}

/** Instances come first. Before anything is read: threads that are begun later get the same rank. */
function giveWay(): void {
  try {
    setPriority(LOW_PRIORITY);
    spawnSync('ionice', ['-c', '3', '-p', String(process.pid)], { stdio: 'ignore' });
  } catch {
    // It works at the usual rank, too.
  }
}

function receiveJob(): Promise<TransferJob> {
  return new Promise((resolve, reject) => {
    let text = '';
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', (piece: string) => {
      text += piece;
      const end = text.indexOf('\n');
      if (end === -1) return;
      try {
        resolve(JSON.parse(text.slice(0, end)) as TransferJob);
      } catch (error) {
        reject(error instanceof Error ? error : new Error('no job'));
      }
    });
    process.stdin.once('end', endAll);
    process.stdin.once('error', endAll);
  });
}

/** With the helper that it may be waiting for: they are one process group. */
function endAll(): void {
  try {
    process.kill(0, 'SIGKILL');
  } catch {
    process.exit(1);
  }
}

function carryOut(job: TransferJob, reporter: Reporter): Promise<void> {
  switch (job.kind) {
    case 'clone':
      return clone(job, reporter);
    case 'export':
      return packArchive(job, reporter);
    case 'import':
      return unpackArchive(job, reporter);
  }
}

await runWorker();
