import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A stand-in for a driver that this machine lacks: prints what it is told, or hangs, and notes every call. */
export class FakeNvidiaSmi {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** For `AiKoreProcess`'s environment. */
  get env(): Record<string, string> {
    return { PATH: `${this.folder}:${process.env['PATH'] ?? ''}` };
  }

  /** Lines without units, as `--format=csv,noheader,nounits` has them. */
  answers(cards: string[], processes: string[] = []): void {
    const print = (lines: string[]) => `cat <<'END'\n${lines.join('\n')}\nEND`;
    this.does(`case "$1" in *compute-apps*)\n${print(processes)}\n;; *)\n${print(cards)}\n;; esac`);
  }

  hangs(): void {
    this.does('sleep 1000');
  }

  fails(words: string, code: number): void {
    this.does(`echo ${JSON.stringify(words)}\nexit ${code}`);
  }

  /** Times of the calls that asked for cards, in seconds. */
  get calls(): number[] {
    const file = join(this.folder, 'calls');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    return lines.filter((line) => line.includes('query-gpu')).map((line) => Number(line.split(' ')[0]));
  }

  private does(body: string): void {
    const next = join(this.folder, 'next');
    writeFileSync(next, `#!/bin/sh\necho "$(date +%s.%N) $1" >> ${this.folder}/calls\n${body}\n`);
    chmodSync(next, 0o755);
    renameSync(next, join(this.folder, 'nvidia-smi'));
  }
}
