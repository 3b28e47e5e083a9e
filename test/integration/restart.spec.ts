import { describe, expect, it } from '@jest/globals';
import type { Instance } from '../../src/contracts/instance.js';
import { useLab } from '../support/lab.js';

const lab = useLab();
const PASSWORD = 'correct horse battery staple';

/** What an operator has decided, without what the machine tells. */
function settingsOf(instance: Instance) {
  const { name, slug, base_blueprint, gpu_ids, autostart, port, output_path, env, launch_args } = instance;
  const { position, created_at, updated_at, id } = instance;
  return {
    ...{ id, name, slug, base_blueprint, gpu_ids, autostart, port, output_path, env, launch_args },
    ...{ position, created_at, updated_at },
  };
}

describe('a restart of AiKore', () => {
  it('keeps instances, their settings and their order', async () => {
    const first = await lab.start();
    await first.api.create({ name: 'Plain one', base_blueprint: 'idles.sh' });
    await first.api.create({
      name: 'With everything',
      base_blueprint: 'counter.sh',
      gpu_ids: '1,0',
      output_path: 'team/renders',
      env: { HF_HOME: '/somewhere', EMPTY: '' },
      launch_args: '--one "two words"',
    });
    const third = await first.api.create({ name: 'Renamed later', base_blueprint: 'idles.sh' });
    await first.api.expect(200, 'PATCH', `api/instances/${third.id}`, { name: 'Renamed now' });
    const before = (await first.api.instances()).map(settingsOf);
    expect(await first.stop()).toEqual({ code: 0, signal: null });

    const second = await lab.start({}, first.dataDir);
    expect((await second.api.instances()).map(settingsOf)).toEqual(before);
    expect(before.map((settings) => settings.name)).toEqual(['Plain one', 'With everything', 'Renamed now']);
    expect(before[2]?.slug).toBe('renamed-later');
    await second.stop();
  });

  it('starts what has autostart and nothing else', async () => {
    const first = await lab.start();
    const wanted = await first.api.create({ name: 'wanted', base_blueprint: 'idles.sh', autostart: true });
    const other = await first.api.create({ name: 'other', base_blueprint: 'idles.sh' });
    await first.api.startUp(other.id);
    expect((await first.api.instance(wanted.id)).status).toBe('stopped');
    await first.stop();

    const second = await lab.start({}, first.dataDir);
    await second.api.reaches(wanted.id, 'started');
    expect(await second.api.instance(other.id)).toMatchObject({ status: 'stopped', pid: null });
    await second.stop();
  });

  it('keeps sign-ins, by password and by link, and forgets those that were signed out', async () => {
    const first = await lab.start({ AIKORE_PASSWORD: PASSWORD });
    const kept = await first.signIn(PASSWORD);
    const left = await first.signIn(PASSWORD);
    await left.expect(204, 'POST', 'api/auth/logout');
    await first.stop();

    const second = await lab.start({ AIKORE_PASSWORD: PASSWORD }, first.dataDir);
    const again = (api: typeof kept) => second.browser(api.cookie).send('GET', 'api/auth/session');
    expect((await again(kept)).status).toBe(200);
    expect((await again(left)).status).toBe(401);
    await second.stop();
  });

  it('keeps the sign-in of a one-time link, which itself works once', async () => {
    const first = await lab.start();
    const link = /http:\S+\/signin-link\/\S+/.exec(first.stdout)?.[0] ?? '';
    const answer = await fetch(link);
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect((await fetch(link)).status).toBe(410);
    expect((await first.browser(cookie).send('GET', 'api/instances')).status).toBe(200);
    await first.signal('SIGKILL');

    const second = await lab.start({}, first.dataDir);
    expect((await second.browser(cookie).send('GET', 'api/instances')).status).toBe(200);
    await second.stop();
  });
});
