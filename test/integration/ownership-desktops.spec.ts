import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { existsSync, lstatSync, statSync } from 'node:fs';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { DesktopView, hasDesktopTools } from '../support/desktop.js';
import { startKeptApart } from '../support/kept-apart.js';
import { useLab } from '../support/lab.js';
import { ownedBelow } from '../support/owned-files.js';
import { APPS, describeTwoUsers } from '../support/two-users.js';

/** Of ports that no other suite has published. */
const FIRST_PORT = 18_900 + (process.pid % 9) * 10;

describeTwoUsers('a desktop, where applications have a user of their own', () => {
  const lab = useLab();
  // Counted as skipped: a run on a machine that has no X server must not look whole.
  const itWithTools = hasDesktopTools ? it : it.skip;
  let aikore: AiKoreProcess;

  beforeAll(async () => {
    aikore = await startKeptApart(lab, {
      AIKORE_STOP_GRACE: '1',
      AIKORE_INSTANCE_PORT_RANGE: `${FIRST_PORT}-${FIRST_PORT + 9}`,
    });
  });

  itWithTools('is theirs with all that belongs to it, and leaves nothing', async () => {
    const wish = { name: 'shown', base_blueprint: 'answers.sh', persistent_mode: true };
    const { id } = await aikore.api.create(wish);
    await aikore.api.startUp(id);
    const desktop = await DesktopView.of(aikore, id);
    for (const part of ['x', 'wm', 'kiosk'] as const) {
      const pid = await desktop.runs(part);
      expect([part, statSync(`/proc/${pid}`).uid]).toEqual([part, APPS.uid]);
    }
    expect(ownedBelow(desktop.folder).filter(({ uid }) => uid !== APPS.uid)).toEqual([]);
    expect(statSync(desktop.folder).mode & 0o777).toBe(0o700);
    const lock = `/tmp/.X${desktop.display}-lock`;
    expect(lstatSync(lock).uid).toBe(APPS.uid);
    expect((await aikore.api.instance(id)).warnings).toEqual([]);

    await aikore.api.shutDown(id);
    expect(desktop.leftovers).toEqual([]);
    expect(existsSync(lock)).toBe(false);

    // The number is free for the next run, whoever held it.
    await aikore.api.startUp(id);
    await (await DesktopView.of(aikore, id)).runs('x');
    await aikore.api.shutDown(id);
  });

  afterAll(() => aikore.stop());
});
