import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance } from '../../src/contracts/instance.js';
import { Database } from '../../src/core/database/sqlite.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { freePort } from '../support/ports.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;
const servers: Server[] = [];

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
  // What a snapshot tells of the machine is found out once, by programs that take their time.
  await aikore.api.expect(200, 'GET', 'api/system/info');
});

afterEach(async () => {
  for (const server of servers.splice(0)) await release(server);
});

async function listen(port: number, host: string): Promise<Server> {
  // Probes knock here too, and a connection that stays open would keep the server from closing.
  const server = createServer((socket) => socket.destroy()).listen({ port, host });
  await once(server, 'listening');
  servers.push(server);
  return server;
}

async function release(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}

/** Connections from this port that wait for stragglers: state 06 in /proc/net/tcp (include/net/tcp_states.h). */
function waitingAt(port: number): number {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  const lines = readFileSync('/proc/net/tcp', 'latin1').split('\n');
  return lines.filter((line) => line.includes(local) && / 06 /.test(line)).length;
}

/** Generous, for a busy machine takes its time to start a program. */
const START_LIMIT_MS = 40_000;

async function startUp(of: AiKoreProcess, id: number): Promise<Instance> {
  await of.api.command(id, 'start');
  return of.api.reaches(id, 'started', START_LIMIT_MS);
}

const answerAt = async (port: number): Promise<string> => (await fetch(`http://127.0.0.1:${port}/`)).text();

describe('the port of an instance at a start', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::'])(
    'is replaced when another program listens on it at %s, which is named',
    async (host) => {
      const name = `displaced ${host.replaceAll(':', 'six')}`;
      const { id, port } = await aikore.api.create({ name, base_blueprint: 'answers.sh' });
      await listen(port, host);
      const viewer = await EventsClient.open(aikore);
      const instance = await startUp(aikore, id);
      expect(instance.port).not.toBe(port);
      expect(await answerAt(instance.port)).toBe('answered');
      const told = `(pid ${process.pid}), so it got port ${instance.port}.`;
      expect(viewer.notices().some((text) => text.includes(told))).toBe(true);
      viewer.end();
      await aikore.api.shutDown(id);
    },
  );

  it('is kept when something uses the same number for datagrams', async () => {
    const { id, port } = await aikore.api.create({ name: 'beside udp', base_blueprint: 'answers.sh' });
    const datagrams = createSocket('udp4').bind(port, '0.0.0.0');
    await once(datagrams, 'listening');
    expect((await startUp(aikore, id)).port).toBe(port);
    await aikore.api.shutDown(id);
    datagrams.close();
  });

  it('is kept while connections of the last run are in TIME_WAIT', async () => {
    const { id, port } = await aikore.api.create({ name: 'lingering', base_blueprint: 'answers.sh' });
    await startUp(aikore, id);
    // Who closes first has the TIME_WAIT: here the application, at its end or when asked to.
    await Promise.all(
      Array.from({ length: 20 }, () =>
        fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } }).then((answer) =>
          answer.text(),
        ),
      ),
    );
    expect(waitingAt(port)).toBeGreaterThan(0);
    await aikore.api.command(id, 'restart');
    const instance = await waitFor(
      'it runs again',
      async () => {
        const seen = await aikore.api.instance(id);
        return seen.run === 2 && seen.status === 'started' && seen;
      },
      START_LIMIT_MS,
    );
    expect(instance.port).toBe(port);
    await aikore.api.shutDown(id);
  });

  it('that somebody takes before the application does is a failure that says so, healed by the next start', async () => {
    const { id, port } = await aikore.api.create({ name: 'too late', base_blueprint: 'binds-when-told.sh' });
    await aikore.api.command(id, 'start');
    await waitFor('it runs', async () => (await aikore.api.instance(id)).pid);
    await listen(port, '127.0.0.1');
    writeFileSync(aikore.home('too late', 'go'), '');
    const failed = await aikore.api.reaches(id, 'error', START_LIMIT_MS);
    expect(failed.port).toBe(port);
    expect(failed.evidence.join('\n')).toContain('EADDRINUSE');
    await aikore.api.command(id, 'start');
    const moved = await waitFor('it has another port', async () => {
      const instance = await aikore.api.instance(id);
      return instance.port !== port && instance;
    });
    writeFileSync(aikore.home('too late', 'go'), '');
    await aikore.api.reaches(id, 'started', START_LIMIT_MS);
    expect(await answerAt(moved.port)).toBe('answered');
    await aikore.api.shutDown(id);
  });

  it('is chosen anew for each of several that are displaced at once', async () => {
    const created = await Promise.all(
      ['a', 'b', 'c', 'd'].map((letter) =>
        aikore.api.create({ name: `crowd ${letter}`, base_blueprint: 'answers.sh' }),
      ),
    );
    for (const { port } of created) await listen(port, '127.0.0.1');
    const moved = await Promise.all(created.map(({ id }) => startUp(aikore, id)));
    const ports = new Set([...created, ...moved].map(({ port }) => port));
    expect(ports.size).toBe(8);
    await Promise.all(created.map(({ id }) => aikore.api.shutDown(id)));
  });
});

