import { join } from 'node:path';
import { readProcText } from './proc-text.js';

/** Memory that a group of processes may use, and uses. */
export interface GroupFigures {
  limitBytes: number;
  usedBytes: number;
}

/** Where the kernel shows the memory of a group, by the version of its interface (cgroups(7)). */
interface GroupFiles {
  limit: string;
  usage: string;
  stat: string;
  /** In `stat`: cache that is given back before anything is ended for want of memory. */
  cacheKey: string;
}

/**
 * The memory of the control group that this process is in, as `docker run --memory` and pods limit it: there /proc/meminfo
 * goes on telling of the whole machine, while the kernel ends processes at the limit.
 */
export class GroupMemory {
  private readonly files: GroupFiles | null;

  /** @param root where /proc and /sys lie */
  constructor(root = '/') {
    const groups = readProcText(join(root, 'proc/self/cgroup')) ?? '';
    this.files = candidates(groups, join(root, 'sys/fs/cgroup')).find(({ limit }) => isThere(limit)) ?? null;
  }

  /** @returns null where nothing is limited */
  read(): GroupFigures | null {
    if (this.files === null) return null;
    const limitBytes = readNumber(this.files.limit);
    const usage = readNumber(this.files.usage);
    if (limitBytes === null || usage === null) return null;
    const stat = readProcText(this.files.stat) ?? '';
    const cacheBytes = Number(new RegExp(`^${this.files.cacheKey} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0);
    // What `docker stats` calls used, too.
    return { limitBytes, usedBytes: Math.min(limitBytes, Math.max(0, usage - cacheBytes)) };
  }
}

/** In a container the group's own path may be none of what is mounted there: its files lie at the root then. */
function candidates(groups: string, mount: string): GroupFiles[] {
  const pathOf = (pattern: RegExp): string | null => pattern.exec(groups)?.[1] ?? null;
  const first = pathOf(/^\d+:(?:[\w=]+,)*memory(?:,[\w=]+)*:(\/.*)$/m);
  const second = pathOf(/^0::(\/.*)$/m);
  return [
    ...(first === null ? [] : [first, '/'].map((path) => firstVersion(join(mount, 'memory', path)))),
    ...(second === null ? [] : [second, '/'].map((path) => secondVersion(join(mount, path)))),
  ];
}

const firstVersion = (folder: string): GroupFiles => ({
  limit: join(folder, 'memory.limit_in_bytes'),
  usage: join(folder, 'memory.usage_in_bytes'),
  stat: join(folder, 'memory.stat'),
  cacheKey: 'total_inactive_file',
});

const secondVersion = (folder: string): GroupFiles => ({
  limit: join(folder, 'memory.max'),
  usage: join(folder, 'memory.current'),
  stat: join(folder, 'memory.stat'),
  cacheKey: 'inactive_file',
});

const isThere = (path: string): boolean => readProcText(path) !== null;

/** Null for `max` as well, which is no limit. */
function readNumber(path: string): number | null {
  const text = readProcText(path)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}
