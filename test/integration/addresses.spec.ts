import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname as machineName } from 'node:os';
import { readFileSync, writeFileSync } from 'node:fs';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance } from '../../src/contracts/instance.js';
import type { PortsView } from '../../src/contracts/ports.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;
/** The published range of these tests: four ports, others than those of a run beside this one. */
const first = 20_001 + (process.pid % 200) * 4;

beforeAll(async () => {
  aikore = await lab.start({
    AIKORE_STOP_GRACE: '1',
    AIKORE_INSTANCE_PORT_RANGE: `${first}-${first + 3}`,
    AIKORE_ALLOWED_HOSTS: 'box.lan,public.example,apps.example',
  });
});

/** Each test begins with a free range. */
afterEach(async () => {
  for (const { id } of await aikore.api.instances()) await remove(id);
  await areFree([first, first + 1, first + 2, first + 3]);
});

let made = 0;
const wish = (change: Record<string, unknown> = {}) => ({
  name: `address ${(made += 1)}`,
  base_blueprint: 'idles.sh',
  ...change,
});
const create = (change: Record<string, unknown> = {}) => aikore.api.create(wish(change));
const change = (id: number, body: unknown, method = 'PATCH') =>
  aikore.api.expect<Instance>(200, method, `api/instances/${id}`, body);
const remove = (id: number) => aikore.api.expect(204, 'DELETE', `api/instances/${id}?mode=permanent`);
const refused = async (id: number, body: unknown): Promise<{ status: number; body: ErrorBody }> => {
  const answer = await aikore.api.refused('PATCH', `api/instances/${id}`, body);
  return answer;
};
const freePorts = async () => {
  const path = 'api/system/available-ports';
  return (await aikore.api.expect<{ available_ports: number[] }>(200, 'GET', path)).available_ports;
};

/** The status of a page at a port of this machine; null: nobody listens. */
const answerAt = (port: number): Promise<number | null> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    ({ status }) => status,
    () => null,
  );

/** Waits: what was given back is let go of a moment later, by NGINX as well. */
const areFree = (ports: number[]) =>
  waitFor(`just ${ports.join()} are free`, async () => (await freePorts()).join() === ports.join());

describe('a blueprint that asks for it', () => {
  it('gives new instances a port and a desktop, unless whoever creates them says otherwise', async () => {
    const head = ['### AIKORE-METADATA-START ###', '# aikore.proxy.mode = port', '# aikore.desktop = true'];
    const text = [...head, '### AIKORE-METADATA-END ###', 'exec sleep 600', ''].join('\n');
    writeFileSync(aikore.path('custom_blueprints', 'asks.sh'), text);
    const asked = await create({ base_blueprint: 'asks.sh' });
    expect(asked).toMatchObject({ access_mode: 'port', persistent_mode: true });
    expect(await freePorts()).not.toContain(asked.public_port);
    const said = { base_blueprint: 'asks.sh', access_mode: 'path', persistent_mode: false };
    expect(await create(said)).toMatchObject({
      access_mode: 'path',
      persistent_mode: false,
      public_port: null,
    });
  });
});

