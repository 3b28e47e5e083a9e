import { describe, expect, it } from '@jest/globals';
import { dirname } from 'node:path';
import { CrashShim } from '../support/crash-shim.js';
import type { DiskCall } from '../support/crash-shim.js';
import { useLab } from '../support/lab.js';

const lab = useLab();
const shim = new CrashShim(lab.root);

/** What need not survive a power cut: files of runs and the lock, SQLite's index of its log. */
const VOLATILE = /\/run\/|-shm$|\.ready|\/tmp\/[^/]*$/;
const WRITES = new Set(['write', 'pwrite', 'pwrite64', 'ftruncate', 'ftruncate64']);

/** Files whose last change, and folders whose last new name, was not followed by a sync. */
function unsynced(calls: readonly DiskCall[], dataDir: string): string[] {
  const open = new Set<string>();
  for (const { name, path } of calls) {
    if (name === 'fsync' || name === 'fdatasync') open.delete(path);
    else if (VOLATILE.test(path.slice(dataDir.length))) continue;
    else if (WRITES.has(name)) open.add(path);
    else if (name === 'rename') open.add(dirname(path));
    // What is gone needs no sync of its own.
    else if (name === 'unlink') open.delete(path);
  }
  return [...open];
}

describe('what AiKore has acknowledged', () => {
  it('is on the disk by then, the names of files included: a power cut takes nothing of it', async () => {
    const dataDir = lab.dataDir();
    const aikore = await lab.start(shim.tracing(dataDir, 'writes.trace'), dataDir);
    const expectSynced = (deed: string): void => {
      const calls = shim.trace('writes.trace');
      expect([deed, calls.length > seen, unsynced(calls, dataDir)]).toEqual([deed, true, []]);
      seen = calls.length;
    };
    let seen = 0;
    const { api } = aikore;
    const { id } = await api.create({ name: 'one', base_blueprint: 'idles.sh' });
    expectSynced('create');
    await api.expect(200, 'PATCH', `api/instances/${id}`, { launch_args: '--x', env: { A: '1' } });
    expectSynced('change');
    await api.expect(200, 'PATCH', `api/instances/${id}`, { name: 'renamed' });
    expectSynced('rename');
    await api.expect(200, 'PUT', 'api/system/blueprints/custom/idles.sh', { content: '# changed' });
    expectSynced('change a blueprint');
    await api.expect(204, 'DELETE', `api/instances/${id}`);
    expectSynced('delete');
    await api.expect(200, 'POST', 'api/trash/renamed/restore');
    expectSynced('restore');
    await api.expect(204, 'DELETE', `api/instances/${(await api.byName('renamed')).id}?mode=permanent`);
    expectSynced('delete for ever');
    await aikore.stop();
  });
});
