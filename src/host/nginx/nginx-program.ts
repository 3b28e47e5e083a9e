import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { runProgram } from '../processes/run-program.js';

const RUN_LIMIT_MS = 20_000;
const MAX_OUTPUT_BYTES = 64 * 1024;

/** NGINX as a program, in a folder of its own where all its files are. */
export class NginxProgram {
  /** @param folder an absolute, real path */
  constructor(
    readonly binary: string,
    readonly folder: string,
  ) {}

  /** `1.22.1`, or null when the program does not say. */
  async version(): Promise<string | null> {
    const { stderr } = await this.run(['-v']);
    return /nginx\/(\d+(?:\.\d+)+)/.exec(stderr)?.[1] ?? null;
  }

  /**
   * Lets NGINX read a configuration without using it.
   * @param file its name in the folder
   * @returns null when it is fine, else NGINX's words about what is not
   */
  async check(file: string): Promise<string | null> {
    const { ending, exitCode, stderr } = await this.run(['-t', '-q', ...this.words(file, 'stderr')]);
    if (ending === 'ended' && exitCode === 0) return null;
    return complaint(stderr) ?? (ending === 'absent' ? 'the program cannot be executed' : `it ${ending}`);
  }

  /** Starts it in the foreground of a session of its own, so that it outlives this process. */
  start(file: string, errorLog: string): ChildProcess {
    const child = spawn(this.binary, this.words(file, join(this.folder, errorLog)), {
      cwd: this.folder,
      env: {},
      detached: true,
      stdio: 'ignore',
    });
    child.unref();
    return child;
  }

  private words(file: string, errorLog: string): string[] {
    return ['-p', `${this.folder}/`, '-c', join(this.folder, file), '-e', errorLog];
  }

  private run(args: string[]) {
    return runProgram({
      program: this.binary,
      args,
      env: {},
      cwd: this.folder,
      timeoutMs: RUN_LIMIT_MS,
      maxOutputBytes: MAX_OUTPUT_BYTES,
    });
  }
}

/** The last serious line of NGINX's, without its time, its process and the path of its file. */
export function complaint(log: string): string | null {
  const lines = log.split('\n').filter((line) => /\[(?:emerg|alert|crit)\]|nginx: /.test(line));
  const serious = lines.filter((line) => line.includes('[emerg]'));
  const line = serious.at(-1) ?? lines.at(-1);
  if (line === undefined) return null;
  return line
    .replace(/^.*?\[(?:emerg|alert|crit)\] (?:\d+#\d+: )?/, '')
    .replace(/ in \/\S*\/([^/\s]+:\d+)$/, ' ($1)')
    .trim();
}
