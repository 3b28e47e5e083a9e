import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance } from '../../src/contracts/instance.js';
import {
  NEWEST_ORIGINAL,
  makeOriginalDatabase,
  makeOriginalHome,
  ordinaryRow,
  originalColumns,
} from '../fixtures/original/original-volume.js';
import { backupsOf, query } from '../support/databases.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const QUIET_SCRIPT = [
  '### AIKORE-METADATA-START ###',
  '# aikore.probe = process',
  '### AIKORE-METADATA-END ###',
  'exec sleep 60',
].join('\n');
const VERSIONS = [1, 2, 3, 4, 5, 6];

const instancesIn = (file: string) => query(file, 'SELECT * FROM instances ORDER BY id');

describe.each(VERSIONS)('a volume of the original AiKore with schema v%i', (version) => {
  it('opens as it is: backed up, translated in one boot, and used', async () => {
    const dataDir = lab.dataDir();
    const rows = [
      ordinaryRow(1, 'Comfy', { gpu_ids: '0, 1', autostart: 0, base_blueprint: 'ComfyUI.sh' }),
      ordinaryRow(4, 'Forge Test', {
        status: 'started',
        pid: 4711,
        gpu_ids: null,
        port: 40_404,
        persistent_mode: 1,
        persistent_port: 19_010,
        persistent_display: 10,
        hostname: 'https://forge.example.org/x',
        use_custom_hostname: 1,
        output_path: 'shared/forge',
        python_version: '3.11',
        cuda_version: '12.4',
        torch_version: '2.6.0',
      }),
      ordinaryRow(9, 'Satellite', { parent_instance_id: 4, port: null }),
    ];
    makeOriginalDatabase(join(dataDir, 'aikore.db'), version, rows);
    makeOriginalHome(dataDir, 'Comfy', 'echo own');
    makeOriginalHome(dataDir, 'Forge Test', null);
    const aikore = await lab.start({}, dataDir);

    const has = (column: string) => originalColumns(version).includes(column);
    const [comfy, forge, satellite] = await aikore.api.instances();
    expect(comfy).toMatchObject({
      id: 1,
      name: 'Comfy',
      slug: 'comfy',
      gpu_ids: '0,1',
      base_blueprint: 'ComfyUI.sh',
    });
    // 19001 lies in the published range.
    expect(comfy?.port).toBeGreaterThanOrEqual(21_000);
    expect(comfy?.status_reason).toContain('Its port 19001 could not be kept and is now ');
    expect(forge).toMatchObject({
      id: 4,
      name: 'Forge Test',
      slug: 'forge-test',
      status: 'stopped',
      desired: 'stopped',
      pid: null,
      gpu_ids: null,
      port: 40_404,
      persistent_mode: true,
      persistent_port: 19_010,
      persistent_display: 10,
      hostname: has('hostname') ? 'https://forge.example.org/x' : null,
      use_custom_hostname: has('use_custom_hostname'),
      output_path: has('output_path') ? 'shared/forge' : null,
      python_version: has('python_version') ? '3.11' : null,
      cuda_version: has('cuda_version') ? '12.4' : null,
      torch_version: has('torch_version') ? '2.6.0' : null,
      status_reason: 'It was taken over from the original AiKore and not started yet.',
    });
    expect(satellite).toMatchObject({
      id: 9,
      parent_instance_id: has('parent_instance_id') ? 4 : null,
      position: 3,
    });
    expect(readFileSync(aikore.home('Comfy', 'launch.sh'), 'utf8')).toBe('echo own');
    expect(readFileSync(aikore.home('Forge Test', 'launch.sh'), 'utf8')).toContain('Counts aloud');
    expect(existsSync(aikore.home('Satellite', 'launch.sh'))).toBe(!has('parent_instance_id'));

    const started = await aikore.api.startUp(4);
    expect(started).toMatchObject({ status: 'started', run: 1 });
    // A new instance comes after the old ones, in number and place.
    const fresh = await aikore.api.create({ name: 'fresh', base_blueprint: 'idles.sh' });
    expect(fresh).toMatchObject({ id: 10, position: 4 });
    await aikore.stop();

    const [backup = '', ...more] = backupsOf(dataDir);
    expect(more).toEqual([]);
    expect(backup).toContain(`aikore-original-v${version}-`);
    const kept = instancesIn(backup);
    expect(kept).toEqual(
      rows.map((row) => Object.fromEntries(originalColumns(version).map((column) => [column, row[column]]))),
    );

    const before = instancesIn(join(dataDir, 'aikore.db'));
    const again = await lab.start({}, dataDir);
    expect((await again.api.instances()).map(({ id }) => id)).toEqual([1, 4, 9, 10]);
    await again.stop();
    expect(instancesIn(join(dataDir, 'aikore.db'))).toEqual(before);
    expect(backupsOf(dataDir)).toEqual([backup]);
  });
});

