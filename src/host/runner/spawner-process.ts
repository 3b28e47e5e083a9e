import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { currentSeparation } from '../processes/separation.js';
import { encodeSpawnRequest } from './spawn-request.js';
import type { SpawnWish } from './spawn-request.js';

/** The spawner ended while a start was under way: what became of that start is not known. */
export class SpawnerGone extends Error {
  override readonly name = 'SpawnerGone';
}

/** A spawner answers within the 10 s that it gives a program; one that was stopped by a signal goes on when told to. */
const WAKE_AFTER_MS = 1000;
const GIVE_UP_AFTER_MS = 15_000;
/** Longer than any answer; more means that it is not a spawner. */
const MAX_PENDING_CHARACTERS = 8192;

interface Start {
  resolve: (line: string) => void;
  reject: (error: Error) => void;
  timers: NodeJS.Timeout[];
}

/** One living `aikore-runner --spawner` and the conversation with it. */
export class SpawnerProcess {
  /** Resolves when it has ended or could not be executed; every start under way has been answered by then. */
  readonly gone: Promise<void>;
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly starts = new Map<number, Start>();
  private count = 0;
  private text = '';
  private isGone = false;

  /** @throws a system error such as ENOMEM */
  constructor(binary: string) {
    // It needs nothing of this process's environment, which may hold secrets that /proc would show.
    this.child = spawn(binary, ['--spawner'], {
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.child.unref();
    this.gone = new Promise((resolve) => {
      // Not the end of its stdout: only after the exit has the kernel ended those of its children that die with it.
      const onEnd = (): void => {
        this.end();
        resolve();
      };
      this.child.once('exit', onEnd);
      this.child.once('error', onEnd);
    });
    if (this.pid === null) return; // without a descriptor to give, there are no streams either; 'error' follows
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.read(text));
    // The exit tells.
    for (const stream of [this.child.stdin, this.child.stdout]) stream.on('error', () => undefined);
  }

  get pid(): number | null {
    return this.isGone ? null : (this.child.pid ?? null);
  }

  /**
   * @returns the first line that the program printed
   * @throws SpawnerGone
   */
  start(wish: SpawnWish): Promise<string> {
    const id = (this.count += 1);
    const request = encodeSpawnRequest(id, wish, currentSeparation()?.user ?? null);
    if (this.pid === null) return Promise.reject(new SpawnerGone('The spawner is gone.'));
    return new Promise((resolve, reject) => {
      const wake = setTimeout(() => this.child.kill('SIGCONT'), WAKE_AFTER_MS);
      const giveUp = setTimeout(() => this.child.kill('SIGKILL'), GIVE_UP_AFTER_MS);
      this.starts.set(id, { resolve, reject, timers: [wake, giveUp] });
      this.child.stdin.write(request);
    });
  }

  /** Lets it end; what it has started goes on. */
  close(): void {
    if (this.pid === null) return;
    this.child.kill('SIGCONT');
    this.child.stdin.end();
  }

  private read(text: string): void {
    const lines = (this.text + text).split('\n');
    this.text = lines.pop() ?? '';
    for (const line of lines) this.answer(line);
    if (this.text.length > MAX_PENDING_CHARACTERS) this.child.kill('SIGKILL');
  }

  private answer(line: string): void {
    const [, id = '', said = ''] = /^(\d+) (.*)$/.exec(line) ?? [];
    const start = this.take(Number(id));
    start?.resolve(said);
  }

  private take(id: number): Start | undefined {
    const start = this.starts.get(id);
    this.starts.delete(id);
    for (const timer of start?.timers ?? []) clearTimeout(timer);
    return start;
  }

  private end(): void {
    this.isGone = true;
    for (const id of [...this.starts.keys()])
      this.take(id)?.reject(new SpawnerGone('The spawner ended in the middle of a start.'));
  }
}
