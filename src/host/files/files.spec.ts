import { afterAll, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeUnfinishedFiles, writeFileAtomically } from './atomic-write.js';
import { exists } from './exists.js';
import { isInside, resolveInside } from './inside.js';
import { moveTree } from './move.js';
import { openRegularFile, readSmallFile } from './regular-file.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'aikore-files-')));
const at = (...segments: string[]) => join(root, ...segments);
afterAll(() => rmSync(root, { recursive: true }));

describe('writing a file whole', () => {
  it('replaces what was there, with the mode that is wanted, and leaves nothing else', async () => {
    mkdirSync(at('whole'));
    await writeFileAtomically(at('whole', 'x'), 'old', 0o755);
    expect(statSync(at('whole', 'x')).mode & 0o700).toBe(0o700);
    await writeFileAtomically(at('whole', 'x'), Buffer.from([0, 255]));
    expect(readFileSync(at('whole', 'x'))).toEqual(Buffer.from([0, 255]));
    expect(readdirSync(at('whole'))).toEqual(['x']);
  });

  it('replaces a link instead of writing through it', async () => {
    writeFileSync(at('target'), 'untouched');
    symlinkSync(at('target'), at('link'));
    await writeFileAtomically(at('link'), 'new');
    expect(readFileSync(at('target'), 'utf8')).toBe('untouched');
    expect(readFileSync(at('link'), 'utf8')).toBe('new');
  });

  it('leaves the old content and no litter when it fails', async () => {
    mkdirSync(at('kept', 'x'), { recursive: true });
    await expect(writeFileAtomically(at('kept', 'x'), 'new')).rejects.toThrow();
    expect(readdirSync(at('kept'))).toEqual(['x']);
    await expect(writeFileAtomically(at('nowhere', 'x'), 'new')).rejects.toThrow(/ENOENT/);
  });
});

describe('what a writer that was killed left behind', () => {
  it('is removed, and nothing else', async () => {
    const id = '01234567-89ab-4cde-8f01-23456789abcd';
    mkdirSync(at('leftovers'));
    const names = [`launch.sh.aikore-${id}.tmp`, `launch.sh.${id}.tmp`, 'launch.sh', 'aikore.tmp'];
    for (const name of names) writeFileSync(at('leftovers', name), 'x');
    await removeUnfinishedFiles(at('leftovers'));
    expect(readdirSync(at('leftovers')).sort()).toEqual(names.slice(1).sort());
    await removeUnfinishedFiles(at('not there'));
  });
});

describe('a path below a root', () => {
  it.each([
    ['', true],
    ['a', true],
    ['a/b', true],
    ['..a', true],
    ['a/..', true],
    ['..', false],
    ['../x', false],
    ['a/../../x', false],
    ['/etc', false],
  ])('%j lies inside: %j', async (path, isIn) => {
    mkdirSync(at('room'), { recursive: true });
    expect(isInside(at('room'), join(path.startsWith('/') ? '/' : at('room'), path))).toBe(isIn);
    expect((await resolveInside(at('room'), path)) !== null).toBe(isIn);
  });

  it('is not led out by links, whether its end exists or not', async () => {
    mkdirSync(at('yard', 'folder'), { recursive: true });
    mkdirSync(at('outside'));
    symlinkSync(at('outside'), at('yard', 'gate'));
    symlinkSync(at('yard', 'folder'), at('yard', 'door'));
    expect(await resolveInside(at('yard'), 'gate')).toBeNull();
    expect(await resolveInside(at('yard'), 'gate/new/file')).toBeNull();
    expect(await resolveInside(at('yard'), 'door/new')).toBe(at('yard', 'door', 'new'));
  });

  it('may begin at a root that is itself behind a link', async () => {
    mkdirSync(at('real', 'data'), { recursive: true });
    symlinkSync(at('real'), at('alias'));
    expect(await resolveInside(at('alias', 'data'), 'x')).toBe(at('alias', 'data', 'x'));
  });

  it('is not taken for inside because its beginning is spelled alike', () => {
    expect(isInside('/data/room', '/data/room2')).toBe(false);
  });
});

describe('opening an ordinary file', () => {
  it('gives its size, and what is no ordinary file counts as nothing', async () => {
    writeFileSync(at('plain'), 'seven77');
    const opened = await openRegularFile(at('plain'));
    expect(opened?.sizeBytes).toBe(7);
    await opened?.file.close();
    symlinkSync(at('plain'), at('to plain'));
    execFileSync('mkfifo', [at('pipe')]);
    for (const path of ['missing', 'to plain', 'pipe', '.', 'plain/below']) {
      expect([path, await openRegularFile(at(path))]).toEqual([path, null]);
    }
  });

  it('does not hide that one may not be read', async () => {
    if (process.getuid?.() === 0) return;
    writeFileSync(at('secret'), 'x');
    chmodSync(at('secret'), 0);
    await expect(openRegularFile(at('secret'))).rejects.toThrow(/EACCES/);
  });

  it('reads it when it is small enough', async () => {
    writeFileSync(at('small'), 'ä');
    expect(await readSmallFile(at('small'), 2)).toBe('ä');
    expect(await readSmallFile(at('small'), 1)).toBeNull();
    expect(await readSmallFile(at('missing'), 10)).toBeNull();
  });
});

describe('moving', () => {
  it('takes folders with everything in them', async () => {
    mkdirSync(at('from', 'deep'), { recursive: true });
    writeFileSync(at('from', 'deep', 'x'), 'content');
    symlinkSync('/nowhere', at('from', 'dangling'));
    await moveTree(at('from'), at('to'));
    expect(existsSync(at('from'))).toBe(false);
    expect(readFileSync(at('to', 'deep', 'x'), 'utf8')).toBe('content');
    expect(readdirSync(at('to')).sort()).toEqual(['dangling', 'deep']);
  });

  it('across file systems keeps links as they are, modes and times', async () => {
    // A file system of its own, where the machine has one that anybody may write to.
    if (!existsSync('/dev/shm') || statSync('/dev/shm').dev === statSync(root).dev) return;
    const other = mkdtempSync('/dev/shm/aikore-move-');
    try {
      mkdirSync(at('abroad'));
      writeFileSync(at('abroad', 'run'), '#!/bin/sh', { mode: 0o755 });
      symlinkSync('run', at('abroad', 'link'));
      const { mtimeMs } = statSync(at('abroad', 'run'));
      await moveTree(at('abroad'), join(other, 'arrived'));
      expect(existsSync(at('abroad'))).toBe(false);
      const arrived = statSync(join(other, 'arrived', 'run'));
      expect(arrived.mode & 0o700).toBe(0o700);
      expect(Math.abs(arrived.mtimeMs - mtimeMs)).toBeLessThan(1000);
      expect(realpathSync(join(other, 'arrived', 'link'))).toBe(join(other, 'arrived', 'run'));
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  it('of what is not there fails', async () => {
    await expect(moveTree(at('never'), at('anywhere'))).rejects.toThrow(/ENOENT/);
  });
});

describe('whether something exists', () => {
  it('is told for files, folders and links, also for a link to nothing, which is in the way all the same', async () => {
    writeFileSync(at('there'), '');
    symlinkSync(at('not there'), at('broken'));
    expect(await Promise.all(['there', '.', 'broken', 'gone'].map((name) => exists(at(name))))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
