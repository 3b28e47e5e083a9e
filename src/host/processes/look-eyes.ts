import type { Descriptor, ProcessEyes } from './process-eyes.js';
import { runProgram } from './run-program.js';

const LOOK_LIMIT_MS = 10_000;
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** An application may end the one that looks, since both have its user. */
const TRIES = 3;
/** The last word of an answer that nobody has cut off. */
const END = 'end';

/**
 * Lets a program of the applications' user look, since the kernel shows to AiKore's what a process has open, and what it
 * was started with, only of its own. What it says was said among applications: only words to be checked, no proof.
 */
export class LookEyes implements ProcessEyes {
  /**
   * @param binary of the runner, which can look
   * @param own sees the processes of AiKore's own user
   */
  constructor(
    private readonly binary: string,
    private readonly own: ProcessEyes,
  ) {}

  async startedWith(assignments: readonly string[]): Promise<number[]> {
    return (await this.ask('started', ...assignments)).map(Number);
  }

  async variableOf(pid: number, name: string): Promise<string | null> {
    return (await this.ask('variable', String(pid), name))[0] ?? null;
  }

  async descriptorsOf(pids: readonly number[]): Promise<Descriptor[]> {
    if (pids.length === 0) return [];
    return toDescriptors(await this.ask('descriptors', ...pids.map(String)));
  }

  async outputs(): Promise<Descriptor[]> {
    return toDescriptors(await this.ask('outputs'));
  }

  async holderOf(target: string): Promise<number | null> {
    const own = await this.own.holderOf(target);
    if (own !== null) return own;
    const all = toDescriptors(await this.ask('descriptors'));
    return all.find((descriptor) => descriptor.target === target)?.pid ?? null;
  }

  /** @throws Error when nobody could look */
  private async ask(...question: string[]): Promise<string[]> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { stdout } = await runProgram({
        program: this.binary,
        args: ['--look', ...question],
        env: {},
        timeoutMs: LOOK_LIMIT_MS,
        maxOutputBytes: MAX_ANSWER_BYTES,
      });
      const entries = stdout.split('\0').slice(0, -1);
      if (entries.pop() === END) return entries;
    }
    throw new Error(
      "The processes of applications cannot be looked at: what looks at them doesn't come to its end.",
    );
  }
}

function toDescriptors(entries: readonly string[]): Descriptor[] {
  return entries.flatMap((entry) => {
    const [, pid, number, target] = /^(\d+) (\d+) ([^]*)$/.exec(entry) ?? [];
    return target === undefined ? [] : [{ pid: Number(pid), number: Number(number), target }];
  });
}
