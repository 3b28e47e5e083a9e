import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { AttackGround, SECRET } from '../support/attack-ground.js';
import { asApps, whileExchanging } from '../support/kept-apart.js';
import { useLab } from '../support/lab.js';
import { describeTwoUsers } from '../support/two-users.js';
import { waitFor } from '../support/wait.js';

// AiKore may do more than applications may, and works in folders that are theirs. Here they lead what it reads, writes and
// calls astray: with links, pipes, names of somebody else's files, and by exchanging one for another while it looks.

describeTwoUsers('an application with a user of its own', () => {
  const lab = useLab();
  let ground: AttackGround;

  beforeAll(async () => {
    ground = await AttackGround.lay(lab);
  });
  afterEach(() => ground.expectUntouched());

  it.each(['output.log', 'output.times', 'launch.sh', 'logs/1.log', '.aikore/script-history/1.sh'])(
    'has nothing shown of what a link in place of %s leads to',
    async (file) => {
      const { id, home } = await ground.victim();
      await ground.save(id, 'echo saved\n');
      const inVault = join(ground.vault, file.split('/').at(-1) ?? '');
      asApps('mkdir -p "$(dirname "$2")"; rm -rf "$2"; ln -s "$1" "$2"', inVault, join(home, file));
      await ground.expectNothingShown(id);
      // Where the kernel lets everybody give everybody's files another name.
      rmSync(join(home, file));
      linkSync(inVault, join(home, file));
      try {
        await ground.expectNothingShown(id);
        await ground.runOnce(id);
        await ground.save(id, 'echo saved again\n');
        await ground.expectNothingShown(id);
      } finally {
        await ground.removeForEver(id);
      }
    },
  );

  it.each(['logs', '.aikore', '.aikore/script-history'])(
    'has nothing shown, kept or removed where a link in place of %s leads to',
    async (folder) => {
      const { id, home } = await ground.victim();
      await ground.save(id, 'echo saved\n');
      asApps('rm -rf "$2"; ln -s "$1" "$2"', ground.vault, join(home, folder));
      await ground.expectNothingShown(id);
      await ground.save(id, 'echo saved again\n');
      await ground.runOnce(id);
      await ground.runOnce(id);
      await ground.expectNothingShown(id);
      await ground.removeForEver(id);
    },
  );

  /** Reads, writes and runs, again and again. */
  async function workOn(id: number): Promise<void> {
    for (let round = 0; round < 15; round += 1) {
      await ground.expectNothingShown(id);
      await ground.save(id, `echo round ${round}\n`);
      if (round % 5 === 0) await ground.runOnce(id);
    }
  }

  it.each(['logs', '.aikore'])(
    'gains nothing by exchanging %s for a link while AiKore works',
    async (folder) => {
      const { id, home } = await ground.victim();
      await ground.save(id, 'echo saved\n');
      asApps('ln -s "$1" "$2/link"', ground.vault, home);
      await whileExchanging(home, [[folder, 'link']], () => workOn(id));
      await ground.removeForEver(id);
    },
  );

  it('gains nothing by exchanging its script and its log for links while AiKore works', async () => {
    const { id, home } = await ground.victim();
    const pairs = ['launch.sh', 'output.log', 'output.times'].map((file) => [file, `link-${file}`] as const);
    for (const [file, link] of pairs) asApps('ln -s "$1" "$2"', join(ground.vault, file), join(home, link));
    await whileExchanging(home, pairs, () => workOn(id));
    await ground.removeForEver(id);
  });

  it('has no folder for its outputs made where it could not make one', async () => {
    asApps('cd "$1"; mkdir plain; ln -s "$2" linked', ground.aikore.path('outputs'), ground.vault);
    const wish = { name: 'led out', base_blueprint: 'idles.sh', output_path: 'linked/made/for/me' };
    expect((await ground.aikore.api.refused('POST', 'api/instances', wish)).status).toBe(422);
    const { id } = await ground.victim({ output_path: 'plain/made' });
    await whileExchanging(ground.aikore.path('outputs'), [['plain', 'linked']], async () => {
      for (let round = 0; round < 10; round += 1) {
        asApps('rm -rf "$1"/{plain,linked}/made 2>/dev/null || true', ground.aikore.path('outputs'));
        await ground.runOnce(id);
      }
    });
    rmSync(ground.aikore.path('outputs', 'linked'), { recursive: true });
  });

  it('has no blueprint made of what is not its own', async () => {
    const folder = ground.aikore.path('custom_blueprints');
    asApps(
      'cd "$1"; mkdir sub; echo "echo mine" >sub/launch.sh; ln -s "$2" link; ln -s sub/launch.sh fork.sh',
      folder,
      ground.vault,
    );
    linkSync(join(ground.vault, 'launch.sh'), join(folder, 'second-name.sh'));
    const key = ground.aikore.path('key.pem');
    writeFileSync(key, SECRET, { mode: 0o600 });
    linkSync(key, join(folder, 'key.sh'));
    try {
      for (const filename of ['second-name.sh', 'key.sh']) {
        expect(
          (await ground.aikore.api.refused('GET', `api/system/blueprints/custom/${filename}`)).status,
        ).toBe(404);
        const wish = { name: `of ${filename}`, base_blueprint: filename };
        expect((await ground.aikore.api.refused('POST', 'api/instances', wish)).status).toBe(422);
      }
      await whileExchanging(folder, [['sub', 'link']], async () => {
        for (let round = 0; round < 150; round += 1) {
          const { body } = await ground.aikore.api.send('GET', 'api/system/blueprints/custom/fork.sh');
          expect(JSON.stringify(body)).not.toContain(SECRET);
        }
        for (let round = 0; round < 10; round += 1)
          await ground.aikore.api.send('POST', 'api/instances', {
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
    const { id, home } = await ground.victim();
    const script = [
      ...['### AIKORE-METADATA-START ###', '# aikore.venv_type = python', '# aikore.venv_path = ./env/x'],
      ...['### AIKORE-METADATA-END ###', 'echo there', ''],
    ];
    await ground.save(id, script.join('\n'));
    asApps('cd "$1"; mkdir -p env/x; ln -s "$2" link', home, ground.vault);
    await whileExchanging(home, [['env', 'link']], async () => {
      for (let round = 0; round < 20; round += 1)
        await ground.aikore.api.send('POST', `api/instances/${id}/rebuild`);
    });
    await ground.removeForEver(id);
  });

  it('has no other socket called than its own', async () => {
    let calls = 0;
    const server = createServer(() => (calls += 1)).listen(
      join(ground.aikore.path('backups'), 'private.sock'),
    );
    await waitFor('it listens', () => server.listening);
    const { id } = await ground.victim();
    try {
      await ground.aikore.api.startUp(id);
      const folder = ground.aikore.path('run', 'instances', String(id));
      // Its runner's conversation breaks off, so that another one is begun by the socket's name.
      asApps(
        'cd "$1"; mv runner.sock mine; ln -s "$2" runner.sock',
        folder,
        ground.aikore.path('backups/private.sock'),
      );
      await ground.replaceAikore();
      await ground.aikore.api.command(id, 'kill');
      await ground.aikore.api.reaches(id, 'stopped');
      expect(calls).toBe(0);
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it('holds nobody up with a pipe in place of a file', async () => {
    const { id, home } = await ground.victim();
    await ground.save(id, 'echo saved\n');
    const places = ['launch.sh', 'output.log', 'output.times', 'logs/1.log', '.aikore/script-history/1.sh'];
    for (const place of places)
      asApps('mkdir -p "$(dirname "$1")"; rm -f "$1"; mkfifo "$1"', join(home, place));
    asApps('mkfifo "$1/pipe.sh"', ground.aikore.path('custom_blueprints'));
    asApps('rm -f "$1"; mkfifo "$1"', ground.aikore.path('run', 'instances', String(id), 'record'));
    await ground.expectNothingShown(id);
    await ground.aikore.api.expect(200, 'GET', 'api/system/blueprints');
    await ground.aikore.api.expect(200, 'GET', 'api/status');
    await ground.removeForEver(id);
    asApps('rm "$1/pipe.sh"', ground.aikore.path('custom_blueprints'));
  });
});
