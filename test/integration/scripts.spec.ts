import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Instance } from '../../src/contracts/instance.js';
import type {
  InstanceScript,
  SavedScript,
  ScriptBlueprint,
  ScriptHistory,
  ScriptVersionContent,
} from '../../src/contracts/script.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import type { Answer } from '../support/api.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const MIB = 1024 * 1024;
let aikore: AiKoreProcess;
let count = 0;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

const blueprintFile = (name: string): string => aikore.path('custom_blueprints', name);

/** An instance of a blueprint of its own. */
async function createFrom(content: string): Promise<Instance> {
  const name = `scripted ${(count += 1)}`;
  const base_blueprint = `scripted-${count}.sh`;
  writeFileSync(blueprintFile(base_blueprint), content);
  return aikore.api.create({ name, base_blueprint });
}

const IDLES = 'echo first\nexec sleep 1000\n';
const path = ({ id }: { id: number }, rest = ''): string => `api/instances/${id}/script${rest}`;
const read = (of: { id: number }): Promise<InstanceScript> => aikore.api.expect(200, 'GET', path(of));
const history = async (of: { id: number }, api = aikore.api) =>
  (await api.expect<ScriptHistory>(200, 'GET', path(of, '/history'))).versions;
const version = (of: { id: number }, number: number): Promise<ScriptVersionContent> =>
  aikore.api.expect(200, 'GET', path(of, `/history/${number}`));
const blueprintOf = (of: { id: number }): Promise<ScriptBlueprint> =>
  aikore.api.expect(200, 'GET', path(of, '/blueprint'));
const scriptOf = ({ name }: Instance): string => aikore.home(name, 'launch.sh');
const onDisk = (instance: Instance): string => readFileSync(scriptOf(instance), 'utf8');

/** Saves as somebody who knows one version; any, when none is said. */
function put(
  of: { id: number },
  content: string,
  ifMatch = '*',
  more: object = {},
): Promise<Answer<SavedScript & { code: string; details: Record<string, string> }>> {
  return aikore.api.send('PUT', path(of), { content, ...more }, { 'if-match': ifMatch });
}

async function saved(of: { id: number }, content: string): Promise<SavedScript> {
  const answer = await put(of, content);
  expect(answer).toMatchObject({ status: 200, body: { content, is_changed: true } });
  return answer.body;
}

