import { beforeAll, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Instance } from '../../src/contracts/instance.js';
import { TOKEN } from '../support/aikore-process.js';
import { processesIn } from '../support/container-processes.js';
import type { ContainerProcess } from '../support/container-processes.js';
import { startContainer } from '../support/docker/container.js';
import type { Container } from '../support/docker/container.js';
import { describeWith, useImage } from '../support/docker/image.js';
import { SERVES, withVenv } from '../support/inline-blueprint.js';
import { waitFor } from '../support/wait.js';

jest.setTimeout(120_000);
const image = await useImage();

const [AIKORE, APPLICATIONS] = [9900, 1000];
/** CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID (capabilities(7)). */
const TO_KEEP_APART = 'eb';
/** These and SETPCAP, which is spent when AiKore starts. */
const OF_CONTAINER = '1eb';

/** Makes a real environment where there is none. */
const MAKES_VENV = `${withVenv('./env')}clean_env ./env
[[ -d env ]] || python3 -m venv --without-pip env
${SERVES}`;

type Role = 'supervision' | 'aikore' | 'nginx' | 'applications';

/** By what it is called, not by whose it is. */
function roleOf({ pid, commandLine }: ContainerProcess): Role {
  if (/aikore\/main\.js|aikore-runner --spawner/.test(commandLine)) return 'aikore';
  if (commandLine.startsWith('nginx: ')) return 'nginx';
  if (pid === 1 || /^s6-|\.\/run watchdog|^sleep |aikore-health|^curl .*api\/status/.test(commandLine))
    return 'supervision';
  return 'applications';
}

/** What each role may be and have. */
const EXPECTED: Record<Role, Partial<ContainerProcess>> = {
  supervision: {
    uid: 0,
    capabilities: sets({ permitted: OF_CONTAINER, effective: OF_CONTAINER, bounding: OF_CONTAINER }),
  },
  aikore: {
    uid: AIKORE,
    gid: AIKORE,
    groups: [APPLICATIONS, AIKORE],
    capabilities: sets({
      inheritable: TO_KEEP_APART,
      permitted: TO_KEEP_APART,
      effective: TO_KEEP_APART,
      ambient: TO_KEEP_APART,
    }),
  },
  nginx: { uid: AIKORE, gid: AIKORE, capabilities: sets({}) },
  applications: { uid: APPLICATIONS, gid: APPLICATIONS, groups: [], capabilities: sets({}) },
};

function sets(some: Partial<ContainerProcess['capabilities']>): ContainerProcess['capabilities'] {
  // What is only bounded is had by nobody: no_new_privs takes away what files could give.
  return {
    inheritable: '0',
    permitted: '0',
    effective: '0',
    ambient: '0',
    bounding: TO_KEEP_APART,
    ...some,
  };
}

/** With an application, a desktop with its kiosk, a terminal, and a whole life behind it. */
describeWith(image)('in a container that has been used', () => {
  let container: Container;
  let terminal: WebSocket;

  beforeAll(async () => {
    container = await startContainer({ image: image! });
    await container.waitHealthy();
    const { api } = container;
    const demo = await api.create({ name: 'Demo', base_blueprint: 'Demo.sh' });
    const desk = await api.create({ name: 'Desk', base_blueprint: 'Demo.sh', persistent_mode: true });
    await api.startUp(demo.id);
    await api.startUp(desk.id);
    const path = `api/instances/${demo.id}/terminal?cols=80&rows=24`;
    terminal = new WebSocket(`${container.dashboard.replace('http', 'ws')}/${path}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    await once(terminal, 'open');
  }, 180_000);

  const namesOf = async (role: Role): Promise<string[]> =>
    (await processesIn(container))
      .filter((found) => roleOf(found) === role)
      .map(({ commandLine }) => commandLine);

  it('there are all kinds of processes that there can be', async () => {
    const kinds = [/Xtigervnc|Xvnc/, /openbox/, /firefox-esr|chromium/, /aikore-terminal/, /bash --rcfile/];
    for (const kind of [...kinds, /aikore-runner --record/, /server\.mjs/])
      await waitFor(`a process ${String(kind)}`, async () =>
        (await namesOf('applications')).some((name) => kind.test(name)),
      );
    expect((await namesOf('aikore')).length).toBeGreaterThanOrEqual(2);
    expect((await namesOf('nginx')).length).toBeGreaterThanOrEqual(2);
  });

  it('each has the user and the capabilities of its role, no way to more, and a filter of system calls', async () => {
    for (const found of await processesIn(container)) {
      const { commandLine } = found;
      expect(found).toMatchObject({
        commandLine,
        seccomp: 2,
        hasNewPrivileges: false,
        ...EXPECTED[roleOf(found)],
      });
    }
  });

  it('the only processes of root are the supervision’s', async () => {
    const ofRoot = (await processesIn(container)).filter(({ uid }) => uid === 0);
    expect(ofRoot.map(roleOf).every((role) => role === 'supervision')).toBe(true);
    expect(ofRoot.length).toBeGreaterThanOrEqual(4);
  });

  it('and after a whole life no file of the volume belongs to root', async () => {
    const { api } = container;
    const { id } = await api.byName('Demo');
    terminal.terminate();
    await api.shutDown(id);
    const script = `api/instances/${id}/script`;
    const saved = await api.send('PUT', script, { content: MAKES_VENV }, { 'if-match': '*' });
    expect(saved.status).toBe(200);
    await api.expect(201, 'POST', 'api/system/blueprints/custom', {
      filename: 'Own.sh',
      content: 'exec sleep 1\n',
    });
    await api.startUp(id);
    const { run } = await api.expect<Instance>(202, 'POST', `api/instances/${id}/rebuild`);
    await waitFor('it was built anew', async () => {
      const now = await api.instance(id);
      return now.run > run && now.status === 'started';
    });
    await api.send('POST', `api/instances/${id}/version-check`);
    const { id: gone } = await api.create({ name: 'Gone', base_blueprint: 'Own.sh' });
    await api.expect(202, 'DELETE', `api/instances/${gone}?mode=trash`);
    const trashed = (): Promise<boolean> =>
      api.send<unknown[]>('GET', 'api/trash').then(({ body }) => body.length > 0);
    await waitFor('it is in the trash', trashed);
    await api.send('POST', 'api/trash/Gone/restore');
    await waitFor('it is back', async () => !(await trashed()));
    await api.send('DELETE', `api/instances/${(await api.byName('Gone')).id}?mode=trash`);
    await waitFor('it is in the trash again', trashed);
    for (const tool of ['aikore-backup', 'aikore-own'])
      expect(await container.exec(tool)).toMatchObject({ code: 0 });
    expect(await container.shell('find /config -uid 0 -printf "%p %U\\n"')).toBe('');
  });

  it('what is AiKore’s is closed to others, and what is an application’s is its own', async () => {
    const secret =
      'find /config/aikore.db* /config/backups /config/run/nginx /config/run/aikore.lock -maxdepth 0 -perm /077';
    expect(await container.shell(secret)).toBe('');
    expect(await container.shell('stat -c "%u %a" /config /config/instances /config/trashcan')).toBe(
      `${AIKORE} 755\n${AIKORE} 755\n${AIKORE} 755`,
    );
    const foreign = `find /config/instances/Demo /config/instances/Desk /config/outputs /config/home /config/custom_blueprints ! -uid ${APPLICATIONS}`;
    expect(await container.shell(foreign)).toBe('');
  });
});
