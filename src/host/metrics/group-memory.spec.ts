import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GroupMemory } from './group-memory.js';
import { readMemory } from './machine-metrics.js';

const GIB = 2 ** 30;
const roots: string[] = [];

/** A root with files of the kernel's, by their paths below it. */
function rootWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'aikore-group-'));
  roots.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const secondVersion = (folder: string, limit: string): Record<string, string> => ({
  [`sys/fs/cgroup${folder}/memory.max`]: `${limit}\n`,
  [`sys/fs/cgroup${folder}/memory.current`]: `${2 * GIB}\n`,
  [`sys/fs/cgroup${folder}/memory.stat`]: `anon 7\ninactive_file ${GIB}\nactive_file 5\n`,
});

const firstVersion = (folder: string, limit: number): Record<string, string> => ({
  [`sys/fs/cgroup/memory${folder}/memory.limit_in_bytes`]: `${limit}\n`,
  [`sys/fs/cgroup/memory${folder}/memory.usage_in_bytes`]: `${2 * GIB}\n`,
  [`sys/fs/cgroup/memory${folder}/memory.stat`]: `inactive_file 1\ntotal_inactive_file ${GIB}\n`,
});

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

describe('the memory of a control group', () => {
  it.each([
    ['version 2 in a container', { 'proc/self/cgroup': '0::/\n', ...secondVersion('', String(3 * GIB)) }],
    [
      'version 2 in a service of the machine',
      {
        'proc/self/cgroup': '0::/system.slice/a.service\n',
        ...secondVersion('/system.slice/a.service', String(3 * GIB)),
      },
    ],
    [
      'version 1 in a container, whose path is the machine’s',
      {
        'proc/self/cgroup': '9:cpu:/docker/1\n4:memory:/docker/1\n0::/docker/1\n',
        ...firstVersion('', 3 * GIB),
      },
    ],
    [
      'version 1 with several controllers in one',
      { 'proc/self/cgroup': '4:cpu,memory,name=x:/a\n', ...firstVersion('/a', 3 * GIB) },
    ],
  ])('is read by %s', (_name, files) => {
    expect(new GroupMemory(rootWith(files)).read()).toEqual({ limitBytes: 3 * GIB, usedBytes: GIB });
  });

  it.each([
    ['no limit', { 'proc/self/cgroup': '0::/\n', ...secondVersion('', 'max') }],
    ['no group', { 'proc/self/cgroup': '' }],
    ['no files', { 'proc/self/cgroup': '0::/\n4:memory:/a\n' }],
    ['nothing of the kernel’s', {}],
    ['what cannot be read', { 'proc/self/cgroup': '0::/\n', ...secondVersion('', '-1 or so') }],
  ])('is none where there is %s', (_name, files) => {
    expect(new GroupMemory(rootWith(files)).read()).toBeNull();
  });

  it('counts where it is less than the machine has', () => {
    const machine = readMemory(new GroupMemory(rootWith({})));
    const more = secondVersion('', String(machine.totalBytes * 2));
    expect(readMemory(new GroupMemory(rootWith({ 'proc/self/cgroup': '0::/\n', ...more }))).totalBytes).toBe(
      machine.totalBytes,
    );
    const less = secondVersion('', String(GIB));
    expect(readMemory(new GroupMemory(rootWith({ 'proc/self/cgroup': '0::/\n', ...less })))).toEqual({
      totalBytes: GIB,
      usedBytes: GIB,
    });
  });
});
