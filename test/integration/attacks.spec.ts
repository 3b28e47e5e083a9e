import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance, Run, TrashEntry } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { TOKEN } from '../support/aikore-process.js';
import { eventsUrl } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { processesMentioning } from '../support/processes.js';
import { sendBytes, sendRequest } from '../support/raw-request.js';
import { waitFor } from '../support/wait.js';

// What hostile clients and hostile applications were found to do; each of these once worked.

const lab = useLab();
const AUTHORIZATION = `Authorization: Bearer ${TOKEN}`;
const METADATA = '### AIKORE-METADATA-START ###\n# aikore.probe = process\n### AIKORE-METADATA-END ###\n';
/** Sets `$run` to the folder of the runner's files. */
const FIND_RUN = 'run=$(dirname "$(grep -l "^pid=$$$" "$BASE_DIR"/run/instances/*/record)")\n';
const WAIT = 'echo ready-to-go\nexec sleep 120\n';

let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

/** An instance of a blueprint made for the occasion. */
async function plant(name: string, script: string): Promise<Instance> {
  const wish = { filename: `${name}.sh`, content: `${METADATA}${script}` };
  await aikore.api.expect(201, 'POST', 'api/system/blueprints/custom', wish);
  return aikore.api.create({ name, base_blueprint: wish.filename });
}

/** Plants it, starts it and waits until its script has done what it does. */
async function unleash(name: string, script: string): Promise<Instance> {
  const { id } = await plant(name, `${script}touch "$TMPDIR/${name}.done"\n${WAIT}`);
  await aikore.api.startUp(id);
  await waitFor('the script has done its deed', () => existsSync(aikore.path('tmp', `${name}.done`)));
  return aikore.api.instance(id);
}

/** Processes of an instance by its name, its runner included. */
function processesOf(name: string): string[] {
  return processesMentioning(`INSTANCE_NAME=${name}\0`)
    .filter(({ pid }) => readFileSync(`/proc/${pid}/environ`, 'utf8').includes(aikore.dataDir))
    .map(({ commandLine }) => commandLine);
}

function openFiles(): number {
  return readdirSync(`/proc/${aikore.pid}/fd`).length;
}

function errorOf(body: string): ErrorBody {
  return JSON.parse(body) as ErrorBody;
}