describe('the script of an instance', () => {
  it('is read with its ETag, saved with it, and keeps its mode', async () => {
    const instance = await createFrom(IDLES);
    chmodSync(scriptOf(instance), 0o710);
    const answer = await aikore.api.send<InstanceScript>('GET', path(instance));
    expect(answer.body).toMatchObject({ content: IDLES, is_missing: false, is_damaged: false });
    expect(answer.headers.get('etag')).toBe(answer.body.etag);

    const after = await put(instance, 'echo ü\n', answer.body.etag);
    expect(after).toMatchObject({
      status: 200,
      body: {
        content: 'echo ü\n',
        size_bytes: 8,
        is_changed: true,
        pending_restart: false,
        is_restarting: false,
        notes: [],
      },
    });
    expect(after.headers.get('etag')).toBe(after.body.etag);
    expect(after.body.etag).not.toBe(answer.body.etag);
    expect(onDisk(instance)).toBe('echo ü\n');
    expect(statSync(scriptOf(instance)).mode & 0o777).toBe(0o710);
    expect(await read(instance)).toMatchObject({ content: 'echo ü\n', etag: after.body.etag });
  });

  it('is not saved over what somebody else has saved meanwhile', async () => {
    const instance = await createFrom(IDLES);
    const { etag } = await read(instance);
    const [mine, theirs] = await Promise.all([
      put(instance, 'mine\n', etag),
      put(instance, 'theirs\n', etag),
    ]);
    const [winner, loser] = mine.status === 200 ? [mine, theirs] : [theirs, mine];
    expect(winner.status).toBe(200);
    expect(loser).toMatchObject({
      status: 412,
      body: { code: 'SCRIPT_CHANGED', details: { etag: winner.body.etag } },
    });
    expect(onDisk(instance)).toBe(winner.body.content);
    expect((await put(instance, 'forced\n', '*')).status).toBe(200);
  });

  it('is not saved by who does not say which version they know', async () => {
    const instance = await createFrom(IDLES);
    expect(await aikore.api.refused('PUT', path(instance), { content: 'x' })).toMatchObject({
      status: 428,
      body: { code: 'IF_MATCH_MISSING' },
    });
    expect(onDisk(instance)).toBe(IDLES);
  });

  it('is stored while it runs, and counts from the next start on', async () => {
    const viewer = await EventsClient.open(aikore);
    const instance = await createFrom(IDLES);
    const file = aikore.home(instance.name, 'output.log');
    const log = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    await aikore.api.command(instance.id, 'start');
    await waitFor('the first run prints', () => log().includes('first'));
    const { etag } = await saved(instance, 'echo second\nexec sleep 1000\n');
    expect(await aikore.api.instance(instance.id)).toMatchObject({ pending_restart: true, run: 1 });
    await waitFor('viewers hear of it', () =>
      viewer.events.some(
        (event) =>
          event.type === 'script.changed' && event.data.id === instance.id && event.data.etag === etag,
      ),
    );
    expect(log()).not.toContain('second');

    // Nothing changes, but it is restarted: what runs is not what is stored.
    const again = await put(instance, 'echo second\nexec sleep 1000\n', etag, { restart: true });
    expect(again.body).toMatchObject({ is_changed: false, is_restarting: true, notes: [] });
    await waitFor('the second run prints', () => log().includes('second'));
    await waitFor('the second run counts', async () => (await aikore.api.instance(instance.id)).run === 2);
    expect(await aikore.api.instance(instance.id)).toMatchObject({ pending_restart: false });
    await aikore.api.command(instance.id, 'kill');
    await aikore.api.reaches(instance.id, 'stopped');
    viewer.end();
  });

  it('starts nothing that does not run', async () => {
    const instance = await createFrom(IDLES);
    const answer = await aikore.api.send<SavedScript>(
      'PUT',
      path(instance, '?restart=true'),
      { content: 'x\n' },
      { 'if-match': '*' },
    );
    expect(answer.body).toMatchObject({ is_changed: true, is_restarting: false });
    expect(answer.body.notes).toEqual([expect.stringContaining('does not run')]);
    expect(await aikore.api.instance(instance.id)).toMatchObject({ status: 'stopped', run: 0 });
  });

  it('is the blueprint while it is missing', async () => {
    const instance = await createFrom(IDLES);
    rmSync(aikore.home(instance.name), { recursive: true });
    const script = await read(instance);
    expect(script).toMatchObject({ content: IDLES, is_missing: true, modified_at: null });
    expect((await put(instance, 'echo mine\n', script.etag)).status).toBe(200);
    expect(onDisk(instance)).toBe('echo mine\n');

    rmSync(scriptOf(instance));
    rmSync(blueprintFile(instance.base_blueprint));
    expect(await aikore.api.refused('GET', path(instance))).toMatchObject({
      status: 404,
      body: { code: 'SCRIPT_NOT_FOUND' },
    });
    expect((await put(instance, 'echo again\n')).status).toBe(200);
  });

  it('answers where the original AiKore had it', async () => {
    const instance = await createFrom(IDLES);
    const file = `api/instances/${instance.id}/file?file_type=script`;
    expect(await aikore.api.expect(200, 'GET', file)).toEqual({ content: IDLES });
    const answer = await aikore.api.expect(200, 'PUT', file, { content: 'a\r\n' });
    expect(answer).toEqual({
      ok: true,
      detail: expect.stringMatching(/^The script was saved\. .*line ends/),
    });
    expect(onDisk(instance)).toBe('a\n');
    expect((await aikore.api.refused('GET', `api/instances/${instance.id}/file`)).status).toBe(400);
    expect((await aikore.api.refused('GET', 'api/instances/4711/file?file_type=script')).status).toBe(404);
  });
});

describe('hostile contents', () => {
  it('are told what was tidied up', async () => {
    const instance = await createFrom(IDLES);
    const { body } = await put(instance, '\uFEFFecho a\r\necho b\r\n');
    expect(body).toMatchObject({
      content: 'echo a\necho b\n',
      notes: [expect.any(String), expect.any(String)],
    });
  });

  it.each([
    ['NUL', 'a\0b', 422],
    ['half a character', 'a\ud800b', 422],
    ['more than 1 MiB', 'x'.repeat(MIB + 1), 413],
    ['more than 1 MiB of two bytes each', 'ü'.repeat(MIB / 2 + 1), 413],
  ])('such as %s are refused', async (_what, content, status) => {
    const instance = await createFrom(IDLES);
    expect((await put(instance, content)).status).toBe(status);
    expect(onDisk(instance)).toBe(IDLES);
    expect(await history(instance)).toEqual([]);
  });

  it('of exactly 1 MiB are a script', async () => {
    const instance = await createFrom(IDLES);
    await saved(instance, `${'#'.repeat(MIB - 1)}\n`);
    expect((await read(instance)).size_bytes).toBe(MIB);
  });

  it.each([[{ content: 1 }], [{}], [{ content: 'x', restart: 'yes' }], [{ content: 'x', more: 1 }]])(
    'such as the body %j are refused',
    async (body) => {
      const instance = await createFrom(IDLES);
      const answer = await aikore.api.send('PUT', path(instance), body, { 'if-match': '*' });
      expect(answer.status).toBe(422);
    },
  );

  it('on the disk that are no UTF-8 are shown as such and kept byte for byte', async () => {
    const instance = await createFrom(IDLES);
    const latin1 = Buffer.from('echo gr\xfc\xdfe\n', 'latin1');
    writeFileSync(scriptOf(instance), latin1);
    expect(await read(instance)).toMatchObject({ is_damaged: true, content: 'echo gr\ufffd\ufffde\n' });
    await saved(instance, 'echo mended\n');
    const folder = aikore.home(instance.name, '.aikore', 'script-history');
    expect(readFileSync(join(folder, '1.sh'))).toEqual(latin1);
  });
});

