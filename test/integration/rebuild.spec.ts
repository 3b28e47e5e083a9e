import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { SERVES, createInline, withVenv } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const DUE = 'Its environment will be built anew at the next start.';
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

/** Makes a real environment where there is none. */
const MAKES_VENV = `${withVenv('./env')}clean_env ./env
[[ -d env ]] || python3 -m venv --without-pip env
[[ ! -e broken ]] || { echo "ModuleNotFoundError: No module named 'x'"; exit 1; }
${SERVES}`;

const rebuild = (id: number): Promise<Instance> =>
  aikore.api.expect(202, 'POST', `api/instances/${id}/rebuild`);
const flagOf = ({ name }: Instance): string => aikore.home(name, '.rebuild-env');
const inodeOf = ({ name }: Instance): number => statSync(aikore.home(name, 'env')).ino;

async function running(): Promise<Instance> {
  const { id } = await createInline(aikore, MAKES_VENV);
  return aikore.api.reaches((await aikore.api.command(id, 'start')).id, 'started', 30_000);
}

/** Marks the environment, so that one made anew can be told. */
const mark = ({ name }: Instance): void => writeFileSync(aikore.home(name, 'env', 'old'), '');
const isOld = ({ name }: Instance): boolean => existsSync(aikore.home(name, 'env', 'old'));

describe('building an environment anew', () => {
  it('restarts what runs', async () => {
    const instance = await running();
    mark(instance);
    expect((await rebuild(instance.id)).status).toBe('stopping');
    const again = await waitFor(
      'the second run is ready',
      async () => {
        const now = await aikore.api.instance(instance.id);
        return now.run === 2 && now.status === 'started' && now;
      },
      30_000,
    );
    expect(isOld(instance)).toBe(false);
    expect(inodeOf(instance)).toBeGreaterThan(0);
    expect(existsSync(flagOf(instance))).toBe(false);
    expect(again.warnings).toEqual([]);
    await aikore.api.shutDown(instance.id);
  });

  it('tells its phases, in the order in which the script announces them', async () => {
    const { id } = await createInline(
      aikore,
      `${withVenv('./env')}clean_env ./env
if [[ ! -d env ]]; then
  for phase in 'Creating the environment' 'Installing torch'; do aikore_step "$phase"; sleep 0.6; done
  mkdir env
fi
${SERVES}`,
    );
    await aikore.api.command(id, 'start');
    await aikore.api.reaches(id, 'started', 30_000);
    const viewer = await EventsClient.open(aikore);
    await rebuild(id);
    await waitFor('the second run is ready', () =>
      viewer.states(id).some(({ run, status }) => run === 2 && status === 'started'),
    );
    const told = viewer.states(id).map(({ status, phase }) => `${status}: ${phase ?? ''}`);
    expect(told.filter((state, index) => state !== told[index - 1])).toEqual([
      'stopping: ',
      'starting: ',
      'starting: Creating the environment',
      'starting: Installing torch',
      'started: ',
    ]);
    viewer.end();
    await aikore.api.shutDown(id);
  });

  it('waits for the next start of what was stopped, says so, also after a restart of AiKore', async () => {
    const own = await lab.start({ AIKORE_STOP_GRACE: '1' });
    const created = await createInline(own, MAKES_VENV);
    await own.api.startUp(created.id);
    await own.api.shutDown(created.id);
    const viewer = await EventsClient.open(own);
    const answer = await own.api.expect<Instance>(202, 'POST', `api/instances/${created.id}/rebuild`);
    expect(answer).toMatchObject({ status: 'stopped', warnings: [DUE] });
    viewer.end();
    expect(existsSync(own.home(created.name, '.rebuild-env'))).toBe(true);
    writeFileSync(own.home(created.name, 'env', 'old'), '');
    await own.stop();

    const again = await lab.start({ AIKORE_STOP_GRACE: '1' }, own.dataDir);
    expect((await again.api.instance(created.id)).warnings).toEqual([DUE]);
    expect((await again.api.startUp(created.id)).warnings).toEqual([]);
    expect(existsSync(again.home(created.name, 'env', 'old'))).toBe(false);
    await again.api.shutDown(created.id);
    expect((await again.api.instance(created.id)).warnings).toEqual([]);
    await again.stop();
  });

  it('starts what failed', async () => {
    const instance = await running();
    writeFileSync(aikore.home(instance.name, 'broken'), '');
    await aikore.api.command(instance.id, 'restart');
    expect((await aikore.api.reaches(instance.id, 'error')).failure?.remedies).toEqual([
      { action: 'rebuild', label: 'Rebuild the environment' },
    ]);
    mark(instance);
    rmSync(aikore.home(instance.name, 'broken'));
    expect((await rebuild(instance.id)).status).toBe('starting');
    await aikore.api.reaches(instance.id, 'started', 30_000);
    expect(isOld(instance)).toBe(false);
    await aikore.api.shutDown(instance.id);
  });

  it('reaches the new run even when the old one uses up the wish while it is being ended', async () => {
    const { id, name } = await createInline(
      aikore,
      `${withVenv('./env')}[[ ! -e .rebuild-env ]] || echo flagged >>marks
touch waiting
while [[ ! -e go ]]; do clean_env ./env; sleep 0.02; done`,
    );
    await aikore.api.command(id, 'start');
    await waitFor('the first run looks for the wish', () => existsSync(aikore.home(name, 'waiting')));
    await rebuild(id);
    await waitFor('the second run runs', async () => (await aikore.api.instance(id)).run === 2);
    await waitFor('it has seen the wish', () => existsSync(aikore.home(name, 'marks')));
    await aikore.api.shutDown(id);
    expect(readFileSync(aikore.home(name, 'marks'), 'utf8')).toBe('flagged\n');
  });
});