describe('port mode', () => {
  it('comes with a port and goes with it; nothing restarts, everybody is told', async () => {
    const viewer = await EventsClient.open(aikore);
    const { id } = await create();
    const on = await change(id, { access_mode: 'port' });
    expect(on).toMatchObject({ access_mode: 'port', public_port: first, pending_restart: false });
    expect(on.url).toBe(`http://127.0.0.1:${first}/`);
    expect(await freePorts()).not.toContain(first);
    await waitFor('everybody is told', () =>
      viewer.events.some(
        (event) =>
          event.type === 'instance.updated' && event.data.id === id && event.data.url.endsWith(`:${first}/`),
      ),
    );
    const moved = await change(id, { public_port: first + 2 });
    expect(moved).toMatchObject({ public_port: first + 2, url: `http://127.0.0.1:${first + 2}/` });
    await areFree([first, first + 1, first + 3]);
    const another = await change(id, { public_port: null });
    expect(another.public_port).toBe(first);
    const off = await change(id, { access_mode: 'path' }, 'PUT');
    expect(off).toMatchObject({
      public_port: null,
      url: `http://127.0.0.1:${aikore.appsPort}/instance/${off.slug}/`,
    });
    await areFree([first, first + 1, first + 2, first + 3]);
    viewer.end();
  });

  it('may begin with a certain port, which nobody else gets', async () => {
    const one = await create({ access_mode: 'port', public_port: first + 1 });
    expect(one.public_port).toBe(first + 1);
    const two = await create({ access_mode: 'port' });
    expect(two.public_port).toBe(first);
    const three = await create({ persistent_mode: true });
    expect(three).toMatchObject({ persistent_port: first + 3, public_port: null });
    for (const port of [first, first + 1, first + 3]) {
      const { id } = port === first ? one : two;
      const answer = await refused(id, { public_port: port });
      expect([answer.status, answer.body.code]).toEqual([409, 'PORT_TAKEN']);
      expect(answer.body.details).toHaveProperty('public_port');
    }
    const view = await aikore.api.expect<PortsView>(200, 'GET', 'api/system/ports');
    const uses = view.leases.filter(({ use }) => use !== 'application').map(({ port, use }) => [port, use]);
    expect(uses).toEqual([
      [first, 'published'],
      [first + 1, 'published'],
      [first + 3, 'desktop'],
    ]);
  });

  it('is refused when the range is used up, and nothing is made or kept', async () => {
    const all = await Promise.all([1, 2].map(() => create({ access_mode: 'port', persistent_mode: true })));
    expect(await freePorts()).toEqual([]);
    const { status, body } = await aikore.api.refused('POST', 'api/instances', wish({ access_mode: 'port' }));
    expect([status, body.code]).toEqual([503, 'NO_FREE_PUBLISHED_PORT']);
    expect(body.message).toContain('AIKORE_INSTANCE_PORT_RANGE');
    for (const { id } of all) await remove(id);
    const again = await create({ access_mode: 'port', persistent_mode: true });
    expect([again.public_port, again.persistent_port]).toEqual([first, first + 3]);
  });

  it.each([
    ['outside the range', () => 80, 422],
    ['beyond all ports', () => 65_536, 422],
    ['negative', () => -1, 422],
    ['zero', () => 0, 422],
    ['a fraction', () => first + 0.5, 422],
    ['text', () => String(first), 422],
    ['text with a semicolon', () => `${first};`, 422],
    ['true', () => true, 422],
    ['a list', () => [first], 422],
  ])('refuses a port that is %s', async (_what, port, expected) => {
    const { id } = await create({ access_mode: 'port' });
    const { status, body } = await refused(id, { public_port: port() });
    expect([status, Object.keys(body.details)]).toEqual([expected, ['public_port']]);
    expect(await aikore.api.instance(id)).toMatchObject({ public_port: first });
  });

  it('refuses a port without the mode, and one that a stranger listens on, who is named', async () => {
    const { id } = await create();
    expect((await refused(id, { public_port: first })).body.details).toHaveProperty('public_port');
    // NGINX may have it yet, from the test before.
    const script = `const server = require('net').createServer(() => undefined);
      const listen = () => server.listen(${first}, '127.0.0.1');
      server.on('error', () => setTimeout(listen, 50)).on('listening', () => console.log('up'));
      listen();`;
    const stranger = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(stranger.stdout, 'data');
      const { status, body } = await refused(id, { access_mode: 'port', public_port: first });
      expect([status, body.code]).toEqual([409, 'PORT_IN_USE']);
      expect(body.message).toContain(`(pid ${String(stranger.pid)})`);
      expect((await change(id, { access_mode: 'port' })).public_port).toBe(first + 1);
    } finally {
      stranger.kill();
      await once(stranger, 'exit');
    }
  });

  it('takes its own answer back, whole', async () => {
    const stored = await create({
      access_mode: 'port',
      persistent_mode: true,
      hostname: 'echo.lan',
      use_custom_hostname: true,
    });
    const { name, hostname, use_custom_hostname, access_mode, public_port, persistent_mode } = stored;
    const form = { name, hostname, use_custom_hostname, access_mode, public_port, persistent_mode };
    expect(await change(stored.id, form, 'PUT')).toEqual(stored);
    expect(await change(stored.id, { ...form, hostname: 'ECHO.lan' })).toEqual(stored);
    // The form of somebody who only changes the mode.
    expect(await change(stored.id, { ...form, access_mode: 'path' })).toMatchObject({ public_port: null });
  });
});

