import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Instance } from '../../src/contracts/instance.js';
import type { TrashEntry } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { asApps, giveToAikore, startKeptApart, whileExchanging } from '../support/kept-apart.js';
import { useLab } from '../support/lab.js';
import { ownedBelow } from '../support/owned-files.js';
import type { Owned } from '../support/owned-files.js';
import { TerminalClient } from '../support/terminal-client.js';
import { APPS, describeTwoUsers } from '../support/two-users.js';
import { waitFor } from '../support/wait.js';

// AiKore may do more than applications may, and works in folders that are theirs. Here they lead it astray: with links,
// pipes, names of somebody else's files, and by exchanging one for another while it looks.

const SECRET = 'only-for-aikore-7f3a';
/** Whatever AiKore looks for in an application's folder lies in its own as well, for a link to lead there. */
const NAMES = [
  ['launch.sh', 'output.log', 'output.times', '1.log', '1.log.times', '1.sh', '1.json', 'record', 'state'],
  ['Xauthority', 'bashrc', '.aikore-instance.json', 'script-history/1.sh', 'script-history/1.json'],
  ['deep/1', 'deep/2', 'deep/3/4'],
].flat();

describeTwoUsers('an application with a user of its own', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let vault: string;
  let before: Owned[];
  let count = 0;

  beforeAll(async () => {
    const dataDir = lab.dataDir();
    vault = join(dataDir, 'vault');
    aikore = await startKeptApart(lab, { AIKORE_STOP_GRACE: '1', AIKORE_DISPLAY_SERVER: 'none' }, dataDir);
    for (const file of NAMES) layInVault(file);
    writeFileSync(aikore.path('backups', 'aikore-earlier.db'), SECRET);
    giveToAikore(aikore.path('backups', 'aikore-earlier.db'), 0o600);
    await aikore.api.expect(201, 'POST', 'api/auth/tokens', { name: SECRET, scopes: ['read'] });
    before = protectedFiles();
  });

  function layInVault(file: string): void {
    mkdirSync(dirname(join(vault, file)), { recursive: true });
    writeFileSync(join(vault, file), `${SECRET} ${file}\n`);
    for (let path = join(vault, file); path !== dirname(vault); path = dirname(path))
      giveToAikore(path, path === join(vault, file) ? 0o600 : 0o700);
  }

  /** What is in use changes: of that only whose it is, and who may read it. */
  function protectedFiles(): Owned[] {
    const databases = ['aikore.db', 'aikore.db-wal', 'aikore.db-shm'].flatMap((name) =>
      ownedBelow(aikore.path(name)),
    );
    const inUse = databases.map((owned) => ({ ...owned, inode: 0, content: '' }));
    const isClosed = statSync(aikore.path('run/nginx')).mode % 0o1000 === 0o700;
    expect(isClosed).toBe(true);
    return [...[aikore.path('backups'), vault].flatMap(ownedBelow), ...inUse];
  }

  // Whatever has happened, this holds.
  afterEach(() => {
    expect(protectedFiles()).toEqual(before);
    const found = asApps('grep -rlsF -- "$1" "$2" || true', SECRET, aikore.dataDir);
    expect(found).toBe('');
  });

  async function victim(wish: Partial<Instance> = {}): Promise<{ id: number; name: string; home: string }> {
    const name = `victim ${(count += 1)}`;
    const { id } = await aikore.api.create({ name, base_blueprint: 'idles.sh', ...wish } as never);
    await runOnce(id);
    return { id, name, home: aikore.home(name) };
  }

  async function runOnce(id: number): Promise<void> {
    await aikore.api.command(id, 'start');
    await waitFor('it has begun', async () => (await aikore.api.instance(id)).status !== 'starting');
    await aikore.api.send('POST', `api/instances/${id}/stop`);
    await waitFor('it rests', async () =>
      ['stopped', 'error'].includes((await aikore.api.instance(id)).status),
    );
  }

  const save = (id: number, content: string) =>
    aikore.api.send('PUT', `api/instances/${id}/script`, { content }, { 'if-match': '*' });

  /** Everything that AiKore shows of an instance's files. */
  async function shown(id: number): Promise<string> {
    const ways = [
      ...['logs?offset=0', 'logs?offset=0&run=1', 'logs/runs', 'logs/times?from=0&to=1000', 'logs/download'],
      ...['logs/download?run=1', `logs/search?q=${SECRET}`, 'script', 'script/blueprint', 'script/history'],
      ...['script/history/1', ''],
    ];
    const answers = await Promise.all(
      ways.map((way) => aikore.api.send('GET', `api/instances/${id}/${way}`)),
    );
    expect(answers.filter(({ status }) => status === 500)).toEqual([]);
    // What was asked for is repeated by nothing but the address.
    return JSON.stringify(answers.map(({ body }) => body));
  }

  const removeForEver = async (id: number): Promise<void> => {
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}?mode=permanent`);
    await nothingIsBeingDeleted();
  };

  const nothingIsBeingDeleted = () =>
    waitFor('it is gone', () =>
      readdirSync(aikore.path('trashcan')).every((name) => !name.startsWith('.deleting-')),
    );

  it.each(['output.log', 'output.times', 'launch.sh', 'logs/1.log', '.aikore/script-history/1.sh'])(
    'has nothing shown of what a link in place of %s leads to',
    async (file) => {
      const { id, home } = await victim();
      await save(id, 'echo saved\n');
      const inVault = join(vault, file.split('/').at(-1) ?? '');
      asApps('mkdir -p "$(dirname "$2")"; rm -rf "$2"; ln -s "$1" "$2"', inVault, join(home, file));
      expect(await shown(id)).not.toContain(SECRET);
      // Where the kernel lets everybody give everybody's files another name.
      rmSync(join(home, file));
      linkSync(inVault, join(home, file));
      try {
        expect(await shown(id)).not.toContain(SECRET);
        await runOnce(id);
        await save(id, 'echo saved again\n');
        expect(await shown(id)).not.toContain(SECRET);
      } finally {
        await removeForEver(id);
      }
    },
  );

  it.each(['logs', '.aikore', '.aikore/script-history'])(
    'has nothing shown, kept or removed where a link in place of %s leads to',
    async (folder) => {
      const { id, home } = await victim();
      await save(id, 'echo saved\n');
      asApps('rm -rf "$2"; ln -s "$1" "$2"', vault, join(home, folder));
      expect(await shown(id)).not.toContain(SECRET);
      await save(id, 'echo saved again\n');
      await runOnce(id);
      await runOnce(id);
      expect(await shown(id)).not.toContain(SECRET);
      await removeForEver(id);
    },
  );

  it.each(['logs', '.aikore'])(
    'gains nothing by exchanging %s for a link while AiKore works',
    async (folder) => {
      const { id, home } = await victim();
      await save(id, 'echo saved\n');
      asApps('ln -s "$1" "$2/link"', vault, home);
      await whileExchanging(home, [[folder, 'link']], async () => {
        for (let round = 0; round < 15; round += 1) {
          expect(await shown(id)).not.toContain(SECRET);
          await save(id, `echo round ${round}\n`);
          if (round % 5 === 0) await runOnce(id);
        }
      });
      await removeForEver(id);
    },
  );

  it('gains nothing by exchanging its script and its log for links while AiKore works', async () => {
    const { id, home } = await victim();
    const pairs = ['launch.sh', 'output.log', 'output.times'].map((file) => [file, `link-${file}`] as const);
    for (const [file, link] of pairs) asApps('ln -s "$1" "$2"', join(vault, file), join(home, link));
    await whileExchanging(home, pairs, async () => {
      for (let round = 0; round < 15; round += 1) {
        expect(await shown(id)).not.toContain(SECRET);
        await save(id, `echo round ${round}\n`);
        if (round % 5 === 0) await runOnce(id);
      }
    });
    await removeForEver(id);
  });

  /** Folders that are links to AiKore's at every other moment. */
  const FORKS = Array.from({ length: 8 }, (_, index) => [`folder${index}`, `link${index}`] as const);
  const fork = (folder: string, to = vault): void => {
    const script =
      'mkdir -p "$1"; cd "$1"; for n in {0..7}; do mkdir -p folder$n/deep; touch folder$n/{1..40} folder$n/deep/{1..9}; ln -s "$2" link$n; done';
    asApps(script, folder, to);
  };

  it('has nothing of others removed or counted with what is deleted for ever', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { id, home } = await victim();
      fork(join(home, 'env'));
      await whileExchanging(join(home, 'env'), FORKS, () => removeForEver(id));
    }
  });

  it('has nothing of others removed, counted or brought back with what is in the trash can', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { id, name, home } = await victim();
      fork(join(home, 'env'));
      fork(join(home, '.aikore-instance.json'));
      asApps('ln -s "$1" "$2/manifest"', vault, home);
      const pairs = [['.aikore-instance.json', 'manifest']] as const;
      const entry = encodeURIComponent(name);
      await whileExchanging(join(home, 'env'), FORKS, () =>
        whileExchanging(home, pairs, async () => {
          await aikore.api.send('DELETE', `api/instances/${id}`);
          await aikore.api.expect<TrashEntry[]>(200, 'GET', 'api/trash');
          await aikore.api.send('GET', `api/trash/${entry}/size`);
          await aikore.api.send('POST', `api/trash/${entry}/restore`);
          await aikore.api.send('DELETE', `api/trash/${entry}`);
        }),
      );
    }
    await nothingIsBeingDeleted();
  });

  it('has folders removed that are nested deeper than a path is long', async () => {
    const { id, home } = await victim();
    asApps(
      `python3 -c 'import os, sys\nos.chdir(sys.argv[1])\nfor n in range(3000): os.mkdir("folder"); os.chdir("folder")' "$1"`,
      home,
    );
    await removeForEver(id);
  });

  it('has nothing cleared away where its desktop’s folder leads', async () => {
    const { id } = await victim({ persistent_mode: true });
    const folder = aikore.path('run', 'instances', String(id));
    asApps('rm -rf "$2/display"; ln -s "$1" "$2/display"', vault, folder);
    await runOnce(id);
    asApps('cd "$2"; rm -rf display; ln -s "$1" link; mkdir display; touch display/{1..50}', vault, folder);
    await whileExchanging(folder, [['display', 'link']], async () => {
      for (let round = 0; round < 8; round += 1) await runOnce(id);
    });
    await removeForEver(id);
  });

  it('has no folder for its outputs made where it could not make one', async () => {
    asApps('cd "$1"; mkdir plain; ln -s "$2" linked', aikore.path('outputs'), vault);
    const direct = await victim({ output_path: 'linked/made/for/me' }).catch(() => null);
    expect(direct).not.toBeNull();
    const { id } = await victim({ output_path: 'plain/made' });
    await whileExchanging(aikore.path('outputs'), [['plain', 'linked']], async () => {
      for (let round = 0; round < 10; round += 1) {
        asApps('rm -rf "$1"/{plain,linked}/made 2>/dev/null || true', aikore.path('outputs'));
        await runOnce(id);
      }
    });
    rmSync(aikore.path('outputs', 'linked'), { recursive: true });
  });

  it('has nothing moved but its own when it is renamed', async () => {
    const { id, name } = await victim();
    asApps('ln -s "$2" "$1/link"', aikore.path('outputs'), vault);
    await whileExchanging(aikore.path('outputs'), [[name, 'link']], async () => {
      for (let round = 0; round < 10; round += 1)
        await aikore.api.send('PATCH', `api/instances/${id}`, { name: round % 2 === 0 ? `${name} b` : name });
    });
    await removeForEver(id);
    asApps('rm -rf "$1"/{link,victim*}', aikore.path('outputs'));
  });

  it('has no blueprint made of what is not its own', async () => {
    const folder = aikore.path('custom_blueprints');
    asApps(
      'cd "$1"; mkdir sub; echo "echo mine" >sub/launch.sh; ln -s "$2" link; ln -s sub/launch.sh fork.sh',
      folder,
      vault,
    );
    linkSync(join(vault, 'launch.sh'), join(folder, 'second-name.sh'));
    const key = aikore.path('key.pem');
    writeFileSync(key, SECRET, { mode: 0o600 });
    linkSync(key, join(folder, 'key.sh'));
    try {
      for (const filename of ['second-name.sh', 'key.sh']) {
        expect((await aikore.api.refused('GET', `api/system/blueprints/custom/${filename}`)).status).toBe(
          404,
        );
        const wish = { name: `of ${filename}`, base_blueprint: filename };
        expect((await aikore.api.refused('POST', 'api/instances', wish)).status).toBe(422);
      }
      await whileExchanging(folder, [['sub', 'link']], async () => {
        for (let round = 0; round < 150; round += 1) {
          const { body } = await aikore.api.send('GET', 'api/system/blueprints/custom/fork.sh');
          expect(JSON.stringify(body)).not.toContain(SECRET);
        }
        for (let round = 0; round < 10; round += 1)
          await aikore.api.send('POST', 'api/instances', {
            name: `fork ${round}`,
            base_blueprint: 'fork.sh',
          });
      });
    } finally {
      rmSync(key);
      asApps('cd "$1"; rm -rf sub link fork.sh second-name.sh key.sh', folder);
    }
  });

  it('has no flag laid where it could not lay one', async () => {
    const { id, home } = await victim();
    const script = [
      ...['### AIKORE-METADATA-START ###', '# aikore.venv_type = python', '# aikore.venv_path = ./env/x'],
      ...['### AIKORE-METADATA-END ###', 'echo there', ''],
    ];
    await save(id, script.join('\n'));
    asApps('cd "$1"; mkdir -p env/x; ln -s "$2" link', home, vault);
    await whileExchanging(home, [['env', 'link']], async () => {
      for (let round = 0; round < 20; round += 1)
        await aikore.api.send('POST', `api/instances/${id}/rebuild`);
    });
    await removeForEver(id);
  });

  it('has no other socket called than its own', async () => {
    let calls = 0;
    const server = createServer(() => (calls += 1)).listen(join(aikore.path('backups'), 'private.sock'));
    await waitFor('it listens', () => server.listening);
    const { id } = await victim();
    try {
      await aikore.api.startUp(id);
      const folder = aikore.path('run', 'instances', String(id));
      // Its runner's conversation breaks off, so that another one is begun by the socket's name.
      asApps(
        'cd "$1"; mv runner.sock mine; ln -s "$2" runner.sock',
        folder,
        aikore.path('backups/private.sock'),
      );
      await aikore.signal('SIGKILL');
      aikore = await startKeptApart(lab, { ...aikore.ports, AIKORE_STOP_GRACE: '1' }, aikore.dataDir);
      await aikore.api.command(id, 'kill');
      await aikore.api.reaches(id, 'stopped');
      expect(calls).toBe(0);
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it('has nothing of others removed with a terminal', async () => {
    for (let round = 0; round < 4; round += 1) {
      const terminal = await TerminalClient.open(aikore);
      const folder = aikore.path('run', 'terminals', terminal.id);
      fork(folder);
      asApps('cd "$1"; ln -sf "$2/record" record', folder, vault);
      await whileExchanging(folder, FORKS, async () => {
        await aikore.api.expect(204, 'DELETE', `api/system/terminals/${terminal.id}`);
      });
      terminal.close();
    }
    expect(readdirSync(aikore.path('run', 'terminals'))).toEqual([]);
  });

  it('holds nobody up with a pipe in place of a file', async () => {
    const { id, home } = await victim();
    await save(id, 'echo saved\n');
    const places = ['launch.sh', 'output.log', 'output.times', 'logs/1.log', '.aikore/script-history/1.sh'];
    for (const place of places) asApps('rm -f "$1"; mkfifo "$1"', join(home, place));
    asApps('mkfifo "$1/pipe.sh"', aikore.path('custom_blueprints'));
    asApps('rm -f "$1"; mkfifo "$1"', aikore.path('run', 'instances', String(id), 'record'));
    await shown(id);
    await aikore.api.expect(200, 'GET', 'api/system/blueprints');
    await aikore.api.expect(200, 'GET', 'api/status');
    await removeForEver(id);
    asApps('rm "$1/pipe.sh"', aikore.path('custom_blueprints'));
  });

  it('has nothing of others copied when the trash can is another disk', async () => {
    const other = lab.dataDir();
    const trash = join(other, 'trashcan');
    mkdirSync(trash);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', trash]);
    try {
      const abroad = await startKeptApart(lab, { AIKORE_STOP_GRACE: '1' }, other);
      for (let round = 0; round < 4; round += 1) {
        const name = `traveller ${round}`;
        const { id } = await abroad.api.create({ name, base_blueprint: 'idles.sh' });
        const home = abroad.home(name);
        fork(join(home, 'env'));
        asApps('cd "$1"; ln -s "$2/launch.sh" link; mkfifo pipe; chmod 4755 launch.sh', home, vault);
        await whileExchanging(join(home, 'env'), FORKS, () =>
          whileExchanging(home, [['output.log', 'link']], async () => {
            await abroad.api.send('DELETE', `api/instances/${id}`);
          }),
        );
        const entry = join(trash, name);
        const strangers = ownedBelow(entry).filter(
          ({ uid, path }) => uid !== APPS.uid && !path.startsWith('.'),
        );
        expect(strangers).toEqual([]);
        expect(statSync(join(entry, 'launch.sh')).mode & 0o7777).toBe(0o755);
        expect(asApps('grep -rlsF -- "$1" "$2" || true', SECRET, entry)).toBe('');
        await abroad.api.expect(200, 'POST', `api/trash/${encodeURIComponent(name)}/restore`);
        await abroad.api.startUp((await abroad.api.byName(name)).id);
      }
      await abroad.stop();
    } finally {
      execFileSync('umount', ['-l', trash]);
    }
  });
});
