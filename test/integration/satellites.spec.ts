import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import type { AuditPage } from '../../src/contracts/audit.js';
import type { InstanceEnvironment } from '../../src/contracts/environment.js';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { environmentOf, isAlive, parseEnvironment } from '../support/processes.js';
import { TerminalClient } from '../support/terminal-client.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

const base_blueprint = 'shares-environment.sh';
const instantiate = (id: number, wish: Record<string, unknown>) =>
  aikore.api.expect<Instance>(201, 'POST', `api/instances/${id}/instantiate`, wish);
const change = (id: number, wish: unknown) =>
  aikore.api.expect<Instance>(200, 'PATCH', `api/instances/${id}`, wish);
const refused = (method: string, path: string, body?: unknown) => aikore.api.refused(method, path, body);
const output = (name: string, file: string) => aikore.path('outputs', name, file);

/** What the running script of an instance was given. */
async function given(name: string) {
  await waitFor('it has written down what it got', () => {
    const file = output(name, 'directory');
    return existsSync(file) && readFileSync(file, 'utf8').endsWith('\n');
  });
  const env = parseEnvironment(readFileSync(output(name, 'environment'), 'utf8'));
  const args = readFileSync(output(name, 'arguments'), 'utf8').split('\0').slice(0, -1);
  return { env, args, directory: readFileSync(output(name, 'directory'), 'utf8').trim() };
}

/** A parent and its satellite, both stopped. */
async function family(name: string, wish: Record<string, unknown> = {}): Promise<[Instance, Instance]> {
  const parent = await aikore.api.create({ name, base_blueprint, ...wish });
  return [parent, await instantiate(parent.id, { new_name: `${name} two` })];
}

