import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TrashEntry } from '../../src/contracts/instance.js';
import { AttackGround, FORKS, SECRET } from '../support/attack-ground.js';
import { asApps, startKeptApart, whileExchanging } from '../support/kept-apart.js';
import { useLab } from '../support/lab.js';
import { ownedBelow } from '../support/owned-files.js';
import { TerminalClient } from '../support/terminal-client.js';
import { APPS, describeTwoUsers } from '../support/two-users.js';

// As ownership-attacks.spec.ts, for what AiKore removes, moves and copies for applications.

describeTwoUsers('an application with a user of its own', () => {
  const lab = useLab();
  let ground: AttackGround;

  beforeAll(async () => {
    ground = await AttackGround.lay(lab);
  });
  afterEach(() => ground.expectUntouched());

  it('has nothing of others removed or counted with what is deleted for ever', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { id, home } = await ground.victim();
      ground.fork(join(home, 'env'));
      await whileExchanging(join(home, 'env'), FORKS, () => ground.removeForEver(id));
    }
  });

  it('has nothing of others removed, counted or brought back with what is in the trash can', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { id, name, home } = await ground.victim();
      ground.fork(join(home, 'env'));
      ground.fork(join(home, '.aikore-instance.json'));
      asApps('ln -s "$1" "$2/manifest"', ground.vault, home);
      const pairs = [['.aikore-instance.json', 'manifest']] as const;
      const entry = encodeURIComponent(name);
      await whileExchanging(join(home, 'env'), FORKS, () =>
        whileExchanging(home, pairs, async () => {
          await ground.aikore.api.send('DELETE', `api/instances/${id}`);
          await ground.aikore.api.expect<TrashEntry[]>(200, 'GET', 'api/trash');
          await ground.aikore.api.send('GET', `api/trash/${entry}/size`);
          await ground.aikore.api.send('POST', `api/trash/${entry}/restore`);
          await ground.aikore.api.send('DELETE', `api/trash/${entry}`);
        }),
      );
    }
    await ground.nothingIsBeingDeleted();
  });

  it('has folders removed that are nested deeper than a path is long', async () => {
    const { id, home } = await ground.victim();
    asApps(
      `python3 -c 'import os, sys\nos.chdir(sys.argv[1])\nfor n in range(3000): os.mkdir("folder"); os.chdir("folder")' "$1"`,
      home,
    );
    await ground.removeForEver(id);
  });

  it('has nothing cleared away where its desktop’s folder leads', async () => {
    const { id } = await ground.victim({ persistent_mode: true });
    const folder = ground.aikore.path('run', 'instances', String(id));
    asApps('rm -rf "$2/display"; ln -s "$1" "$2/display"', ground.vault, folder);
    await ground.runOnce(id);
    asApps(
      'cd "$2"; rm -rf display; ln -s "$1" link; mkdir display; touch display/{1..50}',
      ground.vault,
      folder,
    );
    await whileExchanging(folder, [['display', 'link']], async () => {
      for (let round = 0; round < 8; round += 1) await ground.runOnce(id);
    });
    await ground.removeForEver(id);
  });

  it('has nothing moved but its own when it is renamed', async () => {
    const { id, name } = await ground.victim();
    asApps('ln -s "$2" "$1/link"', ground.aikore.path('outputs'), ground.vault);
    await whileExchanging(ground.aikore.path('outputs'), [[name, 'link']], async () => {
      for (let round = 0; round < 10; round += 1)
        await ground.aikore.api.send('PATCH', `api/instances/${id}`, {
          name: round % 2 === 0 ? `${name} b` : name,
        });
    });
    await ground.removeForEver(id);
    asApps('rm -rf "$1"/{link,victim*}', ground.aikore.path('outputs'));
  });

  it('has nothing of others removed with a terminal', async () => {
    for (let round = 0; round < 4; round += 1) {
      const terminal = await TerminalClient.open(ground.aikore);
      const folder = ground.aikore.path('run', 'terminals', terminal.id);
      ground.fork(folder);
      asApps('cd "$1"; ln -sf "$2/record" record', folder, ground.vault);
      await whileExchanging(folder, FORKS, async () => {
        await ground.aikore.api.expect(204, 'DELETE', `api/system/terminals/${terminal.id}`);
      });
      terminal.close();
    }
    expect(readdirSync(ground.aikore.path('run', 'terminals'))).toEqual([]);
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
        ground.fork(join(home, 'env'));
        asApps('cd "$1"; ln -s "$2/launch.sh" link; mkfifo pipe; chmod 4755 launch.sh', home, ground.vault);
        await whileExchanging(join(home, 'env'), FORKS, () =>
          whileExchanging(home, [['output.log', 'link']], async () => {
            await abroad.api.expect(204, 'DELETE', `api/instances/${id}`);
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
