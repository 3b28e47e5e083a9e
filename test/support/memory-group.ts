import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A control group with little memory, below this process's own; version 1 or 2, see cgroups(7). */
export class MemoryGroup {
  private constructor(readonly path: string) {}

  /** @returns the reason, as a text, where this machine or this user cannot have one */
  static create(name: string, limitBytes: number): MemoryGroup | string {
    const own = ownGroup();
    if (own === null) return 'no memory controller is in reach';
    const path = join(own.path, name);
    try {
      mkdirSync(path);
      for (const [file, value] of own.limits(limitBytes)) writeLimit(join(path, file), value);
      return new MemoryGroup(path);
    } catch (error) {
      if (existsSync(path)) rmdirSync(path);
      return String(error);
    }
  }

  /** A command that executes what follows it inside the group. */
  get wrapper(): string[] {
    return ['sh', '-c', 'echo $$ >"$0"/cgroup.procs && exec "$@"', this.path];
  }

  remove(): void {
    rmdirSync(this.path);
  }
}

function ownGroup(): { path: string; limits: (bytes: number) => [string, string][] } | null {
  const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\n');
  const group = (prefix: RegExp) => lines.find((line) => prefix.test(line))?.replace(prefix, '');
  const v1 = join('/sys/fs/cgroup/memory', group(/^\d+:memory:/) ?? '');
  const swap = 'memory.memsw.limit_in_bytes';
  if (existsSync(join(v1, 'memory.limit_in_bytes'))) {
    return {
      path: v1,
      limits: (bytes) => [
        ['memory.limit_in_bytes', String(bytes)],
        [swap, String(bytes)],
      ],
    };
  }
  const v2 = join('/sys/fs/cgroup', group(/^0::/) ?? '');
  if (!existsSync(join(v2, 'cgroup.subtree_control'))) return null;
  return {
    path: v2,
    limits: (bytes) => [
      ['memory.max', String(bytes)],
      ['memory.swap.max', '0'],
    ],
  };
}

/** A machine that counts no swap has no limit for it. */
function writeLimit(file: string, value: string): void {
  if (file.includes('sw') && !existsSync(file)) return;
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  writeFileSync(file, value);
}
