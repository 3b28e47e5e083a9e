import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { AuthDatabase } from '../../../test/fixtures/auth-database.js';
import { ManualClock, openAuthDatabase, recordingLogger } from '../../../test/fixtures/auth-database.js';
import type { HttpAnswer } from '../../../test/fixtures/http-client.js';
import { sendHttp } from '../../../test/fixtures/http-client.js';
import type { CreatedApiToken, SessionInfo } from '../../contracts/auth.js';
import type { ErrorBody } from '../../contracts/errors.js';
import { ErrorFilter, sendError } from '../http/error-filter.js';
import { ClientViews } from '../http/client-views.js';
import { createHostPolicy } from '../http/host-policy.js';
import { createValidationPipe } from '../http/validation.js';
import { AUTH_ACCESS, authControllers } from './auth.access.js';
import type { Auth } from './auth.factory.js';
import { createAuth } from './auth.factory.js';
import { authProviders } from './auth.providers.js';
import { gateRequestOf } from './gate-request.js';
import type { SignedInBrowser } from '../../contracts/sessions.js';

const PASSWORD = 'correct battery horse';

describe('the auth controllers', () => {
  let database: AuthDatabase;
  let auth: Auth;
  let app: NestFastifyApplication;
  let linkToken: string | null;
  let routes: Set<string>;
  let port: number;
  const { logger, lines } = recordingLogger();

  const boot = async (password: string | null): Promise<void> => {
    auth = createAuth({
      dataSource: database.dataSource,
      config: { token: null, publicUrl: null, isAuthOn: true },
      hosts: createHostPolicy({
        config: { allowedHosts: [], publicUrl: null, appsPublicUrl: null },
        machineName: 'machine',
        isInstanceHostname: () => false,
      }),
      isApplicationOrigin: ({ host }) => host === 'comfy.home.lan:9001',
      logger,
      clock: new ManualClock().read,
    });
    ({ linkToken } = await auth.service.boot({ password, isAuthOn: true }));
    @Module({
      controllers: authControllers,
      providers: authProviders(auth),
    })
    class AuthTestModule {}
    Logger.overrideLogger(false);
    app = await NestFactory.create<NestFastifyApplication>(AuthTestModule, new FastifyAdapter());
    app.useGlobalPipes(createValidationPipe());
    app.useGlobalFilters(new ErrorFilter(logger));
    putGateInFront(app.getHttpAdapter().getInstance());
    await app.listen(0, '127.0.0.1');
    port = (app.getHttpServer().address() as AddressInfo).port;
  };

  const putGateInFront = (fastify: FastifyInstance): void => {
    routes = new Set();
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) if (each !== 'HEAD' && url !== '*') routes.add(`${each} ${url}`);
    });
    fastify.decorateRequest('caller', null);
    new ClientViews([]).decorate(fastify);
    fastify.addHook('onRequest', (request, reply, done) => {
      try {
        const method = request.method === 'HEAD' ? 'GET' : request.method;
        const requirement = AUTH_ACCESS[`${method} ${request.routeOptions.url ?? ''}`] ?? 'admin';
        request.caller = auth.gate.admit(gateRequestOf(request.raw, request.client, false), requirement);
        done();
      } catch (error) {
        sendError(error, request, reply, logger);
      }
    });
  };

  const send = (
    method: string,
    path: string,
    more: { body?: object; token?: string; headers?: Record<string, string> } = {},
  ): Promise<HttpAnswer> => {
    const { body, token, headers } = more;
    return sendHttp({
      port,
      method,
      path,
      headers: {
        origin: `http://127.0.0.1:${port}`,
        ...(token === undefined ? {} : { cookie: `aikore_session=${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  };
  const json = (answer: HttpAnswer): unknown => JSON.parse(answer.body);
  const cookieOf = (answer: HttpAnswer): string =>
    /^aikore_session=([^;]*)/.exec(answer.headers['set-cookie']?.[0] ?? '')?.[1] ?? 'no cookie';
  const login = async (): Promise<string> =>
    cookieOf(await send('POST', '/api/auth/login', { body: { password: PASSWORD } }));

  beforeEach(async () => {
    lines.length = 0;
    database = await openAuthDatabase();
  });
  afterEach(async () => {
    await app.close();
    await auth.service.settled();
    await database.dispose();
  });

  it('are in the access table with all their routes', async () => {
    await boot(PASSWORD);
    expect([...routes].sort()).toEqual(Object.keys(AUTH_ACCESS).sort());
  });

  it('let nobody in who is not signed in', async () => {
    await boot(PASSWORD);
    for (const [route, requirement] of Object.entries(AUTH_ACCESS)) {
      if (requirement === 'public') continue;
      const [method, path] = route.split(' ') as [string, string];
      for (const token of [undefined, 'x'.repeat(43)]) {
        const answer = await send(method, path.replace(':id', '1'), token === undefined ? {} : { token });
        expect([route, answer.status]).toEqual([route, 401]);
      }
    }
  });

  it('sign in, tell who one is, and sign out', async () => {
    await boot(PASSWORD);
    const answer = await send('POST', '/api/auth/login', { body: { password: PASSWORD } });
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^aikore_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
    );
    expect(json(answer) as SessionInfo).toMatchObject({
      actor: 'operator',
      via: 'session',
      password_set: true,
    });
    const token = cookieOf(answer);
    expect(json(await send('GET', '/api/auth/session', { token }))).toEqual(json(answer));
    const bye = await send('POST', '/api/auth/logout', { token });
    expect(bye.status).toBe(204);
    expect(bye.headers['set-cookie']?.[0]).toContain('aikore_session=; Path=/; Max-Age=0');
    expect((await send('GET', '/api/auth/session', { token })).status).toBe(401);
  });

  it('give a new session at each sign-in and end the one before', async () => {
    await boot(PASSWORD);
    const first = await login();
    const second = cookieOf(
      await send('POST', '/api/auth/login', { token: first, body: { password: PASSWORD } }),
    );
    expect(second).not.toBe(first);
    expect((await send('GET', '/api/auth/session', { token: first })).status).toBe(401);
    expect((await send('GET', '/api/auth/session', { token: second })).status).toBe(200);
  });

  it('slow down guessing and say how long', async () => {
    await boot(PASSWORD);
    for (let count = 0; count < 5; count += 1) {
      const wrong = await send('POST', '/api/auth/login', { body: { password: 'guess' } });
      expect([wrong.status, (json(wrong) as ErrorBody).code]).toEqual([401, 'WRONG_PASSWORD']);
      expect(wrong.headers['set-cookie']).toBeUndefined();
    }
    const blocked = await send('POST', '/api/auth/login', { body: { password: PASSWORD } });
    expect(blocked.status).toBe(429);
    expect(blocked.headers['retry-after']).toBe('60');
    expect(json(blocked) as ErrorBody).toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      details: { retry_after_seconds: 60 },
    });
  });

  it.each<[object, object]>([
    [{}, { password: 'Type the password.' }],
    [{ password: '' }, { password: 'Type the password.' }],
    [{ password: ['a'] }, { password: 'Type the password.' }],
    [{ password: { $ne: null } }, { password: 'Type the password.' }],
    [{ password: 'x'.repeat(1025) }, { password: 'Use at most 1024 characters.' }],
    [{ password: 'x', admin: true }, { admin: 'There is no such field.' }],
  ])('refuse the sign-in %#', async (body, details) => {
    await boot(PASSWORD);
    const answer = await send('POST', '/api/auth/login', { body });
    expect([answer.status, (json(answer) as ErrorBody).details]).toEqual([422, details]);
  });

  it('refuse a megabyte and a foreign page', async () => {
    await boot(PASSWORD);
    const large = await send('POST', '/api/auth/login', { body: { password: 'x'.repeat(2 ** 20) } });
    expect(large.status).toBe(413);
    const headers = { origin: 'http://evil.example' };
    const foreign = await send('POST', '/api/auth/login', { body: { password: PASSWORD }, headers });
    expect([foreign.status, (json(foreign) as ErrorBody).code]).toEqual([403, 'FOREIGN_ORIGIN']);
  });

  it('list and end the sessions of other browsers', async () => {
    await boot(PASSWORD);
    const [mine, other, third] = [await login(), await login(), await login()];
    const listed = json(await send('GET', '/api/auth/sessions', { token: mine })) as SignedInBrowser[];
    expect(listed.map((session) => session.is_current).sort()).toEqual([false, false, true]);
    expect(JSON.stringify(listed)).not.toContain(mine);
    const otherId = listed.find((session) => !session.is_current)!.id;
    const ended = await send('DELETE', `/api/auth/sessions/${otherId}`, { token: mine });
    expect([ended.status, ended.headers['set-cookie']]).toEqual([204, undefined]);
    for (const id of [String(otherId), '0', '-1', 'x', '1e3', '99999999999999999999']) {
      const answer = await send('DELETE', `/api/auth/sessions/${id}`, { token: mine });
      expect([answer.status, (json(answer) as ErrorBody).code]).toEqual([404, 'SESSION_NOT_FOUND']);
    }
    expect((await send('DELETE', '/api/auth/sessions', { token: mine })).status).toBe(204);
    for (const token of [other, third]) {
      expect((await send('GET', '/api/auth/session', { token })).status).toBe(401);
    }
    const ownId = listed.find((session) => session.is_current)!.id;
    const own = await send('DELETE', `/api/auth/sessions/${ownId}`, { token: mine });
    expect(own.headers['set-cookie']?.[0]).toContain('Max-Age=0');
  });

  it('give a browser that is signed in a ticket for an application, and nobody else', async () => {
    await boot(PASSWORD);
    const token = await login();
    const body = { origin: 'http://comfy.home.lan:9001' };
    const answer = await send('POST', '/api/auth/tickets', { token, body });
    expect(answer.status).toBe(201);
    expect(json(answer)).toEqual({
      ticket: expect.stringMatching(/^[\w-]{43}$/),
      origin: body.origin,
      expires_at: '2030-01-01T00:00:30.000Z',
    });
    for (const origin of [
      'http://evil.example',
      'x'.repeat(301),
      '',
      7,
      null,
      ['http://comfy.home.lan:9001'],
    ]) {
      const refused = await send('POST', '/api/auth/tickets', { token, body: { origin } });
      expect([refused.status, Object.keys((json(refused) as ErrorBody).details)]).toEqual([422, ['origin']]);
    }
    const headers = { origin: 'http://evil.example' };
    expect((await send('POST', '/api/auth/tickets', { token, body, headers })).status).toBe(403);
    const made = { name: 'all', scopes: ['admin'] };
    const { token: bearer } = json(
      await send('POST', '/api/auth/tokens', { token, body: made }),
    ) as CreatedApiToken;
    const byToken = await send('POST', '/api/auth/tickets', {
      body,
      headers: { authorization: `Bearer ${bearer}` },
    });
    expect([byToken.status, (json(byToken) as ErrorBody).code]).toEqual([403, 'SESSION_NEEDED']);
    expect((await send('POST', '/api/auth/tickets', { body })).status).toBe(401);
  });

  it('take a child session for nobody', async () => {
    await boot(PASSWORD);
    const token = await login();
    const { ticket } = json(
      await send('POST', '/api/auth/tickets', { token, body: { origin: 'http://comfy.home.lan:9001' } }),
    ) as { ticket: string };
    const child = await auth.hostSignIn.redeem(ticket, {
      hostname: 'comfy.home.lan',
      cookie: undefined,
      address: '192.0.2.1',
      userAgent: '',
    });
    expect((await send('GET', '/api/auth/session', { token: child ?? '' })).status).toBe(401);
    expect(json(await send('GET', '/api/auth/sessions', { token })) as object[]).toHaveLength(1);
    expect((await send('POST', '/api/auth/logout', { token })).status).toBe(204);
    const asApplication = { hostname: 'comfy.home.lan' };
    expect(auth.service.authenticate({ cookie: `aikore_session=${child}` }, asApplication)).toBeNull();
  });

  it('make, list and delete tokens', async () => {
    await boot(PASSWORD);
    const token = await login();
    const body = { name: 'backup', scopes: ['read'], expires_at: '2031-01-01T00:00:00Z' };
    const answer = await send('POST', '/api/auth/tokens', { token, body });
    expect(answer.status).toBe(201);
    const created = json(answer) as CreatedApiToken;
    const headers = { authorization: `Bearer ${created.token}` };
    const session = await send('GET', '/api/auth/session', { headers });
    expect(json(session) as SessionInfo).toMatchObject({
      actor: 'token backup',
      scopes: ['read'],
      via: 'token',
      expires_at: '2031-01-01T00:00:00.000Z',
    });
    const denied = await send('GET', '/api/auth/tokens', { headers });
    expect([denied.status, (json(denied) as ErrorBody).code]).toEqual([403, 'SCOPE_MISSING']);
    const list = await send('GET', '/api/auth/tokens', { token });
    expect(json(list) as object[]).toHaveLength(1);
    expect(list.body).not.toContain(created.token);
    expect((await send('POST', '/api/auth/tokens', { token, body })).status).toBe(409);
    expect((await send('DELETE', `/api/auth/tokens/${created.id}`, { token })).status).toBe(204);
    expect((await send('DELETE', `/api/auth/tokens/${created.id}`, { token })).status).toBe(404);
    expect((await send('GET', '/api/auth/session', { headers })).status).toBe(401);
  });

  it.each<[object, string[]]>([
    [{}, ['name', 'scopes']],
    [{ name: 'x', scopes: 'read' }, ['scopes']],
    [{ name: 'x', scopes: ['root'] }, ['scopes']],
    [{ name: 'x', scopes: [] }, ['scopes']],
    [{ name: 1, scopes: ['read'] }, ['name']],
    [{ name: 'x', scopes: ['read'], expires_at: 'soon' }, ['expires_at']],
    [{ name: 'x', scopes: ['read'], expires_at: '2001-01-01' }, ['expires_at']],
    [{ name: 'x', scopes: ['read'], token_hash: 'x' }, ['token_hash']],
  ])('refuse the token %#', async (body, fields) => {
    await boot(PASSWORD);
    const answer = await send('POST', '/api/auth/tokens', { token: await login(), body });
    expect(answer.status).toBe(422);
    expect(Object.keys((json(answer) as ErrorBody).details).sort()).toEqual(fields);
  });

  describe('the sign-in link', () => {
    beforeEach(() => boot(null));

    it('lets in once, by a page that goes on by itself', async () => {
      const answer = await send('GET', `/signin-link/${linkToken!}`);
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
      expect(answer.body).toContain('<meta http-equiv="refresh" content="0;url=/">');
      expect(answer.body).not.toContain(linkToken!);
      const token = cookieOf(answer);
      expect(json(await send('GET', '/api/auth/session', { token }))).toMatchObject({
        password_set: false,
      });
      const again = await send('GET', `/signin-link/${linkToken!}`);
      expect([again.status, again.headers['set-cookie']]).toEqual([410, undefined]);
      expect(again.body).toContain('Start AiKore again');
    });

    it('is not used up by who only looks', async () => {
      const url = `/signin-link/${linkToken!}`;
      const looks = [
        await send('HEAD', url),
        await send('GET', url, { headers: { 'sec-purpose': 'prefetch;prerender' } }),
        await send('GET', url, { headers: { purpose: 'prefetch' } }),
      ];
      for (const look of looks) expect([look.status, look.headers['set-cookie']]).toEqual([503, undefined]);
      expect((await send('GET', url)).status).toBe(200);
    });

    it.each(['x', 'x'.repeat(43), '%00', '%2e%2e', '<script>'])('does not know %p', async (token) => {
      const answer = await send('GET', `/signin-link/${token}`);
      expect(answer.status).toBe(410);
      expect(answer.body).not.toContain('<script');
    });

    it('leads to a first password, after which it is the way in', async () => {
      const token = cookieOf(await send('GET', `/signin-link/${linkToken!}`));
      const early = await send('POST', '/api/auth/login', { body: { password: PASSWORD } });
      expect((json(early) as ErrorBody).code).toBe('NO_PASSWORD_SET');
      const weak = await send('PUT', '/api/auth/password', { token, body: { password: 'short' } });
      expect((json(weak) as ErrorBody).details).toEqual({ password: 'Use at least 10 characters.' });
      const body = { password: PASSWORD, current_password: null };
      expect((await send('PUT', '/api/auth/password', { token, body })).status).toBe(204);
      expect(await login()).toMatch(/^[\w-]{43}$/);
      const wrong = { password: 'another fine one', current_password: 'wrong' };
      const refused = await send('PUT', '/api/auth/password', { token, body: wrong });
      expect((json(refused) as ErrorBody).details).toEqual({
        current_password: 'This is not the present password.',
      });
      expect(lines.join('')).not.toMatch(new RegExp(`${PASSWORD}|${linkToken!}|${token}`));
    });
  });
});
