import { afterEach, expect, it, jest } from '@jest/globals';
import {
  copyFileSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { migrations } from '../../src/app/migrations/migrations.js';
import { openDatabase } from '../../src/core/database/open-database.js';
import { createLogger } from '../../src/core/logging.js';
import {
  NEWEST_ORIGINAL,
  makeOriginalDatabase,
  makeOriginalHome,
  ordinaryRow,
} from '../fixtures/original/original-volume.js';
import { backupsOf, change, query } from '../support/databases.js';
import { startContainer } from '../support/docker/container.js';
import { describeWith, useImage } from '../support/docker/image.js';
import { SERVES } from '../support/inline-blueprint.js';
import { waitFor } from '../support/wait.js';

jest.setTimeout(180_000);
const image = await useImage();
const [AIKORE, PUID] = [9900, 1000];

const folders: string[] = [];
/** A volume that is a folder of the machine: its content is made and looked at from there. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aikore-volume-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const databaseIn = (folder: string): string => join(folder, 'aikore.db');
const ownerOf = (path: string): number => statSync(path).uid;

const FUTURE = "INSERT INTO migrations (timestamp, name) VALUES (9, 'FromTheFuture9999999999999')";

/** As a version of AiKore left it that knew only the first of today's migrations, with an instance to start by itself. */
async function makeOlderVolume(): Promise<string> {
  const folder = makeFolder();
  mkdirSync(join(folder, 'custom_blueprints'));
  writeFileSync(join(folder, 'custom_blueprints', 'Kept.sh'), SERVES);
  const source = await openDatabase({
    dataDir: folder,
    entities: [],
    migrations: migrations.slice(0, 1),
    logger: createLogger(false, () => undefined),
  });
  await source.query(
    `INSERT INTO instances (name, slug, base_blueprint, port, autostart, position, created_at, updated_at, status, status_reason, status_since, desired)
     VALUES ('Kept', 'kept', 'Kept.sh', 21000, 1, 1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', 'stopped', '', '2026-01-01T00:00:00.000Z', 'stopped')`,
  );
  await source.destroy();
  mkdirSync(join(folder, 'instances', 'Kept'), { recursive: true });
  writeFileSync(join(folder, 'instances', 'Kept', 'launch.sh'), SERVES, { mode: 0o755 });
  return folder;
}

/** Its files belong to one user, the database as well. */
function giveTo(folder: string, uid: number): void {
  for (const name of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
    lchownSync(join(folder, name), uid, uid);
}

/** Scripts of the original name these places, and nothing tells them of others. */
const OF_ORIGINAL = `#!/bin/bash
set -e
source /opt/sd-install/functions.sh
source /opt/sd-install/versions.env
source "\${INSTANCE_CONF_DIR}/aikore_vars.env" 2>/dev/null || true
export PATH="/home/abc/miniconda3/bin:$PATH"
cd "$INSTANCE_CONF_DIR"
mkdir -p webui "$BASE_DIR/models/stable-diffusion"
clean_env "\${INSTANCE_CONF_DIR}/env"
sl_folder "\${INSTANCE_CONF_DIR}/webui" models /config/models stable-diffusion
touch webui/models/model.safetensors
python3 -m venv --without-pip env
source env/bin/activate
echo "$TORCH_VERSION $PYTORCH_INDEX_URL $(id -u) $HOME" >found.txt
exec python3 -m http.server --bind 127.0.0.1 "$WEBUI_PORT"
`;

describeWith(image)('a volume of an older AiKore', () => {
  it('is migrated, its instances run, and what it was before is kept', async () => {
    const folder = await makeOlderVolume();
    giveTo(folder, PUID);
    const container = await startContainer({ image: image!, volume: folder });
    await container.waitHealthy();
    const kept = await container.api.byName('Kept');
    expect(await container.api.reaches(kept.id, 'started', 60_000)).toMatchObject({ port: 21_000, run: 1 });
    const [backup = '', ...more] = backupsOf(folder);
    expect(more).toEqual([]);
    expect(query(backup, 'SELECT name FROM migrations')).toHaveLength(1);
    expect([ownerOf(databaseIn(folder)), ownerOf(backup)]).toEqual([AIKORE, AIKORE]);
    expect(statSync(backup).mode & 0o077).toBe(0);
    expect(await container.stop()).toMatchObject({ code: 0 });
    expect(query(databaseIn(folder), 'SELECT name FROM migrations')).toHaveLength(migrations.length);
  });
});

describeWith(image)('a volume of the original AiKore', () => {
  it.each([1, NEWEST_ORIGINAL])(
    'with schema v%i comes up with its instances, for their user',
    async (version) => {
      const folder = makeFolder();
      const rows = [
        ordinaryRow(1, 'Comfy', { base_blueprint: 'ComfyUI.sh', autostart: 1, port: 31_001 }),
        ordinaryRow(4, 'Forge', { status: 'started', pid: 4711, port: 31_004 }),
      ];
      makeOriginalDatabase(databaseIn(folder), version, rows);
      makeOriginalHome(folder, 'Comfy', OF_ORIGINAL);
      makeOriginalHome(folder, 'Forge', 'exec sleep 60');
      giveTo(folder, PUID);
      const container = await startContainer({ image: image!, volume: folder });
      await container.waitHealthy();
      const names = (await container.api.instances()).map(({ id, name }) => `${id} ${name}`);
      expect(names).toEqual(['1 Comfy', '4 Forge']);

      await container.api.reaches(1, 'started', 60_000);
      const found = readFileSync(join(folder, 'instances', 'Comfy', 'found.txt'), 'utf8');
      expect(found).toMatch(
        /^\d+\.\d+\.\d+ https:\/\/download\.pytorch\.org\/whl\/\S+ 1000 \/config\/home$/m,
      );
      expect(readlinkSync(join(folder, 'instances', 'Comfy', 'webui', 'models'))).toBe(
        '/config/models/stable-diffusion',
      );
      expect(ownerOf(join(folder, 'models', 'stable-diffusion', 'model.safetensors'))).toBe(PUID);
      for (const name of ['Comfy', 'Forge']) expect(ownerOf(join(folder, 'instances', name))).toBe(PUID);
      expect(ownerOf(databaseIn(folder))).toBe(AIKORE);
      expect(backupsOf(folder)[0]).toContain(`aikore-original-v${version}-`);
      expect(await container.shell('readlink /home/abc/miniconda3; find /config -uid 0')).toBe(
        '/opt/miniforge',
      );
      await container.stop();
    },
  );
});

describeWith(image)('going back to an older image', () => {
  it('is refused with a sentence and the place of the backup, whatever the restart policy; the backup opens', async () => {
    const folder = await makeOlderVolume();
    const newer = await startContainer({ image: image!, volume: folder });
    await newer.waitHealthy();
    await newer.stop();
    const [backup = ''] = backupsOf(folder);
    change(databaseIn(folder), FUTURE);
    const before = readFileSync(databaseIn(folder));

    const older = await startContainer({ image: image!, volume: folder, run: ['--restart=on-failure:2'] });
    const ended = async (): Promise<boolean> =>
      (await older.inspect('{{.State.Status}} {{.RestartCount}}')) === 'exited 2';
    await waitFor('Docker has tried it again', ended, 60_000);
    expect(await older.waitEnd()).toBe(1);
    const last = (await older.logs()).trimEnd().split('\n').at(-1);
    expect(last).toMatch(/^aikore: \/config\/aikore\.db was written by a newer AiKore .+ left untouched/);
    expect(last).toContain(`put the backup /config/backups/${basename(backup)} in its place`);
    expect(readFileSync(databaseIn(folder)).equals(before)).toBe(true);

    // As the sentence says; the backup is older still, and is migrated once more.
    copyFileSync(backup, databaseIn(folder));
    for (const suffix of ['-wal', '-shm']) rmSync(`${databaseIn(folder)}${suffix}`, { force: true });
    const again = await startContainer({ image: image!, volume: folder });
    await again.waitHealthy();
    expect((await again.api.instances()).map(({ name }) => name)).toEqual(['Kept']);
    await again.stop();
  });
});
