import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyTree } from './copy-tree.js';
import { removeCounting, removeTree } from './remove-tree.js';
import { measureTree } from './walk-tree.js';

const BLOCK = 4096;

describe('walking through a tree', () => {
  let root: string;
  const write = (path: string, bytes: number): void => {
    const file = join(root, 'tree', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, Buffer.alloc(bytes, 'x'));
  };
  const measure = () => measureTree(join(root, 'tree'), new AbortController().signal);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'aikore-walk-'));
    write('a/one', 10 * BLOCK);
    write('a/b/c/two', 3 * BLOCK);
    mkdirSync(join(root, 'outside'));
    writeFileSync(join(root, 'outside', 'precious'), Buffer.alloc(100 * BLOCK, 'x'));
    symlinkSync(join(root, 'outside'), join(root, 'tree', 'a', 'link'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('adds up what it takes, links not followed and second names not counted twice', async () => {
    linkSync(join(root, 'tree/a/one'), join(root, 'tree/a/again'));
    const size = await measure();
    expect(size?.files).toBe(4);
    expect(size?.bytes).toBeGreaterThanOrEqual(13 * BLOCK);
    expect(size?.bytes).toBeLessThan(16 * BLOCK);
  });

  it('gives up when it is told to, and finds nothing where nothing is', async () => {
    expect(await measureTree(join(root, 'tree'), AbortSignal.abort())).toBeNull();
    expect(await measureTree(join(root, 'none'), new AbortController().signal)).toEqual({
      bytes: 0,
      files: 0,
    });
  });

  it('removes the whole tree and leaves alone what links lead to', async () => {
    for (let count = 0; count < 300; count += 1) write(`many/${count}`, 1);
    const sizes: number[] = [];
    await removeCounting(join(root, 'tree'), (bytes) => sizes.push(bytes));
    expect(sizes).toHaveLength(303);
    expect(existsSync(join(root, 'tree'))).toBe(false);
    expect(existsSync(join(root, 'outside', 'precious'))).toBe(true);
  });

  it('counts, copies and removes names that are no text', async () => {
    const at = (folder: string, name = ''): Buffer =>
      Buffer.from(`${join(root, folder, 'odd')}-\xff\xfe${name}`, 'latin1');
    mkdirSync(at('tree'));
    writeFileSync(at('tree', '/caf\xe9'), Buffer.alloc(5 * BLOCK, 'x'));
    symlinkSync(Buffer.from('caf\xe9', 'latin1'), at('tree', '/link-\xfd'));
    expect((await measure())?.bytes).toBeGreaterThanOrEqual(18 * BLOCK);
    await copyTree(join(root, 'tree'), join(root, 'copy'));
    expect(readdirSync(at('copy'), 'latin1').sort()).toEqual(['caf\xe9', 'link-\xfd']);
    expect(readFileSync(at('copy', '/caf\xe9'))).toHaveLength(5 * BLOCK);
    expect(readlinkSync(at('copy', '/link-\xfd'), 'latin1')).toBe('caf\xe9');
    for (const tree of ['tree', 'copy']) await removeTree(join(root, tree));
    expect(readdirSync(root)).toEqual(['outside']);
  });

  it('does not follow a link that stands in the place of the tree itself', async () => {
    const link = join(root, 'link');
    symlinkSync(join(root, 'outside'), link);
    expect(await measureTree(link, new AbortController().signal)).toEqual({ bytes: 0, files: 0 });
    await removeCounting(link, () => undefined);
    expect(existsSync(join(root, 'outside', 'precious'))).toBe(true);
  });

  it('removes what is nested deeper than a path can be long, and says what it cannot', async () => {
    const before = process.cwd();
    try {
      process.chdir(join(root, 'tree'));
      for (let depth = 0; depth < 600; depth += 1) {
        mkdirSync('folder-with-a-name');
        process.chdir('folder-with-a-name');
      }
      writeFileSync('end', '');
    } finally {
      process.chdir(before);
    }
    await removeTree(join(root, 'tree'));
    expect(existsSync(join(root, 'tree'))).toBe(false);
    await removeTree(join(root, 'tree'));
    await removeTree(join(root, 'outside', 'precious'));
    expect(existsSync(join(root, 'outside', 'precious'))).toBe(false);
    await expect(removeTree('/proc/self/status')).rejects.toThrow(/EACCES|EPERM|EROFS/);
  });
});
