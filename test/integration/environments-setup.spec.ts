import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InstanceEnvironment, UpdateCheck } from '../../src/contracts/environment.js';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { GitRemote } from '../support/git-remotes.js';
import { SERVES, createInline } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';

const lab = useLab();
let aikore: AiKoreProcess;
let origin: GitRemote;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
  origin = new GitRemote(join(lab.root, 'remotes'), 'real');
  origin.commit('first');
});

/** A blueprint as the catalogue has them, without anything that takes long or comes from a network. */
const blueprint = (): string => `set -euo pipefail
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"
install() { aikore_clone '${origin.url}' app GIT_REF; }
aikore_setup install PRESET?
${SERVES}`;

const environmentOf = ({ id }: Instance): Promise<InstanceEnvironment> =>
  aikore.api.expect(200, 'GET', `api/instances/${id}/environment`);
const change = ({ id }: Instance, body: object): Promise<Instance> =>
  aikore.api.expect(200, 'PATCH', `api/instances/${id}`, body);

async function startAndStop({ id }: Instance): Promise<void> {
  await aikore.api.command(id, 'start');
  await aikore.api.reaches(id, 'started', 80_000);
  await aikore.api.shutDown(id);
}

describe('an environment that functions.sh has installed', () => {
  it('is told as the next start sees it: ready, stale for each change, updated, built anew', async () => {
    const instance = await createInline(aikore, blueprint());
    expect((await environmentOf(instance)).state).toBe('absent');
    await startAndStop(instance);
    const first = await environmentOf(instance);
    expect(first).toMatchObject({ state: 'ready', reasons: [], history: [] });
    expect(first.record).toMatchObject({ repositories: [{ path: 'app', ref: 'main', subject: 'first' }] });

    await change(instance, { env: { PRESET: 'anime' } });
    expect((await environmentOf(instance)).reasons).toEqual([
      'The next start installs again: PRESET was changed.',
    ]);
    await change(instance, { env: {}, git_ref: 'main' });
    expect((await environmentOf(instance)).reasons).toEqual([
      'The next start installs again: Source the blueprint’s choice → main.',
    ]);
    await change(instance, { git_ref: null });
    writeFileSync(aikore.home(instance.name, 'requirements.txt'), '# nothing\n');
    expect((await environmentOf(instance)).reasons).toEqual([
      'The next start installs again: requirements.txt was changed.',
    ]);
    await startAndStop(instance);
    expect(await environmentOf(instance)).toMatchObject({
      state: 'ready',
      history: [{ blueprint: first.record?.blueprint }],
    });

    origin.commit('second');
    const path = `api/instances/${instance.id}`;
    const check = await aikore.api.expect<UpdateCheck>(200, 'POST', `${path}/update-check`);
    expect(check).toMatchObject({ has_updates: true, repositories: [{ behind: 1, problem: null }] });
    await aikore.api.expect(202, 'POST', `${path}/update`);
    await aikore.api.expect(202, 'POST', `${path}/rebuild`, { clean: true });
    mkdirSync(aikore.home(instance.name, 'cache'));
    expect(await environmentOf(instance)).toMatchObject({
      state: 'stale',
      is_rebuild_due: true,
      is_update_due: true,
    });
    await startAndStop(instance);
    expect(existsSync(aikore.home(instance.name, 'cache'))).toBe(false);
    expect(await environmentOf(instance)).toMatchObject({
      state: 'ready',
      is_rebuild_due: false,
      is_update_due: false,
      record: { repositories: [{ subject: 'second' }] },
    });
    expect((await aikore.api.instance(instance.id)).warnings).toEqual([]);
  });

  it('is its parent’s for a satellite, which asks for all of them', async () => {
    const parent = await createInline(aikore, blueprint());
    await startAndStop(parent);
    const satellite = await aikore.api.expect<Instance>(
      201,
      'POST',
      `api/instances/${parent.id}/instantiate`,
      {
        new_name: 'a satellite',
      },
    );
    expect(await environmentOf(satellite)).toEqual(await environmentOf(parent));
    expect((await environmentOf(satellite)).owner_id).toBe(parent.id);
    await aikore.api.startUp(parent.id);
    for (const route of ['update', 'rebuild'])
      expect(await aikore.api.refused('POST', `api/instances/${satellite.id}/${route}`)).toMatchObject({
        status: 409,
        body: { code: 'SHARED_FILES_IN_USE', message: expect.stringContaining(parent.name) as unknown },
      });
    await aikore.api.shutDown(parent.id);
    await aikore.api.expect(202, 'POST', `api/instances/${satellite.id}/update`);
    const said = ['It will be updated at the next start.'];
    expect((await aikore.api.instance(parent.id)).warnings).toEqual(said);
    expect((await aikore.api.instance(satellite.id)).warnings).toEqual(said);
    expect(existsSync(aikore.home(parent.name, '.aikore', 'update'))).toBe(true);
  });
});