describe('a custom hostname', () => {
  it('is stored in its normal form and, with the switch, is the link', async () => {
    const { id, slug } = await create({ hostname: 'Comfy.Home.LAN' });
    expect(await aikore.api.instance(id)).toMatchObject({
      hostname: 'comfy.home.lan',
      use_custom_hostname: false,
      url: `http://127.0.0.1:${aikore.appsPort}/instance/${slug}/`,
    });
    const links: [string, string][] = [
      ['comfy.home.lan', `http://comfy.home.lan:${aikore.appsPort}/`],
      ['comfy.home.lan:81', 'http://comfy.home.lan:81/'],
      ['https://ai.example.org/comfy', 'https://ai.example.org/comfy'],
    ];
    for (const [hostname, url] of links)
      expect(await change(id, { hostname, use_custom_hostname: true })).toMatchObject({ hostname, url });
    expect((await refused(id, { hostname: null })).body.details).toHaveProperty('hostname');
    const off = await change(id, { hostname: null, use_custom_hostname: false });
    expect(off.url).toBe(`http://127.0.0.1:${aikore.appsPort}/instance/${slug}/`);
  });

  it.each([
    ['x.lan; return 200', 422],
    ['x.lan}', 422],
    ['x.lan\nserver {', 422],
    ['$host', 422],
    ['"x.lan"', 422],
    ["'x.lan'", 422],
    ['../x', 422],
    ['x.lan/..', 422],
    ['*.lan', 422],
    ['x.lan.', 422],
    ['bücher.lan', 422],
    ['x\u202Enal.lan', 422],
    ['10.0.0.1', 422],
    ['[::1]', 422],
    ['x.lan:99999', 422],
    ['javascript:alert(1)', 422],
    ['http://user:pw@x.lan/', 422],
    ['http://x.lan/<script>', 422],
    ['x'.repeat(10_000), 422],
    ['', 422],
    [7, 422],
    [true, 422],
    [{ toString: 'x' }, 422],
    [['x.lan'], 422],
    // AiKore's own.
    ['box.lan', 422],
    ['public.example', 422],
    ['APPS.example:9001', 422],
    ['localhost', 422],
    ['other.localhost', 422],
  ])('%j is refused beside its field, in a creation and in a change', async (hostname, expected) => {
    const body = wish({ hostname });
    const creation = await aikore.api.refused('POST', 'api/instances', body);
    expect([creation.status, Object.keys(creation.body.details)]).toEqual([expected, ['hostname']]);
    expect(String(creation.body.details['hostname'])).toMatch(/^[ -~]*\.$/);
    const { id } = await create({ hostname: 'kept.lan' });
    expect((await refused(id, { hostname })).status).toBe(expected);
    expect((await aikore.api.instance(id)).hostname).toBe('kept.lan');
  });

  it("is not the machine's, nor another instance's, whatever its case and port", async () => {
    const one = await create({ hostname: 'Taken.lan:8080' });
    for (const hostname of ['taken.lan', 'TAKEN.LAN:1', 'https://taken.lan/x']) {
      const { status, body } = await aikore.api.refused('POST', 'api/instances', wish({ hostname }));
      expect([status, body.details]).toEqual([422, { hostname: `It belongs to ${one.name}.` }]);
    }
    const { status } = await aikore.api.refused(
      'POST',
      'api/instances',
      wish({ hostname: machineName().toLowerCase() }),
    );
    expect(status).toBe(422);
    const two = await create({ hostname: 'two.lan' });
    expect((await refused(two.id, { hostname: 'taken.lan' })).status).toBe(422);
    await remove(one.id);
    expect(await change(two.id, { hostname: 'taken.lan' })).toMatchObject({ hostname: 'taken.lan' });
  });

  it('is given to one of ten who ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        aikore.api.send('POST', 'api/instances', wish({ hostname: 'race.lan' })),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(422)]);
  });

  it('needs to be there to be used', async () => {
    const creation = await aikore.api.refused('POST', 'api/instances', wish({ use_custom_hostname: true }));
    expect([creation.status, Object.keys(creation.body.details)]).toEqual([422, ['use_custom_hostname']]);
  });

  it('is refused together with whatever else is wrong, one sentence a field', async () => {
    const { body } = await aikore.api.refused(
      'POST',
      'api/instances',
      wish({ hostname: ';', gpu_ids: 'x', access_mode: 'carrier pigeon' }),
    );
    expect(Object.keys(body.details)).toContain('access_mode');
    const rest = await aikore.api.refused('POST', 'api/instances', wish({ hostname: ';', gpu_ids: 'x' }));
    expect(Object.keys(rest.body.details).sort()).toEqual(['gpu_ids', 'hostname']);
  });
});

