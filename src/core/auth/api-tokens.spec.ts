import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthDatabase } from '../../../test/fixtures/auth-database.js';
import {
  ManualClock,
  codeOf,
  openAuthDatabase,
  recordingLogger,
} from '../../../test/fixtures/auth-database.js';
import { AppError } from '../errors.js';
import { ApiTokens } from './api-tokens.js';
import { ApiTokenEntity } from './auth.entities.js';
import { DAY_MS, SECOND_MS, isoOf } from './clock.js';
import { sortedScopes } from './scopes.js';

const ENVIRONMENT_TOKEN = 'a-token-from-the-environment';

describe('ApiTokens', () => {
  let database: AuthDatabase;
  let clock: ManualClock;
  let tokens: ApiTokens;
  const { logger } = recordingLogger();

  const open = async (): Promise<ApiTokens> => {
    const repository = database.dataSource.getRepository(ApiTokenEntity);
    const opened = new ApiTokens(repository, ENVIRONMENT_TOKEN, logger, clock.read);
    await opened.load();
    return opened;
  };
  const find = (token: string): ReturnType<ApiTokens['find']> => tokens.find(Buffer.from(token));
  const request = { name: 'backup', scopes: ['read'], expiresAt: null };

  beforeEach(async () => {
    database = await openAuthDatabase();
    clock = new ManualClock();
    tokens = await open();
  });
  afterEach(async () => {
    await tokens.settled();
    await database.dispose();
  });

  it('shows the token once and keeps its digest only', async () => {
    const created = await tokens.create({ ...request, scopes: ['terminal', 'edit', 'edit'] });
    expect(created).toEqual({
      id: 1,
      name: 'backup',
      scopes: ['edit', 'terminal'],
      created_at: '2030-01-01T00:00:00.000Z',
      last_used_at: null,
      expires_at: null,
      token: expect.stringMatching(/^aik_[\w-]{43}$/),
    });
    expect(JSON.stringify(tokens.list())).not.toContain(created.token);
    const rows = await database.dataSource.query<unknown[]>('SELECT * FROM api_tokens');
    expect(JSON.stringify(rows)).not.toContain(created.token.slice(4));
  });

  it('finds the caller without a query, with the scopes that the named ones imply', async () => {
    const { token } = await tokens.create({ ...request, scopes: ['edit'] });
    find(token);
    await tokens.settled();
    database.takeQueries();
    for (let count = 0; count < 100; count += 1) find(token);
    expect(database.takeQueries()).toEqual([]);
    const caller = find(token)!;
    expect(caller).toMatchObject({
      actor: 'token backup',
      via: 'token',
      sessionId: null,
      tokenId: 1,
      expiresAt: null,
    });
    expect(sortedScopes(caller.scopes)).toEqual(['read', 'operate', 'edit']);
  });

  it('knows the token of the environment, which can do everything', () => {
    expect(find(ENVIRONMENT_TOKEN)).toMatchObject({ actor: 'environment token', tokenId: null });
    expect(find(ENVIRONMENT_TOKEN)?.scopes.size).toBe(5);
    expect(find(`${ENVIRONMENT_TOKEN}x`)).toBeNull();
    expect(find(ENVIRONMENT_TOKEN.slice(1))).toBeNull();
  });

  it.each(['', 'aik_', `aik_${'x'.repeat(43)}`, 'null'])('does not know %p', (token) => {
    expect(find(token)).toBeNull();
  });

  it('outlives a restart', async () => {
    const { token } = await tokens.create(request);
    await database.reopen();
    tokens = await open();
    expect(find(token)).not.toBeNull();
  });

  it('expires, and still shows in the list', async () => {
    const { token } = await tokens.create({ ...request, expiresAt: '2030-01-02T01:00:00+01:00' });
    expect(tokens.list()[0]?.expires_at).toBe('2030-01-02T00:00:00.000Z');
    clock.advance(DAY_MS - 1);
    expect(find(token)).not.toBeNull();
    clock.advance(1);
    expect(find(token)).toBeNull();
    expect(tokens.list()).toHaveLength(1);
  });

  it('writes the last use once a minute', async () => {
    const { token } = await tokens.create(request);
    database.takeQueries();
    for (let count = 0; count < 130; count += 1) {
      find(token);
      clock.advance(SECOND_MS);
    }
    await tokens.settled();
    expect(database.takeQueries().filter((query) => query.startsWith('UPDATE'))).toHaveLength(3);
    const rows = await database.dataSource.getRepository(ApiTokenEntity).find();
    expect(rows[0]?.lastUsedAt).toBe('2030-01-01T00:02:00.000Z');
  });

  it('deletes at once and tells so', async () => {
    const { id, token } = await tokens.create(request);
    const heard: number[] = [];
    tokens.onRevoked((each) => void heard.push(each));
    const deleting = tokens.delete(id);
    expect(find(token)).toBeNull();
    expect(heard).toEqual([id]);
    expect(await deleting).toBe(true);
    expect(await tokens.delete(id)).toBe(false);
  });

  it('takes a name once, regardless of case, also of two requests at the same time', async () => {
    const codes = await Promise.all([
      codeOf(() => tokens.create(request)),
      codeOf(() => tokens.create({ ...request, name: 'BACKUP' })),
    ]);
    expect(codes.sort()).toEqual(['TOKEN_NAME_TAKEN', 'nothing was thrown']);
    expect(await codeOf(() => tokens.create({ ...request, name: ' Backup ' }))).toBe('TOKEN_NAME_TAKEN');
  });

  it('says of each field what is wrong', async () => {
    const detailsOf = async (more: Partial<typeof request>): Promise<string[]> => {
      try {
        await tokens.create({ ...request, ...more });
      } catch (error) {
        if (error instanceof AppError && error.kind === 'invalid') return Object.keys(error.details);
        throw error;
      }
      return [];
    };
    for (const name of ['', '   ', 'x'.repeat(65), 'a\nb', 'a\u0000b', 'a\u202eb', 'a  b', '\u200b']) {
      expect([name, await detailsOf({ name })]).toEqual([name, ['name']]);
    }
    expect(await detailsOf({ scopes: [] })).toEqual(['scopes']);
    expect(await detailsOf({ scopes: ['read', 'root'] })).toEqual(['scopes']);
    const past = isoOf(clock.nowMs);
    for (const expiresAt of [past, 'tomorrow', '']) {
      expect(await detailsOf({ expiresAt } as never)).toEqual(['expires_at']);
    }
    expect(await detailsOf({ name: '', scopes: [] })).toEqual(['name', 'scopes']);
    expect(await detailsOf({ name: 'Büro-Rechner (läuft) 🚀' })).toEqual([]);
  });

  it('has room for two hundred', async () => {
    for (let count = 0; count < 200; count += 1) await tokens.create({ ...request, name: `token ${count}` });
    expect(await codeOf(() => tokens.create({ ...request, name: 'one more' }))).toBe('TOO_MANY_TOKENS');
  });

  it('tells its own tokens from those of applications', () => {
    const isOwn = (text: string): boolean => tokens.isOwn(Buffer.from(text));
    expect(isOwn('aik_deleted-long-ago')).toBe(true);
    expect(isOwn(ENVIRONMENT_TOKEN)).toBe(true);
    expect(isOwn('eyJhbGciOiJIUzI1NiJ9.e30.x')).toBe(false);
  });
});
