/** An open descriptor: `socket:[4711]`, `pipe:[4712]`, or a path. */
export interface Descriptor {
  pid: number;
  number: number;
  target: string;
}

/**
 * What the kernel shows of a process to its own user alone: the environment that it was started with, and what it has
 * open. Reads about every process: for messages and for what is missing, not for loops.
 */
export interface ProcessEyes {
  /** Pids of processes other than this one that were started with all of these variables (`NAME=value`). */
  startedWith(assignments: readonly string[]): Promise<number[]>;
  /** Value of a variable that a process was started with; null when it has none of that name, or cannot be read. */
  variableOf(pid: number, name: string): Promise<string | null>;
  /** What these processes have open, as far as it can be read. */
  descriptorsOf(pids: readonly number[]): Promise<Descriptor[]>;
  /** What every other process has as stdout and stderr, as far as it can be read. */
  outputs(): Promise<Descriptor[]>;
  /** Somebody who has this open; null when nobody is seen to. */
  holderOf(target: string): Promise<number | null>;
}
