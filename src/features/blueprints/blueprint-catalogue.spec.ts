import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BlueprintCatalogue } from './blueprint-catalogue.js';

let root: string;
let stockDir: string;
let customDir: string;
let catalogue: BlueprintCatalogue;

const script = (name: string) =>
  `### AIKORE-METADATA-START ###\n# aikore.name = ${name}\n### AIKORE-METADATA-END ###\n`;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aikore-catalogue-'));
  stockDir = join(root, 'stock');
  customDir = join(root, 'custom');
  await mkdir(stockDir);
  await mkdir(customDir);
  catalogue = new BlueprintCatalogue({ stockDir, customDir });
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('list', () => {
  it('lists both directories by name, without the library and what is no blueprint', async () => {
    for (const name of ['b.sh', 'A.sh', 'functions.sh', 'notes.md', '.hidden.sh']) {
      await writeFile(join(stockDir, name), '');
    }
    await mkdir(join(stockDir, 'folder.sh'));
    await writeFile(join(customDir, 'b.sh'), script('Mine'));
    const { stock, custom } = await catalogue.list();
    expect(stock.map(({ filename, origin }) => [filename, origin])).toEqual([
      ['A.sh', 'stock'],
      ['b.sh', 'stock'],
    ]);
    expect(custom.map(({ name, origin }) => [name, origin])).toEqual([['Mine', 'custom']]);
  });

  it('sees files come, change and go, even when size and time of a replacement are the same', async () => {
    const path = join(customDir, 'a.sh');
    const names = async () => (await catalogue.list()).custom.map(({ name }) => name);
    expect(await names()).toEqual([]);
    await writeFile(path, script('One'));
    await utimes(path, 1000, 1000);
    expect(await names()).toEqual(['One']);
    await writeFile(`${path}.new`, script('Two'));
    await utimes(`${path}.new`, 1000, 1000);
    await rename(`${path}.new`, path);
    expect(await names()).toEqual(['Two']);
    await rm(path);
    expect(await names()).toEqual([]);
  });

  it('parses an unchanged file once', async () => {
    await writeFile(join(customDir, 'a.sh'), script('One'));
    const [first, second] = [await catalogue.list(), await catalogue.list()];
    expect(second.custom[0]).toBe(first.custom[0]);
  });

  it('is empty where the custom directory is missing', async () => {
    await rm(customDir, { recursive: true });
    expect((await catalogue.list()).custom).toEqual([]);
  });

  it('reads a script that is not UTF-8', async () => {
    await writeFile(join(customDir, 'a.sh'), Buffer.from([0xff, 0xfe, 0x0a, ...Buffer.from(script('Odd'))]));
    expect((await catalogue.list()).custom[0]?.name).toBe('Odd');
  });
});

describe('find and read', () => {
  it('mean the custom blueprint where both have the name', async () => {
    await writeFile(join(stockDir, 'a.sh'), 'stock');
    expect(await catalogue.find('a.sh')).toMatchObject({ origin: 'stock' });
    await writeFile(join(customDir, 'a.sh'), 'custom');
    expect(await catalogue.find('a.sh')).toMatchObject({ origin: 'custom' });
    expect(await catalogue.read('a.sh')).toEqual(Buffer.from('custom'));
  });

  it.each(['../secret.sh', 'missing.sh', 'functions.sh', 'folder.sh'])('know no %j', async (name) => {
    await writeFile(join(root, 'secret.sh'), 'secret');
    await writeFile(join(stockDir, 'functions.sh'), '');
    await mkdir(join(stockDir, 'folder.sh'));
    expect(await catalogue.find(name)).toBeNull();
    await expect(catalogue.read(name)).rejects.toMatchObject({
      kind: 'not_found',
      code: 'BLUEPRINT_NOT_FOUND',
    });
  });

  it('follow a link inside the directory and none that leads out of it', async () => {
    await writeFile(join(root, 'secret.sh'), 'secret');
    await writeFile(join(customDir, 'real.sh'), 'real');
    await symlink('../secret.sh', join(customDir, 'out.sh'));
    await symlink('real.sh', join(customDir, 'in.sh'));
    expect(await catalogue.find('out.sh')).toBeNull();
    await expect(catalogue.read('out.sh')).rejects.toMatchObject({ kind: 'not_found' });
    expect(await catalogue.read('in.sh')).toEqual(Buffer.from('real'));
  });

  it('do not wait at a named pipe', async () => {
    execFileSync('mkfifo', [join(customDir, 'pipe.sh')]);
    expect(await catalogue.find('pipe.sh')).toBeNull();
  });

  it('refuse more than 1 MiB', async () => {
    await writeFile(join(customDir, 'big.sh'), '');
    await truncate(join(customDir, 'big.sh'), 2 ** 20);
    expect(await catalogue.read('big.sh')).toHaveLength(2 ** 20);
    await truncate(join(customDir, 'big.sh'), 2 ** 20 + 1);
    expect(await catalogue.find('big.sh')).toBeNull();
    await expect(catalogue.read('big.sh')).rejects.toMatchObject({ kind: 'too_large' });
  });
});

describe('the shipped blueprints', () => {
  it('say nothing that AiKore does not understand', async () => {
    const { stock } = await new BlueprintCatalogue({ stockDir: resolve('blueprints'), customDir }).list();
    expect(stock.map(({ filename }) => filename)).toEqual(
      expect.arrayContaining(['Demo.sh', 'Gradio.sh', 'JupyterLab.sh', 'SillyTavern.sh']),
    );
    for (const { problems, unknown, category, description } of stock) {
      expect({ problems, unknown }).toEqual({ problems: [], unknown: {} });
      expect([category, description]).not.toContain('');
    }
    const jupyter = stock.find(({ filename }) => filename === 'JupyterLab.sh');
    expect(jupyter).toMatchObject({ proxy_mode: 'keep', proxy_shim: false, venv_path: './env' });
    expect(jupyter?.probe).toEqual({ type: 'http', path: '${SUBFOLDER}api' });
  });
});
