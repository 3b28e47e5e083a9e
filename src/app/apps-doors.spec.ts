import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordingLogger } from '../../test/fixtures/auth-database.js';
import { waitFor } from '../../test/support/wait.js';
import { StandingWarnings } from '../core/warnings/standing-warnings.js';
import type { NginxProblem } from '../features/access/nginx/nginx-planner.js';
import type { AppsDoorsOptions } from './apps-doors.js';
import { AppsDoors } from './apps-doors.js';

const BROKEN: NginxProblem = { key: 'shared', kind: 'broken', message: 'NGINX cannot be run: no memory.' };

/** An NGINX that ran and is broken now, and a port that is somebody else's for a while. */
function brokenWorld() {
  const engine = { isServing: true, port: 9001, problems: [] as NginxProblem[], isClosed: false };
  const world = { engine, refusals: 1, listened: [] as number[] };
  const { logger } = recordingLogger();
  const warnings = new StandingWarnings({ tell: () => undefined, onChange: () => undefined });
  const nothing = () => Promise.resolve();
  const nginx = {
    start: nothing,
    close: nothing,
    engine: Object.assign(engine, {
      close: () => {
        engine.isClosed = true;
        return Promise.resolve();
      },
    }),
  };
  const listen = (_host: string, port: number): Promise<number> => {
    if (world.refusals-- > 0) return Promise.reject(new Error(`address in use ${port}`));
    world.listened.push(port);
    return Promise.resolve(port);
  };
  const doors = new AppsDoors({
    wish: 'auto',
    host: '127.0.0.1',
    port: 9001,
    apps: { listen, close: nothing },
    published: { reconcile: nothing, close: nothing },
    nginx: { apps: nginx, version: '1.22.1' },
    warnings,
    logger,
  } as unknown as AppsDoorsOptions);
  return { world, doors, warnings };
}

describe('the doors, when NGINX cannot be run any more', () => {
  it('are taken over after the third failure, and the port is tried until it is free', async () => {
    const { world, doors, warnings } = brokenWorld();
    await doors.open();
    Object.assign(world.engine, { isServing: false, problems: [BROKEN] });
    for (let attempt = 0; attempt < 2; attempt += 1) doors.noteAttempt([BROKEN]);
    await sleep(20);
    expect(world.engine.isClosed).toBe(false);
    doors.noteAttempt([BROKEN]);
    await waitFor('the first attempt', () => warnings.list.length === 2);
    expect(warnings.list).toEqual([
      expect.stringContaining('AiKore serves applications itself, which is slower. NGINX cannot be run'),
      'Applications cannot be reached: address in use 9001. AiKore keeps trying.',
    ]);
    await waitFor('the second attempt', () => doors.state.engine === 'embedded');
    expect([world.listened, doors.state.is_serving]).toEqual([[9001], true]);
    expect(warnings.list).toHaveLength(1);
  });

  it('are left alone when AiKore ends meanwhile', async () => {
    const { world, doors, warnings } = brokenWorld();
    await doors.open();
    Object.assign(world.engine, { isServing: false, problems: [BROKEN] });
    for (let attempt = 0; attempt < 3; attempt += 1) doors.noteAttempt([BROKEN]);
    await waitFor('the first attempt', () => warnings.list.length === 2);
    await doors.close(false);
    await sleep(3500);
    expect(world.listened).toEqual([]);
  });
});