describe('what the original left behind', () => {
  it('is read though its last writes are in a log that no power cut let it empty', async () => {
    const dataDir = lab.dataDir();
    const file = join(dataDir, 'aikore.db');
    makeOriginalDatabase(file, NEWEST_ORIGINAL, [ordinaryRow(1, 'only in the log')], true);
    expect(readFileSync(file).includes('only in the log')).toBe(false);
    const aikore = await lab.start({}, dataDir);
    expect((await aikore.api.instance(1)).name).toBe('only in the log');
    await aikore.stop();
    const [backup = ''] = backupsOf(dataDir);
    expect(instancesIn(backup)).toMatchObject([{ name: 'only in the log' }]);
  });

  it('may hold anything that SQLite allows; each row arrives, and what changed is said', async () => {
    const dataDir = lab.dataDir();
    const long = 'n'.repeat(200);
    const rows = [
      ordinaryRow(1, 'Comfy', { port: 19_005, persistent_port: 19_001, persistent_display: 10 }),
      ordinaryRow(2, 'comfy', { port: 30_002, persistent_port: 19_001, persistent_display: 10 }),
      ordinaryRow(3, 'Ärger & "Söhne"\n', { port: 30_002, persistent_port: 8080 }),
      ordinaryRow(4, '../outside', { port: 80 }),
      ordinaryRow(5, 'team/comfy', { port: 'many', gpu_ids: 'GPU-8f3e, 1' }),
      ordinaryRow(6, long, { port: '30006', autostart: 'yes', persistent_mode: null }),
      ordinaryRow(7, 'orphan', { parent_instance_id: 99, base_blueprint: 'Gone.sh', status: '???' }),
      ordinaryRow(8, 'ring', { parent_instance_id: 9 }),
      ordinaryRow(9, 'ring-2', { parent_instance_id: 8 }),
      ordinaryRow(10, 'satellite of a satellite', { parent_instance_id: 9 }),
      ordinaryRow(11, '', { base_blueprint: null, name: null }),
      ordinaryRow(12, 'leads out', { output_path: '../../../etc', status: 'installing' }),
      ordinaryRow(13, 'absolute', { output_path: '/mnt/pictures' }),
      ordinaryRow(14, 'odd folder', { output_path: 'Bilder/Größe', gpu_ids: Buffer.from('2') }),
      ordinaryRow(15, '.deleting-me', { port: 70_000 }),
      ordinaryRow(16, '!!!', { hostname: 'http://x.example', use_custom_hostname: null }),
      ordinaryRow(17, 'comfy!', { port: -1 }),
    ];
    makeOriginalDatabase(join(dataDir, 'aikore.db'), NEWEST_ORIGINAL, rows);
    makeOriginalHome(dataDir, 'comfy', 'echo mine');
    makeOriginalHome(dataDir, 'team/comfy', 'echo team');
    makeOriginalHome(dataDir, 'instance-11', 'echo of nobody');
    mkdirSync(join(dataDir, 'outside'));
    const aikore = await lab.start({}, dataDir);

    const all = await aikore.api.instances();
    expect(all.map(({ id, name, slug }) => [id, name, slug])).toEqual([
      [1, 'Comfy', 'comfy'],
      [2, 'comfy-2', 'comfy-2'],
      [3, 'Ärger & "Söhne"\n', 'rger-s-hne'],
      [4, 'outside', 'outside'],
      [5, 'team-comfy', 'team-comfy'],
      [6, long, long],
      [7, 'orphan', 'orphan'],
      [8, 'ring', 'ring'],
      [9, 'ring-2', 'ring-2'],
      [10, 'satellite of a satellite', 'satellite-of-a-satellite'],
      [11, 'instance-11-2', 'instance-11-2'],
      [12, 'leads out', 'leads-out'],
      [13, 'absolute', 'absolute'],
      [14, 'odd folder', 'odd-folder'],
      [15, 'deleting-me', 'deleting-me'],
      [16, '!!!', 'i16'],
      [17, 'comfy!', 'comfy-3'],
    ]);
    const by = new Map(all.map((instance) => [instance.id, instance]));
    const of = (id: number): Partial<Instance> => by.get(id) ?? {};
    expect(new Set(all.map(({ port }) => port)).size).toBe(all.length);
    for (const { port } of all) {
      expect(port).toBeGreaterThan(1023);
      expect(port < 19_001 || port > 19_020).toBe(true);
    }
    expect([of(2).port, of(6).port]).toEqual([30_002, 30_006]);
    expect(all.map((row) => row.persistent_port)).toEqual([19_001, ...Array<null>(16).fill(null)]);
    expect([of(1).persistent_display, of(2).persistent_display]).toEqual([10, null]);
    expect([of(5).gpu_ids, of(14).gpu_ids]).toEqual(['GPU-8f3e,1', '2']);
    expect(of(5).warnings?.join()).not.toContain('NaN');
    expect(of(6)).toMatchObject({ autostart: true, persistent_mode: false });
    expect(of(16)).toMatchObject({ hostname: 'http://x.example', use_custom_hostname: false });
    expect([7, 8, 9, 10].map((id) => of(id).parent_instance_id)).toEqual([null, null, 8, 9]);
    expect([2, 4, 5, 12, 13, 14].map((id) => of(id).output_path)).toEqual([
      'comfy',
      null,
      'team/comfy',
      null,
      null,
      'Bilder/Größe',
    ]);
    expect(of(7).status_reason).toMatch(/instance 99.+does not exist.+no launch\.sh.+Gone\.sh/);
    expect(of(12).status_reason).toMatch(/leads out of outputs.+not finished copying/);
    expect(of(4).status_reason).toMatch(/name "\.\.\/outside" could not be kept.+not found/);

    // Folders whose names could not stay are reached by links; nothing was moved.
    expect(readlinkSync(aikore.home('comfy-2'))).toBe('../instances/comfy');
    expect(readFileSync(aikore.home('team-comfy', 'launch.sh'), 'utf8')).toBe('echo team');
    expect(existsSync(aikore.home('outside'))).toBe(false);
    expect(readdirSync(aikore.path('outside'))).toEqual([]);
    await aikore.stop();
  });

  it('can be changed and sent back whole, though today no such value could be written', async () => {
    const dataDir = lab.dataDir();
    const rows = [
      ordinaryRow(1, 'Größe', { hostname: 'https://x.example', persistent_mode: 1, python_version: '3.10' }),
      ordinaryRow(2, 'child', { parent_instance_id: 1 }),
    ];
    makeOriginalDatabase(join(dataDir, 'aikore.db'), NEWEST_ORIGINAL, rows);
    const aikore = await lab.start({}, dataDir);
    const { name, hostname, persistent_mode, python_version, gpu_ids } = await aikore.api.instance(1);
    const same = { name, hostname, persistent_mode, python_version, gpu_ids };
    await aikore.api.expect(200, 'PUT', 'api/instances/1', { ...same, autostart: true });
    expect(await aikore.api.instance(1)).toMatchObject({ ...same, autostart: true });
    expect((await aikore.api.refused('PUT', 'api/instances/1', { hostname: 'no name' })).status).toBe(422);

    // Its satellite needs its folder.
    const refusal = await aikore.api.refused('DELETE', 'api/instances/1');
    expect(refusal).toMatchObject({ status: 409, body: { code: 'INSTANCE_HAS_SATELLITES' } });
    expect(existsSync(aikore.home('Größe', 'launch.sh'))).toBe(true);
    await aikore.api.expect(204, 'DELETE', 'api/instances/2');

    // To the trash can and back, with everything that it has.
    await aikore.api.expect(204, 'DELETE', 'api/instances/1');
    await aikore.api.expect(200, 'POST', `api/trash/${encodeURIComponent('Größe')}/restore`);
    expect(await aikore.api.byName('Größe')).toMatchObject(same);
    await aikore.stop();
  });

  it('has satellites, which work in the folder of their parent as they did there', async () => {
    const dataDir = lab.dataDir();
    const script = [
      '### AIKORE-METADATA-START ###',
      '# aikore.probe = process',
      '### AIKORE-METADATA-END ###',
      'echo "$INSTANCE_NAME in $PWD with ${PYTHON_VERSION:-none}" >"$INSTANCE_OUTPUT_DIR/told"',
      'exec sleep 60',
    ];
    makeOriginalDatabase(join(dataDir, 'aikore.db'), NEWEST_ORIGINAL, [
      ordinaryRow(1, 'Comfy', { python_version: '3.10' }),
      ordinaryRow(2, 'Comfy alt', { parent_instance_id: 1, port: null, python_version: '3.12' }),
      ordinaryRow(3, 'Deep', { parent_instance_id: 2, port: null, output_path: 'shared' }),
    ]);
    makeOriginalHome(dataDir, 'Comfy', script.join('\n'));
    const aikore = await lab.start({}, dataDir);
    for (const id of [1, 2, 3]) await aikore.api.startUp(id);
    const told = (folder: string) => {
      const file = aikore.path('outputs', folder, 'told');
      return waitFor('it has told', () => existsSync(file) && readFileSync(file, 'utf8'));
    };
    const place = `in ${aikore.home('Comfy')} with 3.10`;
    expect(await told('Comfy')).toBe(`Comfy ${place}\n`);
    expect(await told('Comfy alt')).toBe(`Comfy alt ${place}\n`);
    expect(await told('shared')).toBe(`Deep ${place}\n`);
    for (const name of ['Comfy alt', 'Deep'])
      expect(readdirSync(aikore.home(name))).not.toContain('launch.sh');
    const refusal = await aikore.api.refused('POST', 'api/instances/1/rebuild');
    expect(refusal.status).toBe(409);
    await aikore.api.shutDown(3);
    await aikore.api.shutDown(2);
    // One that has satellites of its own goes after them, as its parent does.
    expect((await aikore.api.refused('DELETE', 'api/instances/2')).status).toBe(409);
    await aikore.api.expect(204, 'DELETE', 'api/instances/3');
    await aikore.api.expect(204, 'DELETE', 'api/instances/2');
    const back = await aikore.api.expect<Instance>(200, 'POST', 'api/trash/Deep/restore');
    expect(back).toMatchObject({ parent_instance_id: 1, output_path: 'shared' });
    await aikore.api.shutDown(1);
    await aikore.stop();
  });

  it('keeps its files: foreign trash, markers of failed deletions, the last log', async () => {
    const dataDir = lab.dataDir();
    makeOriginalDatabase(join(dataDir, 'aikore.db'), NEWEST_ORIGINAL, [ordinaryRow(1, 'Comfy')]);
    const home = makeOriginalHome(dataDir, 'Comfy', QUIET_SCRIPT);
    writeFileSync(join(home, 'output.log'), 'last words under the original\n');
    const trashed = [join(dataDir, 'trashcan', 'Müll'), join(dataDir, 'trashcan', '.failed-deletions')];
    for (const folder of [...trashed, join(dataDir, '.failed-deletions')]) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'launch.sh'), 'echo from the trash');
    }
    writeFileSync(join(dataDir, 'trashcan', 'a file'), 'x');
    const aikore = await lab.start({}, dataDir);

    const entries = await aikore.api.expect<{ name: string; base_blueprint: string | null }[]>(
      200,
      'GET',
      'api/trash',
    );
    expect(entries.map(({ name }) => name).sort()).toEqual(['Müll', 'a file']);
    const restored = await aikore.api.expect<Instance>(
      200,
      'POST',
      `api/trash/${encodeURIComponent('Müll')}/restore`,
    );
    expect(restored).toMatchObject({ name: 'Müll', status: 'stopped', autostart: false });
    expect(readFileSync(aikore.home('Müll', 'launch.sh'), 'utf8')).toBe('echo from the trash');
    expect((await aikore.api.refused('POST', 'api/trash/a%20file/restore')).status).toBe(409);

    const log = (run: string) =>
      aikore.api.expect<{ content: string }>(200, 'GET', `api/instances/1/logs?offset=0${run}`);
    expect((await log('')).content).toBe('last words under the original\n');
    await aikore.api.startUp(1);
    expect((await log('&run=0')).content).toBe('last words under the original\n');
    expect((await log('&run=1')).content).not.toContain('last words');
    await aikore.stop();
    for (const folder of [join(dataDir, 'trashcan', '.failed-deletions'), join(dataDir, '.failed-deletions')])
      expect(readdirSync(folder)).toEqual(['launch.sh']);
  });
});
