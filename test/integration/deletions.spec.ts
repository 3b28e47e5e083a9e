import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrashEntry } from '../../src/contracts/instance.js';
import type { PortsView } from '../../src/contracts/ports.js';
import type { TrashEntrySize, TrashState } from '../../src/contracts/trash.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const FILE_BYTES = 64 * 1024;

/** What becomes of the bytes of deleted instances, and how it is told. */
describe('deleting', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;

  const fill = (folder: string, files: number): void => {
    mkdirSync(folder, { recursive: true });
    for (let count = 0; count < files; count += 1)
      writeFileSync(join(folder, `${count}`), Buffer.alloc(count % 100 === 0 ? FILE_BYTES : 1, 'x'));
  };
  const trashed = async (name: string, files: number): Promise<void> => {
    const { id } = await aikore.api.create({ name, base_blueprint: 'idles.sh' });
    fill(aikore.home(name, 'env'), files);
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}`);
  };
  const entries = () => aikore.api.expect<TrashEntry[]>(200, 'GET', 'api/trash');
  const leftovers = () => readdirSync(aikore.path('trashcan'));
  const statesOf = (events: EventsClient): TrashState[] =>
    events.events.flatMap((event) => (event.type === 'trash.changed' ? [event.data] : []));

  beforeAll(async () => {
    aikore = await lab.start();
  });

  it('counts an entry when it is asked for, and remembers it', async () => {
    await trashed('Sized', 200);
    expect(await entries()).toMatchObject([{ name: 'Sized', size_bytes: null }]);
    const size = await aikore.api.expect<TrashEntrySize>(200, 'GET', 'api/trash/Sized/size');
    expect(size.size_bytes).toBeGreaterThan(2 * FILE_BYTES);
    expect(size.file_count).toBeGreaterThanOrEqual(200);
    expect(await entries()).toMatchObject([{ name: 'Sized', size_bytes: size.size_bytes }]);
    expect((await aikore.api.refused('GET', 'api/trash/nothing/size')).status).toBe(404);
  });

  it('empties the trash can, and tells everybody that it changed', async () => {
    const events = await EventsClient.open(aikore);
    const before = events.snapshot.trash.revision;
    await trashed('Another', 1);
    await aikore.api.expect(204, 'DELETE', 'api/trash');
    expect(await entries()).toEqual([]);
    await waitFor('nothing lies about', () => leftovers().length === 0);
    await waitFor('it is told', () => (statesOf(events).at(-1)?.revision ?? 0) >= before + 2);
    await aikore.api.expect(204, 'DELETE', 'api/trash');
    events.socket.close();
  });

  it('tells how far it is, and goes on after a restart under the same name', async () => {
    const events = await EventsClient.open(aikore);
    await trashed('Big model', 30_000);
    await aikore.api.expect(204, 'DELETE', `api/trash/${encodeURIComponent('Big model')}`);
    const seen = await waitFor('progress is told', () =>
      statesOf(events)
        .flatMap(({ deletions }) => deletions)
        .find(({ removed_files: files }) => files > 0),
    );
    expect(seen).toMatchObject({ name: 'Big model', phase: 'deleting' });
    expect(seen.total_bytes).toBeGreaterThanOrEqual(seen.removed_bytes);
    await aikore.signal('SIGKILL');
    expect(leftovers()).toHaveLength(1);

    aikore = await lab.start({}, aikore.dataDir);
    const again = await EventsClient.open(aikore);
    const resumed = [
      ...again.snapshot.trash.deletions,
      ...statesOf(again).flatMap((state) => state.deletions),
    ];
    if (resumed.length > 0) expect(resumed[0]).toMatchObject({ name: 'Big model' });
    await waitFor('it is gone', () => leftovers().length === 0, 30_000);
    await waitFor('it is told', () => statesOf(again).at(-1)?.deletions.length === 0);
    again.socket.close();
  });

  it('shows whose the ports are', async () => {
    const { id, port } = await aikore.api.create({ name: 'Listener', base_blueprint: 'answers.sh' });
    await aikore.api.startUp(id);
    const view = await aikore.api.expect<PortsView>(200, 'GET', 'api/system/ports');
    expect(view.leases).toContainEqual({
      port,
      use: 'application',
      instance_id: id,
      instance_name: 'Listener',
      is_listening: true,
      exposed_addresses: [],
    });
    expect(view).toMatchObject({ dashboard_port: aikore.port, range: { first: 19_001, last: 19_020 } });
    expect([...view.free_ports, ...view.foreign_ports].length).toBeLessThanOrEqual(20);
  });
});