describe('a change of an address', () => {
  it('has an ETag like any other, and a stale one changes nothing', async () => {
    const { id } = await create();
    const path = `api/instances/${id}`;
    const tag = (await aikore.api.send('GET', path)).headers.get('etag') ?? '';
    const stored = await aikore.api.send('PATCH', path, { access_mode: 'port' }, { 'if-match': tag });
    expect(stored.status).toBe(200);
    const late = await aikore.api.send('PATCH', path, { hostname: 'late.lan' }, { 'if-match': tag });
    expect(late.status).toBe(412);
    expect(await aikore.api.instance(id)).toMatchObject({ access_mode: 'port', hostname: null });
  });

  it('is in the audit log', async () => {
    const { id, name } = await create();
    await change(id, { hostname: 'audited.lan', use_custom_hostname: true });
    const log = await aikore.api.expect<{ entries: { target: string | null; action: string }[] }>(
      200,
      'GET',
      'api/audit',
    );
    expect(log.entries.some(({ target }) => target?.includes(name) === true)).toBe(true);
  });

  it('of the desktop waits for a restart while it runs; the address comes at once', async () => {
    const { id } = await create();
    await aikore.api.startUp(id);
    expect(await change(id, { access_mode: 'port', hostname: 'run.lan' })).toMatchObject({
      pending_restart: false,
    });
    const desktop = await change(id, { persistent_mode: true });
    expect(desktop).toMatchObject({
      pending_restart: true,
      desktop_url: `http://127.0.0.1:${String(desktop.persistent_port)}/`,
    });
    expect(await change(id, { persistent_mode: false })).toMatchObject({
      persistent_port: null,
      desktop_url: null,
    });
    await aikore.api.shutDown(id);
  });
});

describe('the trash can', () => {
  const trash = async (instance: Instance) => {
    await aikore.api.expect(204, 'DELETE', `api/instances/${instance.id}`);
    return instance.name;
  };
  const restore = (name: string) =>
    aikore.api.expect<Instance>(200, 'POST', `api/trash/${encodeURIComponent(name)}/restore`);

  it('gives addresses back as they were', async () => {
    const before = await create({
      access_mode: 'port',
      public_port: first + 2,
      hostname: 'back.lan',
      use_custom_hostname: true,
      persistent_mode: true,
    });
    const after = await restore(await trash(before));
    expect(after).toMatchObject({
      access_mode: 'port',
      public_port: first + 2,
      persistent_mode: true,
      persistent_port: before.persistent_port,
      hostname: 'back.lan',
      use_custom_hostname: true,
      url: before.url,
    });
  });

  it('gives others where somebody has them by now, and says so', async () => {
    const before = await create({
      access_mode: 'port',
      public_port: first,
      hostname: 'mine.lan',
      use_custom_hostname: true,
    });
    const name = await trash(before);
    const usurper = await create({ access_mode: 'port', public_port: first, hostname: 'mine.lan' });
    const after = await restore(name);
    expect(after).toMatchObject({ public_port: first + 1, hostname: null, use_custom_hostname: false });
    expect(after.status_reason).toContain(`without the hostname mine.lan: it belongs to ${usurper.name}.`);
  });

  it('believes no manifest that an application has written', async () => {
    const name = await trash(await create({ access_mode: 'port' }));
    const file = aikore.path(`trashcan/${name}/.aikore-instance.json`);
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const forged = { public_port: 22, hostname: 'box.lan', use_custom_hostname: true, persistent_port: 80 };
    writeFileSync(file, JSON.stringify({ ...manifest, ...forged, persistent_mode: true }));
    const after = await restore(name);
    expect(after).toMatchObject({
      public_port: first,
      persistent_port: first + 3,
      hostname: null,
      use_custom_hostname: false,
    });
  });
});

