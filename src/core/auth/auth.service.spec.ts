import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthDatabase } from '../../../test/fixtures/auth-database.js';
import {
  ManualClock,
  codeOf,
  openAuthDatabase,
  recordingLogger,
} from '../../../test/fixtures/auth-database.js';
import { createHostPolicy } from '../http/host-policy.js';
import type { Auth } from './auth.factory.js';
import { createAuth } from './auth.factory.js';
import { DAY_MS, MINUTE_MS } from './clock.js';
import { SESSION_COOKIE } from './cookies.js';

const PASSWORD = 'correct battery horse';
const ENVIRONMENT_TOKEN = 'a-token-from-the-environment';
const visitor = { address: '192.0.2.1', userAgent: 'Firefox', sessionTokens: [] as string[] };
const cookie = (token: string): { cookie: string } => ({ cookie: `${SESSION_COOKIE}=${token}` });

describe('AuthService', () => {
  let database: AuthDatabase;
  let clock: ManualClock;
  let auth: Auth;
  const { logger, lines } = recordingLogger();

  const start = async (
    more: { password?: string | null; isAuthOn?: boolean } = {},
  ): Promise<{ linkToken: string | null }> => {
    const { password = null, isAuthOn = true } = more;
    auth = createAuth({
      dataSource: database.dataSource,
      config: { token: ENVIRONMENT_TOKEN, publicUrl: null, isAuthOn },
      hosts: createHostPolicy({
        config: { allowedHosts: [], publicUrl: null, appsPublicUrl: null },
        machineName: 'machine',
        isInstanceHostname: () => false,
      }),
      isApplicationOrigin: () => false,
      logger,
      clock: clock.read,
    });
    return auth.service.boot({ password, isAuthOn });
  };

  beforeEach(async () => {
    lines.length = 0;
    database = await openAuthDatabase();
    clock = new ManualClock();
  });
  afterEach(async () => {
    await auth.service.settled();
    await database.dispose();
  });

  describe('with AIKORE_PASSWORD', () => {
    it('signs in, and takes the session for the operator', async () => {
      expect(await start({ password: PASSWORD })).toEqual({ linkToken: null });
      const { token, caller } = await auth.service.login(PASSWORD, visitor);
      expect(auth.service.authenticate(cookie(token))).toEqual(caller);
      expect(auth.service.sessionInfo(caller)).toEqual({
        actor: 'operator',
        scopes: ['read', 'operate', 'edit', 'terminal', 'admin'],
        via: 'session',
        expires_at: '2030-01-31T00:00:00.000Z',
        password_set: true,
        password_from_environment: true,
      });
    });

    it('takes a password of any length', async () => {
      await start({ password: 'x' });
      expect(await codeOf(() => auth.service.login('x', visitor))).toBe('nothing was thrown');
    });

    it('keeps hash and sessions over a restart with the same password', async () => {
      await start({ password: PASSWORD });
      const { token } = await auth.service.login(PASSWORD, visitor);
      const [before] = await database.dataSource.query<unknown[]>('SELECT * FROM credentials');
      await start({ password: PASSWORD });
      expect(await database.dataSource.query('SELECT * FROM credentials')).toEqual([before]);
      expect(auth.service.authenticate(cookie(token))).not.toBeNull();
    });

    it('ends all sessions when the password is another one', async () => {
      await start({ password: PASSWORD });
      const { token } = await auth.service.login(PASSWORD, visitor);
      await start({ password: 'another' });
      expect(auth.service.authenticate(cookie(token))).toBeNull();
      expect(await codeOf(() => auth.service.login(PASSWORD, visitor))).toBe('WRONG_PASSWORD');
      expect(await codeOf(() => auth.service.login('another', visitor))).toBe('nothing was thrown');
    });

    it('wins over one set in the dashboard, and cannot be changed there', async () => {
      const { linkToken } = await start();
      const { caller } = (await auth.service.loginWithLink(linkToken!, visitor))!;
      await auth.service.changePassword(null, 'set in the dashboard', caller);
      await start({ password: PASSWORD });
      expect(await codeOf(() => auth.service.login('set in the dashboard', visitor))).toBe('WRONG_PASSWORD');
      const signedIn = await auth.service.login(PASSWORD, visitor);
      expect(
        await codeOf(() => auth.service.changePassword(PASSWORD, 'a fine new one', signedIn.caller)),
      ).toBe('PASSWORD_FROM_ENVIRONMENT');
    });
  });

  describe('without a password', () => {
    it('lets in by the link, once', async () => {
      const { linkToken } = await start();
      expect(await auth.service.loginWithLink('guess', visitor)).toBeNull();
      const signedIn = await auth.service.loginWithLink(linkToken!, visitor);
      expect(auth.service.authenticate(cookie(signedIn!.token))).toMatchObject({
        actor: 'operator',
        via: 'session',
      });
      expect(auth.service.sessionInfo(signedIn!.caller).password_set).toBe(false);
      expect(await auth.service.loginWithLink(linkToken!, visitor)).toBeNull();
    });

    it('makes a new link at each start, and the session by the old one stays', async () => {
      const first = (await start()).linkToken!;
      const signedIn = await auth.service.loginWithLink(first, visitor);
      const second = (await start()).linkToken!;
      expect(second).not.toBe(first);
      expect(await auth.service.loginWithLink(first, visitor)).toBeNull();
      expect(auth.service.authenticate(cookie(signedIn!.token))).not.toBeNull();
    });

    it('says so to whoever tries a password, after as much work as for a wrong one', async () => {
      await start();
      // Of the processor, so that what else the machine does is not counted.
      const workMs = async (): Promise<number> => {
        const before = process.cpuUsage();
        await codeOf(() => auth.service.login('guess', { ...visitor, address: String(Math.random()) }));
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1000;
      };
      expect(await codeOf(() => auth.service.login('guess', visitor))).toBe('NO_PASSWORD_SET');
      const leastWorkMs = async (): Promise<number> => {
        const all = [];
        for (let count = 0; count < 9; count += 1) all.push(await workMs());
        return Math.min(...all);
      };
      const withoutMs = await leastWorkMs();
      await start({ password: PASSWORD });
      const withMs = await leastWorkMs();
      console.log(
        `checking a password takes ${withMs.toFixed(0)} ms; while none is set, ${withoutMs.toFixed(0)} ms`,
      );
      expect(withoutMs / withMs).toBeGreaterThan(0.5);
      expect(withoutMs / withMs).toBeLessThan(2);
    });

    it('takes a first password without a present one, and withdraws the link', async () => {
      const { linkToken } = await start();
      const caller = auth.service.authenticate({ authorization: `Bearer ${ENVIRONMENT_TOKEN}` })!;
      await auth.service.changePassword(null, 'a fine first password', caller);
      expect(await auth.service.loginWithLink(linkToken!, visitor)).toBeNull();
      expect(await codeOf(() => auth.service.login('a fine first password', visitor))).toBe(
        'nothing was thrown',
      );
      expect(await start()).toEqual({ linkToken: null });
      expect(auth.service.isPasswordSet).toBe(true);
      expect(auth.service.isPasswordFromEnvironment).toBe(false);
    });
  });

  describe('changing the password', () => {
    beforeEach(async () => {
      const { linkToken } = await start();
      const { caller } = (await auth.service.loginWithLink(linkToken!, visitor))!;
      await auth.service.changePassword(null, PASSWORD, caller);
    });

    it('needs the present one and ends all other sessions', async () => {
      const mine = await auth.service.login(PASSWORD, visitor);
      const other = await auth.service.login(PASSWORD, visitor);
      for (const wrong of [null, '', 'wrong']) {
        expect(await codeOf(() => auth.service.changePassword(wrong, 'a fine new one', mine.caller))).toBe(
          'VALIDATION_FAILED',
        );
      }
      await auth.service.changePassword(PASSWORD, 'a fine new one', mine.caller);
      expect(auth.service.authenticate(cookie(mine.token))).not.toBeNull();
      expect(auth.service.authenticate(cookie(other.token))).toBeNull();
      expect(await codeOf(() => auth.service.login(PASSWORD, visitor))).toBe('WRONG_PASSWORD');
    });

    it('refuses a weak one', async () => {
      const { caller } = await auth.service.login(PASSWORD, visitor);
      expect(await codeOf(() => auth.service.changePassword(PASSWORD, 'password123', caller))).toBe(
        'VALIDATION_FAILED',
      );
    });

    it('slows down who guesses the present one through a session', async () => {
      const { caller } = await auth.service.login(PASSWORD, visitor);
      for (let count = 0; count < 5; count += 1) {
        await codeOf(() => auth.service.changePassword('wrong', 'a fine new one', caller));
      }
      expect(await codeOf(() => auth.service.changePassword(PASSWORD, 'a fine new one', caller))).toBe(
        'TOO_MANY_ATTEMPTS',
      );
      expect(await codeOf(() => auth.service.login(PASSWORD, visitor))).toBe('nothing was thrown');
    });

    it('leaves no session to whoever signed in with the old password meanwhile', async () => {
      const { caller } = await auth.service.login(PASSWORD, visitor);
      const changing = auth.service.changePassword(PASSWORD, 'a fine new one', caller);
      const late = Array.from({ length: 3 }, () => codeOf(() => auth.service.login(PASSWORD, visitor)));
      await changing;
      await Promise.all(late);
      const left = auth.sessions.list();
      expect(left.map((session) => session.id)).toEqual([caller.sessionId]);
    });
  });

  describe('guessing', () => {
    it('stops after five of fifty at once, and not for another address', async () => {
      await start({ password: PASSWORD });
      const codes = await Promise.all(
        Array.from({ length: 50 }, () => codeOf(() => auth.service.login('guess', visitor))),
      );
      expect(codes.filter((code) => code === 'WRONG_PASSWORD')).toHaveLength(5);
      expect(codes.filter((code) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(45);
      expect(await codeOf(() => auth.service.login(PASSWORD, visitor))).toBe('TOO_MANY_ATTEMPTS');
      const elsewhere = { ...visitor, address: '198.51.100.1' };
      expect(await codeOf(() => auth.service.login(PASSWORD, elsewhere))).toBe('nothing was thrown');
      clock.advance(MINUTE_MS);
      expect(await codeOf(() => auth.service.login(PASSWORD, visitor))).toBe('nothing was thrown');
    });
  });

  describe('authenticate', () => {
    beforeEach(() => start({ password: PASSWORD }));

    it('never replaces a wrong bearer token by a right cookie', async () => {
      const { token } = await auth.service.login(PASSWORD, visitor);
      for (const authorization of ['Bearer wrong', 'bearer aik_x', 'Bearer', 'Bearer ']) {
        expect(auth.service.authenticate({ ...cookie(token), authorization })).toBeNull();
      }
      expect(auth.service.authenticate({ ...cookie(token), authorization: 'Basic eDp5' })).toMatchObject({
        via: 'session',
      });
      const authorization = `Bearer ${ENVIRONMENT_TOKEN}`;
      expect(auth.service.authenticate({ ...cookie(token), authorization })).toMatchObject({ via: 'token' });
    });

    it('leaves the bearer tokens of applications to them', async () => {
      const { token } = await auth.service.login(PASSWORD, visitor);
      const theirs = { ...cookie(token), authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.x' };
      expect(auth.service.authenticate(theirs, 'application')).toMatchObject({ via: 'session' });
      const ours = { ...cookie(token), authorization: 'Bearer aik_deleted' };
      expect(auth.service.authenticate(ours, 'application')).toBeNull();
    });

    it('takes the session among planted cookies, and none of two different sessions', async () => {
      const { token } = await auth.service.login(PASSWORD, visitor);
      const planted = `${SESSION_COOKIE}=${'x'.repeat(43)}; ${SESSION_COOKIE}=${token}`;
      expect(auth.service.authenticate({ cookie: planted })).not.toBeNull();
      const other = await auth.service.login(PASSWORD, visitor);
      const both = `${SESSION_COOKIE}=${token}; ${SESSION_COOKIE}=${other.token}`;
      expect(auth.service.authenticate({ cookie: both })).toBeNull();
    });

    it('knows nobody after logout', async () => {
      const { token, caller } = await auth.service.login(PASSWORD, visitor);
      await auth.service.logout(caller);
      expect(auth.service.authenticate(cookie(token))).toBeNull();
    });

    it('takes everybody for the operator while sign-in is off', async () => {
      expect(await start({ isAuthOn: false })).toEqual({ linkToken: null });
      expect(auth.service.authenticate({ authorization: 'Bearer wrong' })).toMatchObject({
        actor: 'operator',
        via: 'none',
      });
    });
  });

  it('ends the session whose cookie came along with a sign-in', async () => {
    await start({ password: PASSWORD });
    const first = await auth.service.login(PASSWORD, visitor);
    const second = await auth.service.login(PASSWORD, {
      ...visitor,
      sessionTokens: ['unknown', first.token],
    });
    expect(second.token).not.toBe(first.token);
    expect(auth.service.authenticate(cookie(first.token))).toBeNull();
    await auth.service.login(PASSWORD, { ...visitor, sessionTokens: ['chosen by somebody else'] });
    expect(auth.service.authenticate(cookie('chosen by somebody else'))).toBeNull();
  });

  it('keeps a session with an open socket alive, up to its thirty days', async () => {
    await start({ password: PASSWORD });
    const { token, caller } = await auth.service.login(PASSWORD, visitor);
    const forgotten = await auth.service.login(PASSWORD, visitor);
    let isClosed = false;
    auth.sockets.add(caller, () => (isClosed = true));
    for (let day = 0; day < 20; day += 1) {
      clock.advance(DAY_MS);
      await auth.service.maintain();
    }
    expect(auth.service.authenticate(cookie(token))).not.toBeNull();
    expect(auth.service.authenticate(cookie(forgotten.token))).toBeNull();
    expect(isClosed).toBe(false);
    clock.advance(10 * DAY_MS);
    await auth.service.maintain();
    expect(isClosed).toBe(true);
  });

  it('writes no secret to the log or the database', async () => {
    const { linkToken } = await start();
    const signedIn = (await auth.service.loginWithLink(linkToken!, visitor))!;
    await auth.service.changePassword(null, PASSWORD, signedIn.caller);
    await codeOf(() => auth.service.login('wrong-guess-of-mine', visitor));
    const created = await auth.tokens.create({ name: 'script', scopes: ['read'], expiresAt: null });
    const written = lines.join('') + database.takeQueries().join('');
    for (const secret of [
      linkToken!,
      signedIn.token,
      PASSWORD,
      'wrong-guess-of-mine',
      created.token,
      ENVIRONMENT_TOKEN,
    ]) {
      expect(written).not.toContain(secret);
    }
  });
});