describe('what cannot be built anew', () => {
  it('is told', async () => {
    const { id } = await aikore.api.create({ name: 'no environment', base_blueprint: 'idles.sh' });
    expect(await aikore.api.refused('POST', `api/instances/${id}/rebuild`)).toMatchObject({
      status: 422,
      body: { code: 'NO_ENVIRONMENT' },
    });
    expect((await aikore.api.refused('POST', 'api/instances/4711/rebuild')).status).toBe(404);
  });

  it('is what is being stopped', async () => {
    const { id, name } = await createInline(
      aikore,
      `${withVenv('./env')}trap '' TERM\ntouch deaf\nwhile :; do sleep 0.1; done`,
    );
    await aikore.api.command(id, 'start');
    await waitFor('it does not listen any more', () => existsSync(aikore.home(name, 'deaf')));
    await aikore.api.command(id, 'stop');
    expect(await aikore.api.refused('POST', `api/instances/${id}/rebuild`)).toMatchObject({
      status: 409,
      body: { code: 'INSTANCE_BUSY' },
    });
    await aikore.api.reaches(id, 'stopped');
  });

  it.each(['.', './', './env/..', 'a/../..', '/etc'])('is no environment at %j', async (path) => {
    const { id, name } = await createInline(aikore, withVenv(path));
    expect((await aikore.api.refused('POST', `api/instances/${id}/rebuild`)).status).toBe(422);
    expect(readdirSync(aikore.home(name))).toEqual(['launch.sh']);
    expect(existsSync(aikore.path('instances', '.rebuild-env'))).toBe(false);
  });
});

describe('links that an application lays', () => {
  it('in place of the flag are replaced, not written through', async () => {
    const instance = await createInline(aikore, MAKES_VENV);
    const target = join(lab.root, 'victim');
    symlinkSync(target, flagOf(instance));
    await rebuild(instance.id);
    expect(existsSync(target)).toBe(false);
    expect(statSync(flagOf(instance)).isFile()).toBe(true);
  });

  it('on the way to it lead nowhere', async () => {
    const instance = await createInline(aikore, withVenv('./below/env'));
    const outside = join(lab.root, 'outside');
    mkdirSync(outside);
    symlinkSync(outside, aikore.home(instance.name, 'below'));
    const refused = await aikore.api.refused('POST', `api/instances/${instance.id}/rebuild`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'REBUILD_BLOCKED' } });
    expect(readdirSync(outside)).toEqual([]);
  });

  it('or a folder in its place is refused', async () => {
    const instance = await createInline(aikore, MAKES_VENV);
    mkdirSync(flagOf(instance));
    expect(await aikore.api.refused('POST', `api/instances/${instance.id}/rebuild`)).toMatchObject({
      status: 409,
      body: { code: 'REBUILD_BLOCKED' },
    });
  });
});

describe('an application that others can reach', () => {
  const listensOn = (address: string): string =>
    `exec python3 -c '
import http.server, os, socket, sys
address = "${address}"
http.server.HTTPServer.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
http.server.HTTPServer((address, int(os.environ["WEBUI_PORT"])), http.server.SimpleHTTPRequestHandler).serve_forever()
'`;

  it('is flagged as long as it runs', async () => {
    const viewer = await EventsClient.open(aikore);
    const { id } = await createInline(aikore, listensOn('0.0.0.0'));
    await aikore.api.startUp(id);
    const { warnings } = await waitFor('the warning', async () => {
      const instance = await aikore.api.instance(id);
      return instance.warnings.length > 0 && instance;
    });
    expect(warnings).toEqual([
      expect.stringMatching(/all addresses of this machine, port \d+.*127\.0\.0\.1/),
    ]);
    expect(await aikore.api.shutDown(id)).toMatchObject({ warnings: [] });
    viewer.end();
  });

  it('is not flagged when it listens on loopback', async () => {
    const { id } = await createInline(aikore, listensOn('127.0.0.1'));
    await aikore.api.startUp(id);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await aikore.api.instance(id)).warnings).toEqual([]);
    await aikore.api.shutDown(id);
  });
});