describe('links that an application lays', () => {
  it('in place of the script are neither read nor written through', async () => {
    const instance = await createFrom(IDLES);
    const target = join(lab.root, 'secret');
    writeFileSync(target, 'secret');
    rmSync(scriptOf(instance));
    symlinkSync(target, scriptOf(instance));
    const unusable = { status: 409, body: { code: 'SCRIPT_UNUSABLE' } };
    expect(await aikore.api.refused('GET', path(instance))).toMatchObject(unusable);
    expect(await put(instance, 'x\n', '"some"')).toMatchObject(unusable);
    expect((await put(instance, 'mine\n')).status).toBe(200);
    expect(readFileSync(target, 'utf8')).toBe('secret');
    expect(onDisk(instance)).toBe('mine\n');
    expect(statSync(scriptOf(instance)).isFile()).toBe(true);
  });

  it('or a folder in its place is refused, and nothing is kept of what was not saved', async () => {
    const instance = await createFrom(IDLES);
    rmSync(scriptOf(instance));
    mkdirSync(scriptOf(instance));
    expect(await put(instance, 'x\n')).toMatchObject({ status: 409, body: { code: 'SCRIPT_UNUSABLE' } });
    expect(await history(instance)).toEqual([]);
  });

  it.each(['.aikore', '.aikore/script-history'])('in place of %s lead nowhere', async (name) => {
    const instance = await createFrom(IDLES);
    const outside = join(lab.root, `outside ${count}`);
    mkdirSync(outside);
    writeFileSync(join(outside, '7.sh'), 'somebody else’s');
    if (name.includes('/')) mkdirSync(aikore.home(instance.name, '.aikore'));
    symlinkSync(outside, aikore.home(instance.name, name));
    expect(await put(instance, 'x\n')).toMatchObject({
      status: 409,
      body: { code: 'SCRIPT_HISTORY_BLOCKED' },
    });
    expect(await history(instance)).toEqual([]);
    expect(readdirSync(outside)).toEqual(['7.sh']);
    expect(onDisk(instance)).toBe(IDLES);
  });

  it('in place of versions are passed over, as is what is no version', async () => {
    const instance = await createFrom(IDLES);
    await saved(instance, 'one\n');
    const folder = aikore.home(instance.name, '.aikore', 'script-history');
    symlinkSync('/etc/passwd', join(folder, '8.sh'));
    writeFileSync(join(folder, '9.sh'), '<img onerror=alert(1)>');
    writeFileSync(join(folder, '9.json'), '{"saved_at": 7}');
    writeFileSync(join(folder, 'x.sh'), '');
    mkdirSync(join(folder, '10.sh'));
    const versions = await history(instance);
    expect(versions.map(({ version: number }) => number)).toEqual([9, 2, 1]);
    expect(versions[0]).toMatchObject({ saved_by: null, note: '' });
    for (const number of [8, 10, 11]) {
      expect((await aikore.api.refused('GET', path(instance, `/history/${number}`))).status).toBe(404);
    }
    // What lies there is not among the newest, so it is kept first.
    expect((await saved(instance, 'two\n')).version).toBe(12);
    expect((await version(instance, 11)).content).toBe('one\n');
  });
});

