import { once } from 'node:events';
import { join } from 'node:path';
import { runProgram } from '../processes/run-program.js';
import { startProgram } from '../processes/start-program.js';
import type { RunnerStarter } from '../runner/runner-launcher.js';

const RUN_LIMIT_MS = 20_000;
const MAX_OUTPUT_BYTES = 64 * 1024;

/**
 * What a starter runs: says its pid, goes on living when the starter ends (which util-linux has a word for), and becomes
 * the program. The folder first, then the program and its arguments.
 */
const LAUNCH = `command -v setpriv >/dev/null || exit
cd "$1" && shift && echo "started pid=$$" && exec >/dev/null && exec setpriv --pdeathsig clear "$@"`;
const LAUNCH_PATH = '/usr/bin:/bin';

/** NGINX as a program, in a folder of its own where all its files are. */
export class NginxProgram {
  /**
   * @param folder an absolute, real path
   * @param starter whose child NGINX is to be, and with it the workers of one that was killed: this process may be the
   *   first of a container, and Node reaps no strangers
   */
  constructor(
    readonly binary: string,
    readonly folder: string,
    private readonly starter: RunnerStarter | null = null,
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

  /**
   * Starts it in the foreground of a session of its own, so that it outlives this process.
   * @returns its pid, or null when it cannot be executed
   */
  async start(file: string, errorLog: string): Promise<number | null> {
    const command = [this.binary, ...this.words(file, join(this.folder, errorLog))];
    return (await this.startByStarter(command)) ?? this.startDirectly(command);
  }

  private async startByStarter(command: string[]): Promise<number | null> {
    const argv = ['/bin/sh', '-c', LAUNCH, 'nginx', this.folder, ...command];
    const line = await this.starter?.start({ argv, env: { PATH: LAUNCH_PATH }, as: 'own' }).catch(() => '');
    const pid = /^started pid=(\d+)$/.exec(line ?? '')?.[1];
    return pid === undefined ? null : Number(pid);
  }

  private async startDirectly([program = '', ...args]: string[]): Promise<number | null> {
    const order = { program, args, env: {}, cwd: this.folder, stdio: 'ignore', as: 'own' } as const;
    const child = startProgram(order);
    child.unref();
    const isStarted = await once(child, 'spawn').then(
      () => true,
      () => false,
    );
    return isStarted ? (child.pid ?? null) : null;
  }

  private words(file: string, errorLog: string): string[] {
    return ['-p', `${this.folder}/`, '-c', join(this.folder, file), '-e', errorLog];
  }

  private run(args: string[]) {
    return runProgram({
      program: this.binary,
      args,
      env: {},
      as: 'own',
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
