import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import type { Instance } from '../../src/contracts/instance.js';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient, eventsUrl } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const PASSWORD = 'correct horse battery staple';
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1', AIKORE_PASSWORD: PASSWORD });
});

/** Numbers of what everybody is told, the snapshot's first. */
function numbersOf(viewer: EventsClient): number[] {
  return viewer.events
    .filter(({ type }) => type !== 'log.appended' && type !== 'notice')
    .map(({ seq }) => seq);
}

describe('a viewer', () => {
  it('gets the whole state first, then every change in order and without a gap', async () => {
    const present = await aikore.api.create({ name: 'present', base_blueprint: 'idles.sh' });
    const viewer = await EventsClient.open(aikore);
    expect(viewer.snapshot.instances).toEqual([await aikore.api.instance(present.id)]);
    expect(viewer.snapshot.system).toEqual(await aikore.api.expect(200, 'GET', 'api/system/info'));

    const created = await aikore.api.create({ name: 'made', base_blueprint: 'idles.sh' });
    await aikore.api.expect(200, 'PATCH', `api/instances/${created.id}`, { autostart: true });
    await aikore.api.startUp(created.id);
    await aikore.api.shutDown(created.id);
    await aikore.api.expect(204, 'DELETE', `api/instances/${created.id}`);
    const removed = await waitFor('the last event', () =>
      viewer.events.find(({ type }) => type === 'instance.removed'),
    );
    expect(removed.data).toEqual({ id: created.id, name: 'made' });

    const numbers = numbersOf(viewer);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    const story = viewer.events.filter(
      ({ type, data }) => type.startsWith('instance.') && 'id' in data && data.id === created.id,
    );
    expect(story[0]).toMatchObject({ type: 'instance.created', data: created });
    expect(story[1]).toMatchObject({ type: 'instance.updated', data: { autostart: true } });
    expect(viewer.statuses(created.id)).toEqual(['starting', 'started', 'stopping', 'stopped']);
    expect(viewer.states(created.id).at(-1)).toMatchObject({ pid: null, desired: 'stopped' });
    viewer.end();
  });

  it('that comes while things happen misses nothing between its snapshot and its first event', async () => {
    const { id } = await aikore.api.create({ name: 'bustling', base_blueprint: 'idles.sh' });
    const bustle = (async () => {
      for (let round = 0; round < 4; round += 1) {
        await aikore.api.startUp(id);
        await aikore.api.shutDown(id);
      }
    })();
    const viewers: EventsClient[] = [];
    for (let count = 0; count < 12; count += 1) viewers.push(await EventsClient.open(aikore));
    await bustle;
    for (const viewer of viewers) {
      await waitFor('the end of the story', () => {
        const last: Instance | undefined =
          viewer.states(id).at(-1) ?? viewer.snapshot.instances.find((instance) => instance.id === id);
        return last?.status === 'stopped' && last.run === 4;
      });
      const numbers = numbersOf(viewer);
      expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
      viewer.end();
    }
  });

  it('gets the figures of the machine while it looks', async () => {
    const viewer = await EventsClient.open(aikore);
    const event = await waitFor(
      'figures',
      () => viewer.events.find(({ type }) => type === 'system.stats'),
      6000,
    );
    const stats = event.data as { memory_total_bytes: number; cpu_percent: number; disk_total_bytes: number };
    expect(stats.memory_total_bytes).toBeGreaterThan(1e8);
    expect(stats.disk_total_bytes).toBeGreaterThan(1e8);
    expect(stats.cpu_percent).toBeGreaterThanOrEqual(0);
    expect(stats.cpu_percent).toBeLessThanOrEqual(100);
    viewer.end();
  });

  it('sees addresses that its own browser can use', async () => {
    const host = `localhost:${aikore.port}`;
    const viewer = await EventsClient.open(aikore, { authorization: `Bearer ${TOKEN}`, host });
    const { id } = await aikore.api.create({ name: 'addressed', base_blueprint: 'idles.sh' });
    const event = await waitFor('it is told', () =>
      viewer.events.find(({ type, data }) => type === 'instance.created' && 'id' in data && data.id === id),
    );
    expect((event.data as Instance).url).toBe(`http://localhost:${aikore.appsPort}/instance/addressed/`);
    viewer.end();
  });

  it('is told the phase that a script announces', async () => {
    writeFileSync(
      aikore.path('custom_blueprints', 'steps.sh'),
      'source "$AIKORE_FUNCTIONS"\naikore_step "Installing torch"\nsleep 0.6\naikore_step "Fetching models"\nsleep 60\n',
    );
    const { id } = await aikore.api.create({ name: 'stepwise', base_blueprint: 'steps.sh' });
    const viewer = await EventsClient.open(aikore);
    await aikore.api.command(id, 'start');
    await waitFor('both phases', () => viewer.states(id).some(({ phase }) => phase === 'Fetching models'));
    const phases = viewer.states(id).map(({ phase }) => phase);
    expect(phases.filter((phase, index) => phase !== phases[index - 1])).toEqual([
      null,
      'Installing torch',
      'Fetching models',
    ]);
    viewer.end();
    await aikore.api.shutDown(id);
  });
});