describe('a hostile client', () => {
  it('cannot hold connections by refused handshakes', async () => {
    const before = openFiles();
    const handshake = [
      'GET /api/events HTTP/1.1',
      `Host: 127.0.0.1:${aikore.port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
    ];
    const sockets = Array.from({ length: 50 }, () => {
      // Its own half stays open whatever the server does.
      const socket = connect({ port: aikore.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => undefined).resume();
      socket.write(`${handshake.join('\r\n')}\r\n\r\n`);
      return socket;
    });
    await waitFor('all were answered', () => sockets.every((socket) => socket.bytesRead > 0));
    await waitFor('all were let go', () => openFiles() <= before + 5);
    for (const socket of sockets) socket.destroy();
  });

  it.each([
    ['that cannot be decoded', '/api/%zz', 400, 'BAD_REQUEST'],
    ['of a length no name has', `/api/trash/${'a'.repeat(300)}`, 404, 'NO_SUCH_ROUTE'],
  ])('asking for an address %s has to sign in like for any other', async (_what, path, status, code) => {
    const known = await sendRequest(aikore.port, `GET ${path}`, [AUTHORIZATION]);
    expect([known.status, errorOf(known.body).code]).toEqual([status, code]);
    expect(known.body).not.toContain(path);
    const stranger = await sendRequest(aikore.port, `GET ${path}`);
    expect([stranger.status, errorOf(stranger.body).code]).toEqual([401, 'NOT_SIGNED_IN']);
    const rebound = await sendRequest(aikore.port, `GET ${path}`, ['Host: rebind.example']);
    expect(rebound.status).toBe(421);
  });

  it('gets an error of the usual shape for bytes that are no request', async () => {
    const garbage = await sendBytes(aikore.port, 'garbage\r\n\r\n');
    expect([garbage.status, errorOf(garbage.body).code]).toEqual([400, 'MALFORMED_REQUEST']);
    const huge = await sendRequest(aikore.port, 'GET /api/status', [`X-Huge: ${'a'.repeat(40_000)}`]);
    expect([huge.status, errorOf(huge.body).code]).toEqual([431, 'HEADERS_TOO_LARGE']);
  });

  it('cannot take the length off a request by naming it in Connection', async () => {
    const server = `require("http").createServer((q,r)=>{let b="";q.on("data",c=>b+=c);q.on("end",()=>{console.log("saw "+q.url);r.end(b)})}).listen(process.env.WEBUI_PORT,"127.0.0.1",()=>console.log("listening"))`;
    const { id, slug } = await plant('framed', `exec node -e '${server}'\n`);
    await aikore.api.startUp(id);
    await waitFor('it listens', () =>
      /listening/.test(readFileSync(aikore.home('framed', 'output.log'), 'utf8')),
    );
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
    const lines = [
      `GET /instance/${slug}/first HTTP/1.1`,
      `Host: 127.0.0.1:${aikore.appsPort}`,
      AUTHORIZATION,
      'Connection: close, Content-Length',
      `Content-Length: ${smuggled.length}`,
    ];
    const answer = await sendBytes(aikore.appsPort, `${lines.join('\r\n')}\r\n\r\n${smuggled}`);
    expect([answer.status, answer.body]).toEqual([200, smuggled]);
    expect(readFileSync(aikore.home('framed', 'output.log'), 'utf8')).not.toContain('saw /smuggled');
    await aikore.api.shutDown(id);
  });

  it('hears the snapshot first, however early it asks for something', async () => {
    const socket = new WebSocket(eventsUrl(aikore), { headers: { authorization: `Bearer ${TOKEN}` } });
    const types: string[] = [];
    socket.on('message', (data: Buffer) =>
      types.push((JSON.parse(data.toString('utf8')) as { type: string }).type),
    );
    socket.on('open', () => {
      socket.send('nonsense');
      socket.send('{"subscribe":"logs","id":99999}');
    });
    await waitFor('all three came', () => types.length >= 3);
    expect(types.slice(0, 3)).toEqual(['snapshot', 'notice', 'notice']);
    socket.terminate();
  });

  it('cannot use up descriptors by downloading an empty log', async () => {
    const { id } = await unleash('speechless', 'exec >/dev/null\n');
    rmSync(aikore.home('speechless', 'output.log'));
    writeFileSync(aikore.home('speechless', 'output.log'), '');
    const before = openFiles();
    for (let count = 0; count < 30; count += 1)
      await aikore.api.expect(200, 'GET', `api/instances/${id}/logs/download`);
    expect(openFiles()).toBeLessThan(before + 15);
    await aikore.api.shutDown(id);
  });

  it('cannot store variables that no program could be started with', async () => {
    const env = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`V${index}`, 'x'.repeat(32_768)]),
    );
    const wish = { name: 'laden', base_blueprint: 'idles.sh', env };
    expect((await aikore.api.refused('POST', 'api/instances', wish)).status).toBe(422);
  });
});

describe('a hostile application', () => {
  it('cannot lead its output into another file by a link', async () => {
    const target = join(lab.root, 'somebody-elses');
    writeFileSync(target, 'mine\n');
    const { id } = await unleash(
      'linker',
      `rm output.log; ln -s ${target} output.log; echo poison; sleep 0.5; echo poison\n`,
    );
    await aikore.api.shutDown(id);
    expect(readFileSync(target, 'utf8')).toBe('mine\n');
  });

  it('that puts a socket where its log was has no log', async () => {
    const { id } = await unleash(
      'socketed',
      // In one step: what keeps the log would make a missing one anew before the socket is bound.
      `node -e 'require("net").createServer().listen("s",()=>{require("fs").renameSync("s","output.log");process.kill(process.pid,"SIGKILL")})'\n`,
    );
    expect(await aikore.api.expect(200, 'GET', `api/instances/${id}/logs`)).toMatchObject({ content: '' });
    expect((await aikore.api.refused('GET', `api/instances/${id}/logs/download`)).status).toBe(404);
    await aikore.api.shutDown(id);
  });

  it.each([
    ['a file', 'echo mine > "$INSTANCE_CONF_DIR"'],
    ['a link to nowhere', 'ln -s /nowhere/at/all "$INSTANCE_CONF_DIR"'],
  ])(
    'that puts %s in the place of its folder can be deleted, and costs nobody anything',
    async (what, deed) => {
      const name = what.replaceAll(' ', '-');
      const { id } = await unleash(name, `cd /; rm -rf "$INSTANCE_CONF_DIR"; ${deed}\n`);
      await aikore.api.expect(200, 'GET', `api/instances/${id}/logs`);
      await aikore.api.shutDown(id);
      await aikore.api.command(id, 'start');
      expect((await aikore.api.reaches(id, 'error')).status_reason).toMatch(/folder .* cannot be made/);

      await aikore.api.expect(204, 'DELETE', `api/instances/${id}`);
      const entries = await aikore.api.expect<TrashEntry[]>(200, 'GET', 'api/trash');
      expect(entries.map((entry) => entry.name)).toContain(name);
      const restored = await aikore.api.refused('POST', `api/trash/${name}/restore`);
      expect([restored.status, restored.body.code]).toEqual([409, 'TRASH_ENTRY_UNUSABLE']);
      await aikore.api.expect(204, 'DELETE', `api/trash/${name}`);
      const again = await aikore.api.create({ name, base_blueprint: 'idles.sh' });
      await aikore.api.expect(204, 'DELETE', `api/instances/${again.id}?mode=permanent`);
    },
  );

  it('cannot keep itself from being deleted by a folder in the place of the manifest', async () => {
    const { id } = await unleash('blocker', 'mkdir .aikore-instance.json\n');
    await aikore.api.shutDown(id);
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}`);
    await aikore.api.expect(200, 'POST', 'api/trash/blocker/restore');
  });

  it('keeps logs of its own beside those of its runs', async () => {
    const { id } = await plant(
      'diary',
      `mkdir -p logs; for day in $(seq 20240101 20240115); do echo mine > logs/$day.log; done\n${WAIT}`,
    );
    for (let round = 0; round < 2; round += 1) {
      await aikore.api.startUp(id);
      await waitFor('it has written', () => existsSync(aikore.home('diary', 'logs', '20240115.log')));
      await aikore.api.shutDown(id);
    }
    const logs = readdirSync(aikore.home('diary', 'logs'));
    expect(logs.filter((file) => file.startsWith('2024'))).toHaveLength(15);
    expect(logs).toContain('1.log');
  });

  it('that kills its runner and removes every trace of the run is ended all the same', async () => {
    const { id } = await plant('eraser', `${FIND_RUN}sleep 0.5; rm -rf "$run"; kill -KILL $PPID\n${WAIT}`);
    await aikore.api.command(id, 'start');
    await aikore.api.reaches(id, 'error');
    expect(processesOf('eraser')).toEqual([]);
  });

  it.each([
    ['a folder', 'mkdir'],
    ['a pipe', 'mkfifo'],
  ])(
    'that puts %s in the place of its record and kills its runner leaves nothing unsaid',
    async (what, make) => {
      const name = `record-${what.replaceAll(' ', '-')}`;
      const { id } = await plant(
        name,
        `${FIND_RUN}sleep 0.5; rm "$run/record"; ${make} "$run/record"; kill -KILL $PPID\n${WAIT}`,
      );
      await aikore.api.command(id, 'start');
      await aikore.api.reaches(id, 'error');
      expect(processesOf(name)).toEqual([]);
      // Neither this instance nor another one waits for ever.
      await aikore.api.command(id, 'start');
      await aikore.api.reaches(id, 'error');
      await aikore.api.expect(204, 'DELETE', `api/instances/${id}?mode=permanent`);
    },
  );

  it('that freezes its runner can be killed', async () => {
    const { id } = await unleash('freezer', 'sleep 0.3\nkill -STOP $PPID\n');
    await aikore.api.command(id, 'kill');
    await aikore.api.reaches(id, 'stopped', 20_000);
    expect(processesOf('freezer')).toEqual([]);
  });

  it('that takes all places at its runner can be stopped', async () => {
    const client = `const run=require("path").dirname(process.argv[1]);const open=()=>require("net").connect(process.argv[1]).on("error",()=>0).on("close",()=>setTimeout(open,5));for(let i=0;i<12;i++)open()`;
    const { id } = await unleash('crowd', `${FIND_RUN}node -e '${client}' "$run/runner.sock" &\nsleep 0.3\n`);
    await aikore.api.shutDown(id);
    expect(processesOf('crowd')).toEqual([]);
  });

  it('that ends at once is said to have ended, not to have failed to start', async () => {
    const { id } = await plant('hasty', 'exit 3\n');
    for (let round = 1; round <= 15; round += 1) {
      await aikore.api.command(id, 'start');
      expect(await aikore.api.reaches(id, 'error')).toMatchObject({ exit_code: 3, run: round });
    }
  });
});

