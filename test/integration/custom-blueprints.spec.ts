import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Blueprint, BlueprintSource } from '../../src/contracts/blueprint.js';
import type { ScriptBlueprint } from '../../src/contracts/script.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const ROOT = 'api/system/blueprints';
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start();
});

const file = (name: string): string => aikore.path('custom_blueprints', name);
const source = (name: string, origin = 'custom'): Promise<BlueprintSource> =>
  aikore.api.expect(200, 'GET', `${ROOT}/${origin}/${name}`);
const create = (filename: string, content: string): Promise<Blueprint> =>
  aikore.api.expect(201, 'POST', `${ROOT}/custom`, { filename, content });
const renameTo = (name: string, filename: string) =>
  aikore.api.send<Blueprint & { code: string }>('POST', `${ROOT}/custom/${name}/rename`, { filename });

describe('a custom blueprint', () => {
  it('is not replaced over what somebody else has made of it meanwhile', async () => {
    await create('shared.sh', 'one\n');
    const { etag, content, origin } = await source('shared.sh');
    expect({ content, origin }).toEqual({ content: 'one\n', origin: 'custom' });
    const put = (text: string, ifMatch?: string) =>
      aikore.api.send<{ code: string; details: object }>(
        'PUT',
        `${ROOT}/custom/shared.sh`,
        { content: text },
        ifMatch === undefined ? {} : { 'if-match': ifMatch },
      );
    const mine = await put('mine\r\n', etag);
    expect(mine.status).toBe(200);
    expect(mine.headers.get('etag')).toBe((await source('shared.sh')).etag);
    expect(await put('theirs\n', etag)).toMatchObject({
      status: 412,
      body: { code: 'BLUEPRINT_CHANGED', details: { etag: mine.headers.get('etag') } },
    });
    expect(readFileSync(file('shared.sh'), 'utf8')).toBe('mine\n');
    // As the original AiKore does, where nobody says what they knew.
    expect((await put('last\n')).status).toBe(200);
  });

  it('gets another name, by which its instances know it, also after a restart of AiKore', async () => {
    await create('before.sh', 'exec sleep 1000\n');
    const { id, name } = await aikore.api.create({ name: 'follower', base_blueprint: 'before.sh' });
    expect((await source('before.sh')).instances).toEqual([{ id, name }]);
    const viewer = await EventsClient.open(aikore);

    const renamed = await renameTo('before.sh', 'after all.sh');
    expect(renamed).toMatchObject({ status: 200, body: { filename: 'after all.sh', origin: 'custom' } });
    expect([existsSync(file('before.sh')), existsSync(file('after all.sh'))]).toEqual([false, true]);
    expect((await source('after%20all.sh')).instances).toEqual([{ id, name }]);
    await waitFor('viewers hear of both', () =>
      ['blueprints.changed', 'instance.updated'].every((type) =>
        viewer.events.some((event) => event.type === type),
      ),
    );
    viewer.end();
    await aikore.stop();
    aikore = await lab.start({}, aikore.dataDir);
    expect(await aikore.api.instance(id)).toMatchObject({ base_blueprint: 'after all.sh' });
    const compared = await aikore.api.expect<ScriptBlueprint>(
      200,
      'GET',
      `api/instances/${id}/script/blueprint`,
    );
    expect(compared).toMatchObject({ filename: 'after all.sh', differs: false, changed_since: false });
  });

  it('does not get a name that is taken or none', async () => {
    await create('mine.sh', 'x\n');
    await create('other.sh', 'y\n');
    for (const [to, status] of [
      ['other.sh', 409],
      ['Demo.sh', 409],
      ['../escaped.sh', 422],
      ['functions.sh', 422],
      ['mine', 422],
      ['mine.sh', 200],
    ] as const) {
      expect([to, (await renameTo('mine.sh', to)).status]).toEqual([to, status]);
    }
    expect((await renameTo('missing.sh', 'new.sh')).status).toBe(404);
    expect(readFileSync(file('mine.sh'), 'utf8')).toBe('x\n');
  });

  it('can be deleted while instances are left, which keep their script', async () => {
    await create('doomed.sh', 'exec sleep 1000\n');
    const { id } = await aikore.api.create({ name: 'survivor', base_blueprint: 'doomed.sh' });
    const viewer = await EventsClient.open(aikore);
    await aikore.api.expect(204, 'DELETE', `${ROOT}/custom/doomed.sh`);
    await waitFor('viewers hear of it', () =>
      viewer.events.some(({ type }) => type === 'blueprints.changed'),
    );
    viewer.end();
    await aikore.api.command(id, 'start');
    await aikore.api.command(id, 'kill');
    expect(readFileSync(aikore.home('survivor', 'launch.sh'), 'utf8')).toBe('exec sleep 1000\n');
    await aikore.api.reaches(id, 'stopped');
  });

  it('is what the editor saves an instance’s script as', async () => {
    const { id } = await aikore.api.create({ name: 'author', base_blueprint: 'idles.sh' });
    const { content } = await aikore.api.expect<{ content: string }>(
      200,
      'GET',
      `api/instances/${id}/script`,
    );
    await create('from author.sh', content);
    expect((await source('from%20author.sh')).content).toBe(content);
  });
});

describe('a shipped blueprint', () => {
  it('can be read, also where the operator has one of that name', async () => {
    const shipped = await source('Demo.sh', 'stock');
    expect(shipped).toMatchObject({ filename: 'Demo.sh', origin: 'stock' });
    expect(shipped.content).toContain('AIKORE-METADATA-START');
    writeFileSync(file('Demo.sh'), 'my own\n');
    expect(await source('Demo.sh', 'stock')).toEqual(shipped);
    for (const name of ['functions.sh', 'idles.sh', '..%2fpackage.sh', 'lib']) {
      expect([name, (await aikore.api.send('GET', `${ROOT}/stock/${name}`)).status]).toEqual([name, 404]);
    }
  });
});