describe('earlier versions', () => {
  it('are kept with who saved them, what was there before included', async () => {
    const own = await lab.start({ AIKORE_STOP_GRACE: '1', AIKORE_PASSWORD: 'a password that is long' });
    const browser = await own.signIn('a password that is long');
    const instance = await own.api.create({ name: 'kept', base_blueprint: 'idles.sh' });
    const before = readFileSync(own.home('kept', 'launch.sh'), 'utf8');
    await browser.send('PUT', path(instance), { content: 'one\n' }, { 'if-match': '*' });
    await own.api.send('PUT', path(instance), { content: 'two\n' }, { 'if-match': '*' });
    const versions = await history(instance, own.api);
    expect(versions).toMatchObject([
      { version: 3, saved_by: 'environment token', note: '', size_bytes: 4, is_present: true },
      { version: 2, saved_by: 'operator', note: '', is_present: false },
      { version: 1, saved_by: null, note: expect.stringContaining('blueprint idles.sh'), is_present: false },
    ]);
    const first = await own.api.expect<ScriptVersionContent>(200, 'GET', path(instance, '/history/1'));
    expect(first).toMatchObject({ content: before, version: 1 });
    await own.stop();
  });

  it('hold what was written outside of AiKore, once', async () => {
    const instance = await createFrom(IDLES);
    await saved(instance, 'one\n');
    writeFileSync(scriptOf(instance), 'by an editor\n');
    expect((await history(instance)).filter(({ is_present: isPresent }) => isPresent)).toEqual([]);
    await saved(instance, 'two\n');
    await saved(instance, 'three\n');
    const versions = await history(instance);
    expect(versions.map(({ note }) => note)).toEqual([
      '',
      '',
      'Changed outside of AiKore.',
      '',
      expect.stringContaining('As it was taken'),
    ]);
    expect((await version(instance, 3)).content).toBe('by an editor\n');
  });

  it('are not made by saving the same again', async () => {
    const instance = await createFrom(IDLES);
    expect((await put(instance, IDLES)).body).toMatchObject({ is_changed: false, version: null });
    expect(await history(instance)).toEqual([]);
    expect(existsSync(aikore.home(instance.name, '.aikore'))).toBe(false);
  });

  it('go along with a new name, into the trash can and back', async () => {
    const instance = await createFrom(IDLES);
    await saved(instance, 'one\n');
    await aikore.api.expect(200, 'PATCH', `api/instances/${instance.id}`, { name: 'renamed' });
    expect(await history(instance)).toHaveLength(2);
    expect(await blueprintOf(instance)).toMatchObject({ changed_since: false });
    await aikore.api.expect(204, 'DELETE', `api/instances/${instance.id}`);
    const back = await aikore.api.expect<Instance>(200, 'POST', 'api/trash/renamed/restore');
    expect(await history(back)).toMatchObject([{ version: 2, is_present: true }, { version: 1 }]);
    writeFileSync(blueprintFile(instance.base_blueprint), 'newer\n');
    expect(await blueprintOf(back)).toMatchObject({ changed_since: true, differs: true });
  });

  it('make room, the oldest first', async () => {
    const instance = await createFrom(IDLES);
    for (let index = 0; index < 52; index += 1) await saved(instance, `echo ${index}\n`);
    const many = await history(instance);
    expect(many).toHaveLength(50);
    expect(many.at(-1)?.version).toBe(4);
    const names = readdirSync(aikore.home(instance.name, '.aikore', 'script-history'));
    expect(names).toHaveLength(100);
    for (let index = 0; index < 6; index += 1) await saved(instance, `${'x'.repeat(MIB - 2)}${index}\n`);
    const few = await history(instance);
    expect(few.map(({ version: number }) => number)).toEqual([59, 58, 57, 56, 55]);
  });
});

describe('the blueprint that it came from', () => {
  it('is compared, noticed when it changes, and taken over with the old script kept', async () => {
    const instance = await createFrom(IDLES);
    expect(await blueprintOf(instance)).toEqual({
      content: IDLES,
      filename: instance.base_blueprint,
      is_custom: true,
      differs: false,
      changed_since: false,
    });
    await saved(instance, 'mine\n');
    expect(await blueprintOf(instance)).toMatchObject({ differs: true, changed_since: false });
    writeFileSync(blueprintFile(instance.base_blueprint), 'newer\n');
    expect(await blueprintOf(instance)).toMatchObject({ content: 'newer\n', changed_since: true });

    const stale = await aikore.api.send('POST', path(instance, '/restore'), {}, { 'if-match': '"other"' });
    expect(stale.status).toBe(412);
    const restored = await aikore.api.expect<SavedScript>(200, 'POST', path(instance, '/restore'));
    expect(restored).toMatchObject({ content: 'newer\n', is_changed: true, version: 3 });
    expect(await blueprintOf(instance)).toMatchObject({ differs: false, changed_since: false });
    expect(await history(instance)).toMatchObject([
      { note: expect.stringContaining('Taken over'), is_present: true },
      { version: 2 },
      { version: 1 },
    ]);
    expect((await version(instance, 2)).content).toBe('mine\n');
  });

  it('may be gone', async () => {
    const instance = await createFrom(IDLES);
    renameSync(blueprintFile(instance.base_blueprint), join(lab.root, 'gone.sh'));
    for (const [method, rest] of [
      ['GET', '/blueprint'],
      ['POST', '/restore'],
    ] as const) {
      expect(await aikore.api.refused(method, path(instance, rest))).toMatchObject({
        status: 404,
        body: { code: 'BLUEPRINT_NOT_FOUND' },
      });
    }
    expect((await read(instance)).content).toBe(IDLES);
  });
});