describe('addresses that AiKore was given others for since they were made', () => {
  const range = (from: number, to: number) => ({ AIKORE_INSTANCE_PORT_RANGE: `${from}-${to}` });
  /** Beside the ranges of other tests: four ports, and three behind them. */
  const low = 19_041 + (process.pid % 32) * 8;
  const high = low + 4;

  it('move into the new range before anything listens, and at a start; what has no room stays and says so', async () => {
    let own = await lab.start(range(low, low + 3));
    const wish = { base_blueprint: 'idles.sh', access_mode: 'port', persistent_mode: true } as const;
    for (const name of ['one', 'two']) await own.api.create({ name, ...wish });
    await own.stop();
    own = await lab.start(range(high, high + 2), own.dataDir);
    const [one, two] = await own.api.instances();
    expect([one?.public_port, one?.persistent_port, two?.public_port]).toEqual([high, high + 2, high + 1]);
    expect(one?.url).toBe(`http://127.0.0.1:${high}/`);
    expect(one?.warnings).toEqual([
      `Its public port ${low} is outside of the published range, so it got port ${high}.`,
      `Its desktop's port ${low + 3} is outside of the published range, so it got port ${high + 2}.`,
    ]);
    const stray = `Its desktop's port ${low + 2} is outside of the published range ${high}-${high + 2}`;
    expect(two?.persistent_port).toBe(low + 2);
    expect(two?.warnings.some((text) => text.startsWith(stray))).toBe(true);
    // Nobody is served where the range ended.
    await waitFor('the new port answers', async () => (await answerAt(high)) === 401);
    expect(await answerAt(low)).toBeNull();

    await own.api.expect(204, 'DELETE', `api/instances/${one?.id ?? 0}?mode=permanent`);
    const viewer = await EventsClient.open(own);
    const running = await own.api.startUp(two?.id ?? 0);
    expect(running.persistent_port).toBe(high + 2);
    expect(viewer.notices().join()).toContain(`${low + 2} is outside of the published range, so it got`);
    viewer.end();
    expect(running.warnings.filter((text) => text.includes('range'))).toEqual([]);
    await own.stop();
  });

  it('are served at once where a start has moved them', async () => {
    let own = await lab.start(range(low, low + 1));
    const wish = { base_blueprint: 'idles.sh', access_mode: 'port' } as const;
    const quick = await own.api.create({ name: 'quick', ...wish });
    const late = await own.api.create({ name: 'late', ...wish });
    await own.stop();
    own = await lab.start(range(high, high), own.dataDir);
    expect((await own.api.instance(late.id)).public_port).toBe(low + 1);
    await own.api.expect(200, 'PATCH', `api/instances/${quick.id}`, { access_mode: 'path' });
    expect((await own.api.startUp(late.id)).url).toBe(`http://127.0.0.1:${high}/`);
    await waitFor('the new port answers', async () => (await answerAt(high)) === 401);
    await waitFor('the old one does not', async () => (await answerAt(low + 1)) === null);
    await own.stop();
  });

  it('are no hostnames that have become its own; the next best is the link, and the reason is told', async () => {
    let own = await lab.start();
    const wishes = { base_blueprint: 'idles.sh', hostname: 'late.lan', use_custom_hostname: true };
    const { id, slug } = await own.api.create({ name: 'named', ...wishes });
    expect((await own.api.instance(id)).url).toBe(`http://late.lan:${own.appsPort}/`);
    await own.stop();
    own = await lab.start({ AIKORE_ALLOWED_HOSTS: 'late.lan' }, own.dataDir);
    const path = `http://127.0.0.1:${own.appsPort}/instance/${slug}/`;
    const { url, warnings } = await own.api.instance(id);
    expect([url, warnings]).toEqual([
      path,
      [expect.stringMatching(/^Its hostname late\.lan is a name of AiKore itself/)],
    ]);
    const renamed = await own.api.expect<Instance>(200, 'PATCH', `api/instances/${id}`, {
      hostname: 'b.lan',
    });
    expect([renamed.url, renamed.warnings]).toEqual([`http://b.lan:${own.appsPort}/`, []]);
    await own.stop();
  });
});
