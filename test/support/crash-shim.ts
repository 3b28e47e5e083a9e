import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SOURCE = resolve(import.meta.dirname, '../fixtures/original/crash-at.c');

/** A call that changes what is on the disk. */
export interface DiskCall {
  name: string;
  path: string;
}

/** Ends AiKore before a chosen call that changes something on the disk, without a hook in the product. */
export class CrashShim {
  private readonly library: string;

  /** @param folder for the compiled library */
  constructor(private readonly folder: string) {
    this.library = join(folder, 'crash-at.so');
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', this.library, SOURCE, '-ldl']);
  }

  /** Environment of an AiKore that notes its calls on paths that contain a text. */
  tracing(path: string, traceName: string): Record<string, string> {
    return { LD_PRELOAD: this.library, CRASH_PATH: path, CRASH_TRACE: join(this.folder, traceName) };
  }

  /** Environment of an AiKore that is ended before the call of that number, counted from 1. */
  endingAt(path: string, number: number): Record<string, string> {
    return { LD_PRELOAD: this.library, CRASH_PATH: path, CRASH_AT: String(number) };
  }

  trace(traceName: string): DiskCall[] {
    const file = join(this.folder, traceName);
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ name: line.slice(0, line.indexOf(' ')), path: line.slice(line.indexOf(' ') + 1) }));
  }
}
