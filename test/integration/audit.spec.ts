import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { AuditEntry, AuditPage } from '../../src/contracts/audit.js';
import type { CreatedApiToken } from '../../src/contracts/auth.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';

const PASSWORD = 'correct horse battery staple';
const SECRET = 'hf_do_not_write_me_down';

/** The audit log of the built program, through its API. */
describe('the audit log', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  const page = (query = ''): Promise<AuditPage> => aikore.api.expect(200, 'GET', `api/audit${query}`);
  const entries = async (query = ''): Promise<AuditEntry[]> => (await page(query)).entries;

  beforeAll(async () => {
    aikore = await lab.start({ AIKORE_PASSWORD: PASSWORD, AIKORE_STOP_GRACE: '1' });
  });

  it('says who did what to what, from where', async () => {
    const { id } = await aikore.api.create({
      name: 'Watched',
      base_blueprint: 'idles.sh',
      env: { HF_TOKEN: SECRET },
    });
    await aikore.api.startUp(id);
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { autostart: true });
    await aikore.api.refused('POST', `api/instances/${id}/start`);
    await aikore.api.shutDown(id);
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}`);
    await aikore.api.expect(204, 'DELETE', 'api/trash/Watched');
    const told = (await entries()).filter(({ target }) => target === 'Watched');
    expect(
      told.map(({ action, outcome, code, detail }) => [action, outcome, code, detail]).reverse(),
    ).toEqual([
      ['instance.create', 'done', null, null],
      ['instance.start', 'done', null, null],
      ['instance.change', 'done', null, 'autostart'],
      ['instance.start', 'refused', expect.any(String), null],
      ['instance.stop', 'done', null, null],
      ['instance.delete', 'done', null, 'trash'],
      ['trash.delete', 'done', null, null],
    ]);
    expect(new Set(told.map(({ actor }) => actor))).toEqual(new Set(['environment token']));
    for (const { address, request_id: requestId } of told) {
      expect(address).toMatch(/127\.0\.0\.1|::1/);
      expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(await entries(`?instance=${id}&action=instance.stop`)).toHaveLength(1);
  });

  it('tells of sign-ins and of those that failed', async () => {
    await aikore.signIn(PASSWORD);
    await aikore.api.as({}).refused('POST', 'api/auth/login', { password: 'a guess that is wrong' });
    const [failed, done] = await entries('?action=session.sign-in');
    expect(failed).toMatchObject({ actor: 'nobody', outcome: 'refused', code: 'WRONG_PASSWORD' });
    expect(done).toMatchObject({ actor: 'operator', outcome: 'done' });
  });

  it('names a token that did something, or tried to, and one that was deleted', async () => {
    const { token, id } = await aikore.api.expect<CreatedApiToken>(201, 'POST', 'api/auth/tokens', {
      name: 'nightly',
      scopes: ['read'],
    });
    const nightly = aikore.api.as({ authorization: `Bearer ${token}` });
    expect((await nightly.refused('DELETE', 'api/trash')).status).toBe(403);
    expect((await nightly.refused('GET', 'api/audit')).status).toBe(403);
    await aikore.api.expect(204, 'DELETE', `api/auth/tokens/${id}`);
    expect(await entries('?actor=token%20nightly')).toMatchObject([
      { action: 'trash.empty', outcome: 'refused', code: 'SCOPE_MISSING' },
    ]);
    expect(await entries('?action=token')).toMatchObject([
      { action: 'token.delete', target: 'nightly' },
      { action: 'token.create', target: 'nightly', detail: 'read' },
    ]);
  });

  it('is read in pages, and offers what to filter by', async () => {
    const first = await page('?limit=2');
    expect(first.entries).toHaveLength(2);
    expect(first.actors).toEqual(
      expect.arrayContaining(['AiKore', 'environment token', 'nobody', 'operator']),
    );
    expect(first.actions).toEqual(expect.arrayContaining(['instance.start', 'server.start']));
    const second = await page(`?limit=500&before=${first.next_before ?? 0}`);
    const whole = await entries('?limit=500');
    expect([...first.entries, ...second.entries]).toEqual(whole);
    expect(second).toMatchObject({ next_before: null, actors: [] });
    for (const bad of ['?limit=0', '?limit=x', '?before=-1', '?outcome=maybe', '?instance=x', '?nonsense=1'])
      expect((await aikore.api.refused('GET', `api/audit${bad}`)).status).toBe(422);
  });

  it('holds no secret, outlives a restart and tells of it', async () => {
    await aikore.stop();
    const files = ['aikore.db', 'aikore.db-wal'].map((file) => {
      try {
        return readFileSync(aikore.path(file), 'latin1');
      } catch {
        return '';
      }
    });
    for (const secret of [PASSWORD, 'a guess that is wrong']) expect(files.join('')).not.toContain(secret);
    aikore = await lab.start({ AIKORE_PASSWORD: PASSWORD }, aikore.dataDir);
    const told = await entries('?limit=500');
    expect(told.slice(0, 2).map(({ action, actor }) => [action, actor])).toEqual([
      ['server.start', 'AiKore'],
      ['server.stop', 'AiKore'],
    ]);
    expect(told.map(({ target }) => target)).toContain('Watched');
    expect(JSON.stringify(told)).not.toContain(SECRET);
  });
});
