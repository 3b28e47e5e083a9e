import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SOURCE = resolve(import.meta.dirname, '../fixtures/crash/crash-points.c');
const MODES = { off: 0, count: 1, before: 2, after: 3 } as const;
const CONTROL_BYTES = 4096;

export type CrashSide = 'before' | 'after';

/** A library that ends AiKore at a chosen system call (see test/fixtures/crash/crash-points.c). */
export class CrashPoints {
  private constructor(
    private readonly library: string,
    private readonly control: string,
    private readonly trace: string,
  ) {}

  /** @param folder for the library and what it speaks through @throws Error with what the compiler said */
  static compile(folder: string): CrashPoints {
    const library = join(folder, 'crash-points.so');
    const compiler = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-Wall', '-o', library, SOURCE, '-ldl']);
    if (compiler.status !== 0) throw new Error(`cc: ${compiler.stderr.toString()}`);
    const points = new CrashPoints(library, join(folder, 'crash-control'), join(folder, 'crash-trace'));
    writeFileSync(points.control, Buffer.alloc(CONTROL_BYTES));
    return points;
  }

  /** For the environment of an AiKore that shall die. */
  get env(): Record<string, string> {
    return {
      LD_PRELOAD: this.library,
      CRASH_POINTS_PROGRAM: 'node',
      CRASH_POINTS_CONTROL: this.control,
      CRASH_POINTS_TRACE: this.trace,
    };
  }

  /** Counts from now on. */
  count(): void {
    writeFileSync(this.trace, '');
    this.write('count', 0);
  }

  /** AiKore dies before or after the call of that number, counted from now. */
  arm(side: CrashSide, number: number): void {
    writeFileSync(this.trace, '');
    this.write(side, number);
  }

  /** Counts no longer. @returns how many calls were seen */
  disarm(): number {
    const seen = readFileSync(this.control).readInt32LE(8);
    this.write('off', 0);
    return seen;
  }

  /** The last calls that were seen, for the report of a failure. */
  lastCalls(): string {
    return readFileSync(this.trace, 'utf8').trimEnd().split('\n').slice(-4).join(' | ');
  }

  /** Written in place: the library has the file mapped. */
  private write(mode: keyof typeof MODES, target: number): void {
    const bytes = Buffer.alloc(12);
    bytes.writeInt32LE(target, 4);
    bytes.writeInt32LE(MODES[mode], 0);
    writeFileSync(this.control, bytes, { flag: 'r+' });
  }
}
