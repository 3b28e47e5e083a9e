import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SavedScript, ScriptHistory } from '../../src/contracts/script.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { SmallDisk } from '../support/small-disk.js';

const lab = useLab();
let disk: SmallDisk | null = null;
let aikore: AiKoreProcess;

beforeEach(async () => {
  disk = SmallDisk.mount(join(lab.root, 'disk'), '6m');
  if (disk !== null) aikore = await lab.start({}, lab.dataDir('disk'));
});

afterEach(async () => {
  if (disk === null) return;
  disk.empty();
  await aikore.stop();
  disk.unmount();
});

describe('a script on a full disk', () => {
  it('is not saved, stays what it was, and nothing is left lying about', async () => {
    if (disk === null) return;
    const { id } = await aikore.api.create({ name: 'kept', base_blueprint: 'idles.sh' });
    const path = `api/instances/${id}/script`;
    const put = (content: string, more: object = {}) =>
      aikore.api.send<SavedScript & { code: string }>('PUT', path, { content, ...more }, { 'if-match': '*' });
    expect((await put('echo one\n')).status).toBe(200);
    const folder = aikore.home('kept', '.aikore', 'script-history');
    const before = readdirSync(folder);

    // Room for the note and not for the script, then for neither; and, to be restarted, not even begun.
    for (const leaveBytes of [8192, 0]) {
      disk.empty();
      disk.fill(leaveBytes);
      const refused = await put(`${'x'.repeat(100_000)}\n`);
      expect(refused).toMatchObject({ status: 507, body: { code: 'DISK_FULL' } });
      expect(readFileSync(aikore.home('kept', 'launch.sh'), 'utf8')).toBe('echo one\n');
      expect(readdirSync(aikore.home('kept')).sort()).toEqual(['.aikore', 'launch.sh']);
    }
    expect((await put('echo two\n', { restart: true })).status).toBe(507);
    const { versions } = await aikore.api.expect<ScriptHistory>(200, 'GET', `${path}/history`);
    expect(versions.map(({ version }) => version)).toEqual([2, 1]);

    disk.empty();
    expect((await put('echo three\n')).body).toMatchObject({ is_changed: true, version: 3 });
    // What was begun is gone, too.
    expect(readdirSync(folder).sort()).toEqual([...before, '3.json', '3.sh'].sort());
  });
});
