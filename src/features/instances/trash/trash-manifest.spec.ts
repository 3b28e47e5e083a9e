import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstanceEntity } from '../instance.entity.js';
import { MANIFEST_FILE, readManifest, writeManifest } from './trash-manifest.js';

const folder = mkdtempSync(join(tmpdir(), 'aikore-manifest-'));
const file = join(folder, MANIFEST_FILE);
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => rmSync(file, { recursive: true, force: true }));

const settings = {
  name: 'Comfy',
  base_blueprint: 'ComfyUI.sh',
  gpu_ids: '1,0',
  autostart: true,
  output_path: null,
  env: { HF_TOKEN: 'secret' },
  launch_args: '--x',
  port: 21_000,
  run: 4,
};
const row = settings as unknown as InstanceEntity;

describe('the manifest in a trashed folder', () => {
  it('remembers the settings, for nobody else to read', async () => {
    await writeManifest(folder, row);
    const { deleted_at, ...read } = (await readManifest(folder)) ?? { deleted_at: '' };
    expect(read).toEqual(settings);
    expect(Date.parse(deleted_at)).toBeGreaterThan(Date.now() - 60_000);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('takes the place of whatever an application has put there', async () => {
    mkdirSync(join(file, 'deep'), { recursive: true });
    await writeManifest(folder, row);
    expect((await readManifest(folder))?.name).toBe('Comfy');
  });

  it.each(['', 'null', '[]', '{}', '{"name":7}', '\0', '['.repeat(100_000), 'x'.repeat(20_000_000)])(
    'is none when its text is none',
    async (text) => {
      writeFileSync(file, text);
      expect(await readManifest(folder)).toBeNull();
    },
  );

  it.each([
    { name: null },
    { gpu_ids: 0 },
    { autostart: 'yes' },
    { port: '80' },
    { env: null },
    { env: 'A=1' },
    { launch_args: [] },
    { run: -1 },
    { run: 1.5 },
    { run: 1e15 },
    { run: '4' },
  ])('is none with %j', async (forged) => {
    writeFileSync(file, JSON.stringify({ ...settings, deleted_at: '2030-01-01T00:00:00Z', ...forged }));
    expect(await readManifest(folder)).toBeNull();
  });

  it('is none when it is missing, or a link', async () => {
    expect(await readManifest(folder)).toBeNull();
    symlinkSync('/etc/hostname', file);
    expect(await readManifest(folder)).toBeNull();
  });
});