describe('what failed', () => {
  it('is not said to run: the history of a start that could not be made', async () => {
    const { id } = await aikore.api.create({ name: 'unlucky', base_blueprint: 'idles.sh' });
    mkdirSync(aikore.path('run', 'instances', String(id), 'record'), { recursive: true });
    await aikore.api.command(id, 'start');
    await aikore.api.reaches(id, 'error');
    const runs = await aikore.api.expect<Run[]>(200, 'GET', `api/instances/${id}/runs`);
    expect(runs).toEqual([expect.objectContaining({ run: 1, ended_at: expect.any(String) })]);
    expect(runs[0]?.reason).toMatch(/^It could not be started: /);
  });

  it('is not lost: whatever lies in the trash can is listed and can be deleted', async () => {
    for (const name of ['odd (1)', 'Bär', '-rf']) mkdirSync(aikore.path('trashcan', name));
    symlinkSync(lab.root, aikore.path('trashcan', 'linked'));
    const entries = await aikore.api.expect<TrashEntry[]>(200, 'GET', 'api/trash');
    for (const name of ['odd (1)', 'Bär', '-rf', 'linked']) {
      expect(entries.map((entry) => entry.name)).toContain(name);
      await aikore.api.expect(204, 'DELETE', `api/trash/${encodeURIComponent(name)}`);
    }
    expect(existsSync(lab.root)).toBe(true);
    for (const name of ['..', '.', '../instances', '..%2finstances', '%2e%2e'])
      expect((await aikore.api.refused('DELETE', `api/trash/${encodeURIComponent(name)}`)).status).toBe(404);
  });
});

describe('a start while AiKore is being stopped', () => {
  it('outlives it not', async () => {
    const leaving = await lab.start({ AIKORE_STOP_GRACE: '1' });
    const slow = await leaving.api.create({ name: 'slow', base_blueprint: 'ignores-term.sh' });
    const late = await leaving.api.create({ name: 'late', base_blueprint: 'idles.sh' });
    await leaving.api.command(slow.id, 'start');
    await waitFor('it runs', () => existsSync(leaving.home('slow', 'output.log')));
    const exited = leaving.signal('SIGTERM');
    await leaving.api.reaches(slow.id, 'stopping');
    await leaving.api.command(late.id, 'start').catch(() => undefined);
    expect(await exited).toMatchObject({ code: 0 });
    expect(processesMentioning(leaving.dataDir)).toEqual([]);
  });
});
