import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlueprintCatalogue } from './blueprint-catalogue.js';
import { CustomBlueprintsService } from './custom-blueprints.service.js';

let root: string;
let customDir: string;
let service: CustomBlueprintsService;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aikore-custom-'));
  const stockDir = join(root, 'stock');
  customDir = join(root, 'custom');
  await mkdir(stockDir);
  await writeFile(join(stockDir, 'Demo.sh'), '');
  service = new CustomBlueprintsService(new BlueprintCatalogue({ stockDir, customDir }), customDir);
});

afterEach(() => rm(root, { recursive: true, force: true }));

const stored = (name: string) => readFile(join(customDir, name), 'utf8');

describe('create', () => {
  it('writes the script with Unix line ends and makes the directory', async () => {
    const blueprint = await service.create('My App.sh', 'echo ü\r\necho b\rdone\n');
    expect(blueprint).toMatchObject({ filename: 'My App.sh', origin: 'custom', name: 'My App' });
    expect(await stored('My App.sh')).toBe('echo ü\necho b\ndone\n');
    expect(await readdir(customDir)).toEqual(['My App.sh']);
  });

  it('refuses a name that is taken, by a shipped blueprint too', async () => {
    await service.create('a.sh', 'first');
    for (const name of ['a.sh', 'Demo.sh']) {
      await expect(service.create(name, 'second')).rejects.toMatchObject({
        kind: 'conflict',
        code: 'BLUEPRINT_EXISTS',
      });
    }
    expect(await stored('a.sh')).toBe('first');
  });

  it('takes the place of nothing that is there, also of what is no blueprint', async () => {
    await service.create('mine.sh', 'mine');
    await writeFile(join(customDir, 'large.sh'), Buffer.alloc(1024 * 1024 + 1));
    await symlink('/nowhere/else.sh', join(customDir, 'link.sh'));
    await mkdir(join(customDir, 'folder.sh'));
    for (const name of ['large.sh', 'link.sh', 'folder.sh']) {
      const refusal = { kind: 'conflict', code: 'BLUEPRINT_EXISTS' };
      await expect(service.create(name, 'other')).rejects.toMatchObject(refusal);
      await expect(service.rename('mine.sh', name)).rejects.toMatchObject(refusal);
    }
    expect((await stat(join(customDir, 'large.sh'))).size).toBe(1024 * 1024 + 1);
    expect(await readlink(join(customDir, 'link.sh'))).toBe('/nowhere/else.sh');
    expect(await stored('mine.sh')).toBe('mine');
  });

  it('lets one of two at once win', async () => {
    const results = await Promise.allSettled([service.create('a.sh', 'one'), service.create('a.sh', 'two')]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it.each(['../a.sh', 'functions.sh', 'a', ''])('refuses the name %j', async (name) => {
    await expect(service.create(name, '')).rejects.toMatchObject({
      kind: 'invalid',
      code: 'VALIDATION_FAILED',
      details: { filename: expect.any(String) },
    });
    expect(await readdir(root)).toEqual(['stock']);
  });

  it('refuses NUL characters and more than 1 MiB', async () => {
    await expect(service.create('a.sh', 'a\0b')).rejects.toMatchObject({
      kind: 'invalid',
      details: { content: expect.any(String) },
    });
    await expect(service.create('a.sh', 'ü'.repeat(2 ** 19) + 'x')).rejects.toMatchObject({
      kind: 'too_large',
    });
    await service.create('a.sh', `${'x'.repeat(2 ** 20 - 1)}\r\n`);
    expect(await stored('a.sh')).toHaveLength(2 ** 20);
  });
});

describe('read, replace and remove', () => {
  it('work on what is there', async () => {
    await service.create('a.sh', 'one');
    expect(await service.read('a.sh')).toMatchObject({ filename: 'a.sh', content: 'one', origin: 'custom' });
    await service.replace('a.sh', 'two\r\n');
    expect(await stored('a.sh')).toBe('two\n');
    await service.remove('a.sh');
    expect(await readdir(customDir)).toEqual([]);
  });

  it.each(['missing.sh', 'Demo.sh', '../stock/Demo.sh', ''])('know no custom blueprint %j', async (name) => {
    const unknown = { kind: 'not_found', code: 'BLUEPRINT_NOT_FOUND' };
    await mkdir(customDir);
    await expect(service.read(name)).rejects.toMatchObject(unknown);
    await expect(service.replace(name, '')).rejects.toMatchObject(unknown);
    await expect(service.remove(name)).rejects.toMatchObject(unknown);
    expect(await readdir(join(root, 'stock'))).toEqual(['Demo.sh']);
  });

  it('leave a folder of that name alone', async () => {
    await mkdir(join(customDir, 'a.sh'), { recursive: true });
    await expect(service.remove('a.sh')).rejects.toMatchObject({ kind: 'not_found' });
    expect(await readdir(customDir)).toEqual(['a.sh']);
  });

  it('leave nothing behind when the write fails', async () => {
    // The catalogue finds nothing, and there is no folder to write to: a link to nowhere has its name.
    await symlink(join(root, 'nowhere'), customDir);
    await expect(service.create('a.sh', 'x')).rejects.toMatchObject({
      code: expect.stringMatching(/ENOENT|EEXIST/),
    });
    expect(await readdir(root)).toEqual(['custom', 'stock']);
  });
});
