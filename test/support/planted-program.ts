import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program that writes down as whom, and with what environment, it was run. */
export class PlantedProgram {
  readonly file: string;

  /**
   * @param folder into which every user can write
   * @param words shell commands that it runs afterwards
   */
  constructor(folder: string, name: string, words = 'exit 0') {
    this.file = join(folder, name);
    writeFileSync(this.file, `#!/bin/sh\nid -u >>${this.file}.uids\nenv >>${this.file}.env\n${words}\n`);
    chmodSync(this.file, 0o755);
  }

  /** Every user as whom it was run. */
  get uids(): number[] {
    const file = `${this.file}.uids`;
    return existsSync(file) ? [...new Set(readFileSync(file, 'utf8').trim().split('\n').map(Number))] : [];
  }

  get environment(): string {
    return readFileSync(`${this.file}.env`, 'utf8');
  }
}