describe('the ports of several instances', () => {
  it('are all different when 50 are created at once', async () => {
    const wishes = Array.from({ length: 50 }, (_, index) => ({
      name: `many ${index}`,
      base_blueprint: 'idles.sh',
    }));
    const instances = await Promise.all(
      wishes.map((wish) => aikore.api.expect<Instance>(201, 'POST', 'api/instances', wish)),
    );
    expect(new Set(instances.map(({ port }) => port)).size).toBe(50);
    await Promise.all(
      instances.map(({ id }) => aikore.api.expect(204, 'DELETE', `api/instances/${id}?mode=permanent`)),
    );
  }, 120_000);

  it('are never one port, however many ask for it at once', async () => {
    const port = await freePort();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        aikore.api.refused('POST', 'api/instances', {
          name: `rival ${index}`,
          base_blueprint: 'idles.sh',
          port,
        }),
      ),
    );
    const words = answers
      .map(({ status, body }) => `${status} ${(body as Partial<ErrorBody>).code ?? ''}`)
      .sort();
    expect(words).toEqual(['201 ', ...Array.from({ length: 9 }, () => '409 PORT_TAKEN')]);
    const one = await aikore.api.create({ name: 'one', base_blueprint: 'idles.sh' });
    const two = await aikore.api.create({ name: 'two', base_blueprint: 'idles.sh' });
    const wanted = await freePort();
    const changes = await Promise.all(
      [one, two].map(({ id }) => aikore.api.refused('PATCH', `api/instances/${id}`, { port: wanted })),
    );
    expect(changes.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

/** Works on the database of a stopped AiKore. */
function withDatabase<T>(of: AiKoreProcess, work: (database: Database) => T): T {
  const database = new Database(of.path('aikore.db'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

describe('published ports in the database', () => {
  it('belong to one instance, whichever use they have', async () => {
    const own = await lab.start();
    for (const name of ['one', 'two']) await own.api.create({ name, base_blueprint: 'idles.sh' });
    await own.stop();
    withDatabase(own, (database) => {
      const set = (column: string, port: number | null, name: string) => () =>
        database.prepare(`UPDATE instances SET ${column} = ? WHERE name = ?`).run(port, name);
      set('public_port', 19_001, 'one')();
      expect(set('persistent_port', 19_001, 'two')).toThrow('a published port belongs to one instance only');
      expect(set('persistent_port', 19_001, 'one')).toThrow('a published port belongs to one instance only');
      expect(set('public_port', 19_001, 'two')).toThrow('UNIQUE');
      set('persistent_port', 19_002, 'two')();
      expect(set('public_port', 19_002, 'one')).toThrow('a published port belongs to one instance only');
      const copy = database.prepare(
        `INSERT INTO instances (name, slug, base_blueprint, port, public_port, position, created_at, updated_at, status, status_reason, status_since, desired)
         SELECT 'three', 'three', base_blueprint, 30000, 19002, 9, created_at, updated_at, status, status_reason, status_since, desired
         FROM instances WHERE name = 'one'`,
      );
      expect(() => copy.run()).toThrow('a published port belongs to one instance only');
      set('public_port', null, 'one')();
      set('persistent_port', 19_001, 'two')();
    });
  });
});

describe('the display of an instance with a desktop', () => {
  /** The lease alone is meant here; desktops.spec.ts has real ones. */
  const NO_DESKTOPS = { AIKORE_DISPLAY_SERVER: 'none' };
  const socketOf = (display: number): string => `/tmp/.X11-unix/X${display}`;
  const lockOf = (display: number): string => `/tmp/.X${display}-lock`;
  const made: string[] = [];

  afterEach(() => {
    for (const file of made.splice(0)) rmSync(file, { force: true });
  });

  /** A number that nobody has anything of. */
  function unusedDisplay(): number {
    for (;;) {
      const display = 200 + Math.floor(Math.random() * 250);
      if (!existsSync(socketOf(display)) && !existsSync(lockOf(display))) return display;
    }
  }

  async function withDesktop(display: number | null): Promise<{ own: AiKoreProcess; id: number }> {
    const first = await lab.start();
    const { id } = await first.api.create({ name: 'desktop', base_blueprint: 'idles.sh' });
    await first.stop();
    withDatabase(first, (database) =>
      database.prepare('UPDATE instances SET persistent_mode = 1, persistent_display = ?').run(display),
    );
    return { own: await lab.start(NO_DESKTOPS, first.dataDir), id };
  }

  it('is leased at the first start, and kept', async () => {
    const { own, id } = await withDesktop(null);
    const instance = await startUp(own, id);
    expect(instance.persistent_display).toBeGreaterThanOrEqual(10);
    await own.stop();
    const again = await lab.start(NO_DESKTOPS, own.dataDir);
    expect((await startUp(again, id)).persistent_display).toBe(instance.persistent_display);
    await again.stop();
  });

  it('is another one when a server took it meanwhile, and that is stored', async () => {
    const display = unusedDisplay();
    mkdirSync('/tmp/.X11-unix', { recursive: true, mode: 0o1777 });
    const server = createServer().listen({ path: socketOf(display) });
    await once(server, 'listening');
    servers.push(server);
    made.push(socketOf(display));
    const { own, id } = await withDesktop(display);
    const viewer = await EventsClient.open(own);
    const instance = await startUp(own, id);
    expect(instance.persistent_display).not.toBe(display);
    const told = `Its display :${display} was taken, so it got :${instance.persistent_display}.`;
    expect(viewer.notices().some((text) => text.includes(told))).toBe(true);
    viewer.end();
    await own.stop();
    const stored = withDatabase(own, (database) =>
      database.prepare('SELECT persistent_display FROM instances').pluck().get(),
    );
    expect(stored).toBe(instance.persistent_display);
  });

  it('is kept, and cleared, when only the lock of a dead server is in the way', async () => {
    const display = unusedDisplay();
    writeFileSync(lockOf(display), `${String(spawnSync('true').pid).padStart(10)}\n`);
    made.push(lockOf(display));
    const { own, id } = await withDesktop(display);
    expect((await startUp(own, id)).persistent_display).toBe(display);
    expect(existsSync(lockOf(display))).toBe(false);
    await own.stop();
  });
});