describe('a satellite', () => {
  it('begins with the settings of its parent, and an address, outputs and a log of its own', async () => {
    const parent = await aikore.api.create({
      name: 'Original',
      base_blueprint,
      gpu_ids: '0',
      autostart: true,
      access_mode: 'port',
      env: { COLOUR: 'green' },
      launch_args: '--fast "two words"',
      probe: 'process',
      restart_policy: 'on-failure',
      output_path: 'team/original',
      hostname: 'original.example',
      use_custom_hostname: true,
      python_version: '3.11',
      git_ref: 'v1',
    });
    const viewer = await EventsClient.open(aikore);
    const answer = await aikore.api.send<Instance>('POST', `api/instances/${parent.id}/instantiate`, {
      new_name: 'Second',
    });
    expect([answer.status, answer.headers.get('etag')]).toEqual([201, '"1"']);
    const satellite = answer.body;
    const { env, launch_args, probe, restart_policy, access_mode } = parent;
    expect(satellite).toMatchObject({
      ...{ env, launch_args, probe, restart_policy, access_mode, base_blueprint },
      ...{ name: 'Second', slug: 'second', parent_instance_id: parent.id, gpu_ids: '0' },
      ...{ autostart: false, hostname: null, use_custom_hostname: false, output_path: null },
      ...{ python_version: '3.11', git_ref: 'v1', status: 'stopped', run: 0 },
    });
    expect(satellite.port).not.toBe(parent.port);
    expect(satellite.public_port).not.toBe(parent.public_port);
    expect(satellite.public_port).toEqual(expect.any(Number));
    expect(readdirSync(aikore.home('Second'))).toEqual([]);
    expect(await aikore.api.instance(satellite.id)).toEqual(satellite);
    await waitFor('it is told', () =>
      viewer.events.some((event) => event.type === 'instance.created' && event.data.id === satellite.id),
    );
    viewer.end();
    const { entries } = await aikore.api.expect<AuditPage>(200, 'GET', `api/audit?instance=${parent.id}`);
    expect(entries[0]).toMatchObject({
      action: 'instance.instantiate',
      target: 'Original',
      detail: 'Second',
      outcome: 'done',
    });
  });

  it('runs beside its parent in its folder and environment, with its own GPUs, port, outputs, log', async () => {
    const [parent, satellite] = await family('Both', { launch_args: '--parent', gpu_ids: '0' });
    await change(satellite.id, { gpu_ids: '', launch_args: '--mine', env: { COLOUR: 'blue' } });
    await aikore.api.startUp(parent.id);
    await given('Both');
    await aikore.api.startUp(satellite.id);
    const [one, two] = [await given('Both'), await given('Both two')];
    expect([one.directory, two.directory]).toEqual([aikore.home('Both'), aikore.home('Both')]);
    const of = (variable: string) => [one.env.get(variable), two.env.get(variable)];
    expect(of('INSTANCE_NAME')).toEqual(['Both', 'Both two']);
    expect(of('INSTANCE_CONF_DIR')).toEqual([aikore.home('Both'), aikore.home('Both')]);
    expect(of('INSTANCE_OUTPUT_DIR')).toEqual([
      aikore.path('outputs', 'Both'),
      aikore.path('outputs', 'Both two'),
    ]);
    expect(of('CUDA_VISIBLE_DEVICES')).toEqual(['0', '']);
    expect(of('COLOUR')).toEqual([undefined, 'blue']);
    expect(of('WEBUI_PORT')).toEqual([String(parent.port), String(satellite.port)]);
    expect(of('SUBFOLDER')).toEqual(['/instance/both/', '/instance/both-two/']);
    expect(of('BLUEPRINT_ID')).toEqual(['shares-environment', 'shares-environment']);
    expect(of('VIRTUAL_ENV')).toEqual([aikore.home('Both', 'env'), aikore.home('Both', 'env')]);
    expect(of('AIKORE_SATELLITE')).toEqual([undefined, '1']);
    expect([one.args, two.args]).toEqual([['--parent'], ['--mine']]);
    const told = `${aikore.home('Both', 'env')}\nthe script of Both two is ${aikore.home('Both', 'launch.sh')}\n`;
    await waitFor(
      'it has a log of its own',
      () => readFileSync(aikore.home('Both two', 'output.log'), 'utf8') === told,
    );
    expect(existsSync(aikore.home('Both two', 'launch.sh'))).toBe(false);
    await aikore.api.shutDown(parent.id);
    expect(await aikore.api.instance(satellite.id)).toMatchObject({ status: 'started' });
    await aikore.api.shutDown(satellite.id);
  });

  it('of a satellite becomes one of the parent, with the settings of the one that was asked for', async () => {
    const [parent, satellite] = await family('Chain');
    await change(satellite.id, { launch_args: '--second' });
    const third = await instantiate(satellite.id, { new_name: 'Chain three', gpu_ids: null });
    expect(third).toMatchObject({ parent_instance_id: parent.id, launch_args: '--second', gpu_ids: null });
    expect(await instantiate(parent.id, { new_name: 'Chain four', gpu_ids: '1,0' })).toMatchObject({
      gpu_ids: '1,0',
    });
  });

  it('that is asked for in a wrong way is not made', async () => {
    const [parent] = await family('Strict');
    const path = `api/instances/${parent.id}/instantiate`;
    const before = (await aikore.api.instances()).length;
    const wrong: [unknown, string][] = [
      [{}, 'new_name'],
      [{ new_name: '' }, 'new_name'],
      [{ new_name: '../x' }, 'new_name'],
      [{ new_name: 'a\u202Eb' }, 'new_name'],
      [{ new_name: 'x'.repeat(10_000) }, 'new_name'],
      [{ new_name: 7 }, 'new_name'],
      [{ new_name: 'ok', gpu_ids: 'x' }, 'gpu_ids'],
      [{ new_name: 'ok', gpu_ids: 0 }, 'gpu_ids'],
      [{ new_name: 'ok', python_version: '3.12' }, 'python_version'],
    ];
    for (const [body, field] of wrong) {
      const answer = await refused('POST', path, body);
      expect([body, answer.status, Object.keys(answer.body.details)]).toEqual([body, 422, [field]]);
    }
    const taken = await refused('POST', path, { new_name: 'STRICT TWO' });
    expect(taken).toMatchObject({ status: 409, body: { code: 'INSTANCE_NAME_TAKEN' } });
    expect(Object.keys(taken.body.details)).toEqual(['new_name']);
    expect((await refused('POST', 'api/instances/9999/instantiate', { new_name: 'x' })).status).toBe(404);
    expect((await aikore.api.instances()).length).toBe(before);
    expect(readdirSync(aikore.path('instances')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is made once of many at the same time that wish for one name', async () => {
    const [parent] = await family('Race');
    const path = `api/instances/${parent.id}/instantiate`;
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => aikore.api.send('POST', path, { new_name: 'Race three' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });
});

describe('the pins of a satellite', () => {
  it('are its parent’s: shown, told, followed, and refused as its own', async () => {
    const [parent, satellite] = await family('Pinned');
    await aikore.api.startUp(parent.id);
    await given('Pinned');
    await aikore.api.startUp(satellite.id);
    const viewer = await EventsClient.open(aikore);
    const pins = { python_version: '3.12', git_ref: 'v2', extra_requirements: 'a==1' };
    await change(parent.id, pins);
    for (const { id } of [parent, satellite])
      expect(await aikore.api.instance(id)).toMatchObject({ ...pins, pending_restart: true });
    await waitFor('it is told of the satellite', () =>
      viewer.events.some(
        (event) =>
          event.type === 'instance.updated' && event.data.id === satellite.id && event.data.git_ref === 'v2',
      ),
    );
    viewer.end();

    const own = await refused('PATCH', `api/instances/${satellite.id}`, {
      git_ref: 'v3',
      torch_version: '2.7.1',
      launch_args: '--x',
    });
    expect([own.status, own.body.details]).toEqual([
      422,
      {
        git_ref: 'Pinned two shares its environment with Pinned. Set it there.',
        torch_version: 'Pinned two shares its environment with Pinned. Set it there.',
      },
    ]);
    // An answer of its own can be sent back.
    const now = await change(satellite.id, { ...pins, torch_version: null, launch_args: '--y' });
    expect(now).toMatchObject({ ...pins, launch_args: '--y' });

    await aikore.api.shutDown(satellite.id);
    rmSync(output('Pinned two', 'directory'), { force: true });
    await aikore.api.startUp(satellite.id);
    const { env } = await given('Pinned two');
    const got = ['PYTHON_VERSION', 'GIT_REF', 'AIKORE_EXTRA_REQUIREMENTS'].map((name) => env.get(name));
    expect(got).toEqual(['3.12', 'v2', 'a==1']);
    for (const { id } of [parent, satellite]) await aikore.api.shutDown(id);
  });
});

describe('the script of a satellite', () => {
  it('is its parent’s: read there, edited there, and all that run it are told', async () => {
    const [parent, satellite] = await family('Scripted');
    const path = (id: number) => `api/instances/${id}/script`;
    const read = (id: number) =>
      aikore.api.expect<{ content: string; etag: string; is_missing: boolean }>(200, 'GET', path(id));
    expect(await read(satellite.id)).toEqual(await read(parent.id));
    expect((await read(satellite.id)).is_missing).toBe(false);

    await aikore.api.startUp(satellite.id);
    for (const [method, route, body] of [
      ['PUT', path(satellite.id), { content: 'echo mine' }],
      ['POST', `${path(satellite.id)}/restore`, {}],
    ] as const) {
      const answer = await aikore.api.send<ErrorBody>(method, route, body, { 'if-match': '*' });
      expect([answer.status, answer.body.code]).toEqual([403, 'SATELLITE_SCRIPT']);
      expect(answer.body.message).toContain('runs the script of Scripted. Edit that one.');
    }

    const { content } = await read(parent.id);
    const viewer = await EventsClient.open(aikore);
    const saved = await aikore.api.send(
      'PUT',
      path(parent.id),
      { content: `${content}\n# more\n` },
      { 'if-match': '*' },
    );
    expect(saved.status).toBe(200);
    expect((await aikore.api.instance(satellite.id)).pending_restart).toBe(true);
    expect((await read(satellite.id)).content).toContain('# more');
    await waitFor('both are told', () => {
      const told = viewer.events.flatMap((event) => (event.type === 'script.changed' ? [event.data.id] : []));
      return told.includes(parent.id) && told.includes(satellite.id);
    });
    viewer.end();
    await aikore.api.shutDown(satellite.id);
  });

  it('comes back from the blueprint into its parent’s folder when it is gone', async () => {
    const [, satellite] = await family('Lost');
    rmSync(aikore.home('Lost'), { recursive: true });
    await aikore.api.startUp(satellite.id);
    await given('Lost two');
    expect(existsSync(aikore.home('Lost', 'launch.sh'))).toBe(true);
    expect(existsSync(aikore.home('Lost two', 'launch.sh'))).toBe(false);
    await aikore.api.shutDown(satellite.id);
  });
});

describe('a terminal of a satellite', () => {
  it('is where its parent works, in its environment', async () => {
    const [parent, satellite] = await family('Shell');
    await aikore.api.startUp(parent.id);
    await given('Shell');
    const terminal = await TerminalClient.openShell(aikore, { id: satellite.id });
    expect(await terminal.run('pwd')).toBe(`${aikore.home('Shell')}\n`);
    expect(await terminal.run('echo "$INSTANCE_NAME|$WEBUI_PORT|$VIRTUAL_ENV"')).toBe(
      `Shell two|${satellite.port}|${aikore.home('Shell', 'env')}\n`,
    );
    terminal.close();
    await aikore.api.shutDown(parent.id);
  });
});

describe('what would change the files of a family', () => {
  it('is refused while another one works with them, and names it', async () => {
    const [parent, satellite] = await family('Busy');
    await aikore.api.startUp(satellite.id);
    const named = { instances: [{ id: satellite.id, name: 'Busy two' }] };
    const renaming = await refused('PATCH', `api/instances/${parent.id}`, { name: 'Idle' });
    expect(renaming).toMatchObject({
      status: 409,
      body: { code: 'SHARED_FILES_IN_USE', message: expect.stringContaining('Busy two'), details: named },
    });
    const rebuilding = await refused('POST', `api/instances/${parent.id}/rebuild`);
    expect(rebuilding).toMatchObject({
      status: 409,
      body: { code: 'SHARED_FILES_IN_USE', message: expect.stringContaining('Busy two'), details: named },
    });
    const deleting = await refused('DELETE', `api/instances/${parent.id}`);
    expect(deleting).toMatchObject({
      status: 409,
      body: { code: 'INSTANCE_HAS_SATELLITES', message: expect.stringContaining('Busy two'), details: named },
    });
    expect((await refused('DELETE', `api/instances/${parent.id}?mode=permanent`)).status).toBe(409);
    expect(existsSync(aikore.home('Busy', 'launch.sh'))).toBe(true);

    await aikore.api.shutDown(satellite.id);
    expect(await change(parent.id, { name: 'Idle' })).toMatchObject({ name: 'Idle' });
    rmSync(output('Busy two', 'directory'), { force: true });
    await aikore.api.startUp(satellite.id);
    expect((await given('Busy two')).directory).toBe(aikore.home('Idle'));
    await aikore.api.shutDown(satellite.id);
  });

  it('is put off by a start while another one runs, and both say so', async () => {
    const [parent, satellite] = await family('Put off');
    const installs = (line: string): string =>
      `source "$AIKORE_FUNCTIONS"\ninstall() { echo ${line} >>installed; }\naikore_setup install\nexec sleep 1000\n`;
    const save = (line: string) =>
      aikore.api.send(
        'PUT',
        `api/instances/${parent.id}/script`,
        { content: installs(line) },
        { 'if-match': '*' },
      );
    const installed = () => readFileSync(aikore.home('Put off', 'installed'), 'utf8');
    expect((await save('one')).status).toBe(200);
    await aikore.api.command(satellite.id, 'start');
    await waitFor('it is installed', () => existsSync(aikore.home('Put off', '.aikore', 'setup.done')));
    expect((await save('two')).status).toBe(200);
    await aikore.api.command(parent.id, 'start');
    const log = aikore.home('Put off', 'output.log');
    await waitFor(
      'the log says so',
      () => existsSync(log) && readFileSync(log, 'utf8').includes('Nothing is installed while another'),
    );
    expect(installed()).toBe('one\n');
    const environment = await aikore.api.expect<InstanceEnvironment>(
      200,
      'GET',
      `api/instances/${parent.id}/environment`,
    );
    expect(environment.reasons.at(-1)).toContain('while Put off two runs from the same files');
    await aikore.api.shutDown(satellite.id);
    await aikore.api.shutDown(parent.id);
    await aikore.api.command(parent.id, 'start');
    await waitFor('it is installed', () => installed() === 'one\ntwo\n');
    await aikore.api.shutDown(parent.id);
  });

  it('may be done to a satellite’s own folder while its parent runs', async () => {
    const [parent, satellite] = await family('Free');
    await aikore.api.startUp(parent.id);
    expect(await change(satellite.id, { name: 'Freed' })).toMatchObject({ name: 'Freed' });
    expect(existsSync(aikore.home('Freed'))).toBe(true);
    const rebuilding = await refused('POST', `api/instances/${satellite.id}/rebuild`);
    expect(rebuilding).toMatchObject({ status: 409, body: { code: 'SHARED_FILES_IN_USE' } });
    await aikore.api.expect(204, 'DELETE', `api/instances/${satellite.id}`);
    expect(await aikore.api.instance(parent.id)).toMatchObject({ status: 'started' });
    await aikore.api.shutDown(parent.id);
    await aikore.api.expect(204, 'DELETE', `api/instances/${parent.id}`);
  });

  it('never gets between a start and its end, however they meet', async () => {
    const [parent, satellite] = await family('Crossing');
    for (let round = 0; round < 6; round += 1) {
      const before = (await aikore.api.instance(parent.id)).name;
      const after = `Crossing ${round}`;
      rmSync(output('Crossing two', 'directory'), { force: true });
      const [, renamed] = await Promise.all([
        aikore.api.send('POST', `api/instances/${satellite.id}/start`),
        aikore.api.send('PATCH', `api/instances/${parent.id}`, { name: after }),
      ]);
      expect([200, 409]).toContain(renamed.status);
      await aikore.api.reaches(satellite.id, 'started');
      const { name } = await aikore.api.instance(parent.id);
      expect(name).toBe(renamed.status === 200 ? after : before);
      expect((await given('Crossing two')).directory).toBe(aikore.home(name));
      await aikore.api.shutDown(satellite.id);
    }
  });
});

describe('a satellite in the trash can', () => {
  it('comes back to its parent, whatever that is called now', async () => {
    const [parent, satellite] = await family('Mother');
    await change(satellite.id, { launch_args: '--kept' });
    await aikore.api.startUp(satellite.id);
    await aikore.api.shutDown(satellite.id);
    await aikore.api.expect(204, 'DELETE', `api/instances/${satellite.id}`);
    await change(parent.id, { name: 'Renamed mother', python_version: '3.12' });
    const back = await aikore.api.expect<Instance>(200, 'POST', 'api/trash/Mother%20two/restore');
    expect(back).toMatchObject({
      parent_instance_id: parent.id,
      launch_args: '--kept',
      python_version: '3.12',
      run: 1,
    });
    rmSync(output('Mother two', 'directory'), { force: true });
    await aikore.api.startUp(back.id);
    expect((await given('Mother two')).directory).toBe(aikore.home('Renamed mother'));
    await aikore.api.shutDown(back.id);
  });

  it('waits there until its parent is back, which has another number then', async () => {
    const [parent, satellite] = await family('Away');
    // As of the original AiKore: it has no folder before its first start.
    rmSync(aikore.home('Away two'), { recursive: true });
    await aikore.api.expect(204, 'DELETE', `api/instances/${satellite.id}`);
    await aikore.api.expect(204, 'DELETE', `api/instances/${parent.id}`);
    const refusal = await refused('POST', 'api/trash/Away%20two/restore');
    expect(refusal).toMatchObject({
      status: 409,
      body: { code: 'PARENT_NOT_FOUND', message: expect.stringContaining('Restore Away first') },
    });
    // Somebody else of that name is no parent of it.
    const { id: other } = await aikore.api.create({ name: 'Away', base_blueprint: 'idles.sh' });
    expect((await refused('POST', 'api/trash/Away%20two/restore')).status).toBe(409);
    await aikore.api.expect(204, 'DELETE', `api/instances/${other}?mode=permanent`);

    const again = await aikore.api.expect<Instance>(200, 'POST', 'api/trash/Away/restore');
    expect(again.id).not.toBe(parent.id);
    const back = await aikore.api.expect<Instance>(200, 'POST', 'api/trash/Away%20two/restore');
    expect(back.parent_instance_id).toBe(again.id);
  });
});

describe('an AiKore that comes after', () => {
  it('finds parent and satellite again, and whose files they use', async () => {
    const first = await lab.start();
    const before = aikore;
    aikore = first;
    const [parent, satellite] = await family('Survivor');
    const running = [await first.api.startUp(parent.id)];
    await given('Survivor');
    running.push(await first.api.startUp(satellite.id));
    await first.signal('SIGKILL');
    const second = await lab.start({}, first.dataDir);
    aikore = second;
    for (const { id, pid } of running)
      expect(await second.api.instance(id)).toMatchObject({ status: 'started', pid, run: 1 });
    expect(second.stdout).toContain('2 running instances found again');
    expect((await refused('PATCH', `api/instances/${parent.id}`, { name: 'x' })).status).toBe(409);
    expect(running.map(({ pid }) => environmentOf(pid ?? 0).get('INSTANCE_CONF_DIR'))).toEqual([
      second.home('Survivor'),
      second.home('Survivor'),
    ]);
    for (const { id } of running) await second.api.shutDown(id);
    expect(running.filter(({ pid }) => isAlive(pid ?? 0))).toEqual([]);
    await second.stop();
    aikore = before;
  });
});