describe('a message that makes no sense', () => {
  const garbage = [
    '',
    'hello',
    '{',
    'null',
    '[]',
    '7',
    '{}',
    '{"subscribe":"everything","id":1}',
    '{"subscribe":"logs"}',
    '{"subscribe":"logs","id":"1"}',
    '{"subscribe":"logs","id":1.5}',
    '{"subscribe":"logs","id":1,"offset":"0"}',
    '{"subscribe":"logs","id":1,"offset":1e400}',
    '{"__proto__":{"subscribe":"logs","id":1}}',
    '['.repeat(1000),
    `{"subscribe":"logs","id":1,"x":"${'x'.repeat(2000)}"}`,
  ];
  it('is answered by a notice, and the viewer stays', async () => {
    const viewer = await EventsClient.open(aikore);
    for (const text of garbage) viewer.send(text);
    viewer.socket.send(Buffer.from([0xff, 0, 0x80]));
    await waitFor('a notice for each', () => viewer.notices().length === garbage.length + 1);
    expect(new Set(viewer.notices()).size).toBe(1);
    expect(viewer.notices()[0]).toMatch(/Expected/);
    viewer.follow(987_654);
    await waitFor('one more', () => viewer.notices().length === garbage.length + 2);
    expect(viewer.notices().at(-1)).toMatch(/no instance 987654/);
    expect(viewer.closeCode).toBeNull();
    viewer.end();
  });

  it('of more than a megabyte ends the connection, and nothing else', async () => {
    const viewer = await EventsClient.open(aikore);
    viewer.send('x'.repeat(2 * 1024 * 1024));
    expect(await viewer.closed()).not.toBeNull();
    expect((await aikore.api.send('GET', 'api/status')).status).toBe(200);
  });
});

describe('the end of a sign-in', () => {
  it('closes the sockets of that session and of no other', async () => {
    const [leaving, staying] = [await aikore.signIn(PASSWORD), await aikore.signIn(PASSWORD)];
    const origin = new URL(aikore.dashboardUrl).origin;
    const view = (api: typeof leaving) => EventsClient.open(aikore, { cookie: api.cookie, origin });
    const [gone, kept] = [await view(leaving), await view(staying)];
    await leaving.expect(204, 'POST', 'api/auth/logout');
    expect(await gone.closed()).toBe(4401);
    expect(kept.closeCode).toBeNull();
    kept.end();
  });

  it('closes the sockets of a token that is deleted', async () => {
    const made = await aikore.api.expect<{ id: number; token: string }>(201, 'POST', 'api/auth/tokens', {
      name: 'viewer',
      scopes: ['read'],
    });
    const viewer = await EventsClient.open(aikore, { authorization: `Bearer ${made.token}` });
    await aikore.api.expect(204, 'DELETE', `api/auth/tokens/${made.id}`);
    expect(await viewer.closed()).toBe(4401);
  });
});

describe('the end of AiKore', () => {
  it('closes every socket with 1001', async () => {
    const other = await lab.start();
    const viewer = await EventsClient.open(other);
    const mute = new WebSocket(eventsUrl(other), { headers: { authorization: `Bearer ${TOKEN}` } });
    await once(mute, 'open');
    mute.pause();
    expect((await other.stop()).code).toBe(0);
    expect(await viewer.closed()).toBe(1001);
    mute.terminate();
  });
});
