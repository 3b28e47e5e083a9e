import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditPage } from '../../src/contracts/audit.js';
import type { SignInTicket } from '../../src/contracts/tickets.js';
import type { Reply } from '../fixtures/proxy/client.js';
import { ask } from '../fixtures/proxy/client.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import type { Api } from '../support/api.js';
import { change, query } from '../support/databases.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const PASSWORD = 'correct horse battery staple';
const HOST = 'comfy.home.lan';
const PAGE = { Accept: 'text/html,*/*' };
const TICKET_LIFE_MS = 30_000;
const IS_SOAK = process.env['AIKORE_SOAK'] === '1';

/** Signing in at the host names of applications, with the built program. */
describe('the sign-in at host names', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let operator: Api;
  const secrets: string[] = [];

  beforeAll(async () => {
    const first = await lab.start({ AIKORE_PASSWORD: PASSWORD });
    await first.api.create({ name: 'Demo', base_blueprint: 'answers.sh' });
    await first.api.create({ name: 'Other', base_blueprint: 'answers.sh' });
    await first.stop();
    change(
      `${first.dataDir}/aikore.db`,
      `UPDATE instances SET hostname = '${HOST}', use_custom_hostname = 1 WHERE name = 'Demo'`,
    );
    aikore = await lab.start({ AIKORE_PASSWORD: PASSWORD }, first.dataDir);
    for (const { id } of await aikore.api.instances()) await aikore.api.startUp(id);
    operator = await signIn();
  });

  const originOf = (host: string, port = aikore.appsPort): string => `http://${host}:${port}`;
  const signIn = async (): Promise<Api> => {
    const api = await aikore.signIn(PASSWORD);
    secrets.push(api.cookie.replace(/^.*=/, ''));
    return api;
  };
  const ticketFor = async (host: string, api = operator): Promise<string> => {
    const { ticket } = await api.expect<SignInTicket>(201, 'POST', 'api/auth/tickets', {
      origin: originOf(host),
    });
    secrets.push(ticket);
    return ticket;
  };
  const show = (ticket: string, host: string, port = aikore.appsPort): Promise<Reply> =>
    ask(port, '/.aikore/ticket', {
      method: 'POST',
      headers: { Host: `${host}:${port}`, Origin: originOf(host, port), 'Aikore-Ticket': ticket },
    });
  /** A browser's cookie for a host name of an application's. */
  const childOf = async (host: string, api = operator): Promise<string> => {
    const reply = await show(await ticketFor(host, api), host);
    expect(reply.status).toBe(204);
    const cookie = reply.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(/^aikore_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    secrets.push(/=([^;]*)/.exec(cookie)?.[1] ?? '');
    return cookie.split(';')[0] ?? '';
  };
  const get = (
    path: string,
    host: string,
    headers: Record<string, string>,
    port = aikore.appsPort,
  ): Promise<Reply> => ask(port, path, { headers: { Host: `${host}:${port}`, ...headers } });

  it('begins with a page that leads to where the dashboard was used', async () => {
    await operator.instances();
    const page = await get('/x', HOST, PAGE);
    expect([page.status, page.text.includes(`href="http://127.0.0.1:${aikore.port}/ticket"`)]).toEqual([
      401,
      true,
    ]);
    const local = await get('/', 'other.localhost', PAGE);
    expect(local.text).toContain(`href="http://127.0.0.1:${aikore.port}/ticket"`);
  });

  it.each([HOST, 'demo.localhost'])('lets in at %s on both ports, and nowhere else', async (host) => {
    const Cookie = await childOf(host);
    for (const port of [aikore.appsPort, aikore.port]) {
      expect((await get('/', host, { Cookie }, port)).text).toBe('answered');
      expect((await get('/', host, PAGE, port)).status).toBe(401);
    }
    expect((await get('/', 'other.localhost', { Cookie })).status).toBe(401);
    expect((await get('/instance/demo/', '127.0.0.1', { Cookie })).status).toBe(401);
    for (const path of ['/api/instances', '/api/auth/session', '/metrics', '/']) {
      const reply = await get(path, '127.0.0.1', { Cookie }, aikore.port);
      expect([path, reply.status]).toEqual([path, path === '/' ? 200 : 401]);
    }
    const own = { Cookie, Origin: originOf('127.0.0.1', aikore.port), Host: `127.0.0.1:${aikore.port}` };
    for (const path of ['/api/auth/tickets', '/api/auth/logout', '/api/instances/1/stop']) {
      expect((await ask(aikore.port, path, { method: 'POST', headers: own })).status).toBe(401);
    }
  });

  it('takes a ticket once, at its own name, and within half a minute', async () => {
    const late = await ticketFor(HOST);
    const issuedAtMs = performance.now();
    const used = await ticketFor(HOST);
    expect((await show(used, HOST)).status).toBe(204);
    expect((await show(used, HOST)).status).toBe(403);
    const stray = await ticketFor(HOST);
    expect((await show(stray, 'demo.localhost')).status).toBe(403);
    expect((await show(stray, HOST)).status).toBe(403);
    for (const guess of ['', 'x'.repeat(43), secrets[0] ?? ''])
      expect((await show(guess, HOST)).status).toBe(403);
    // What becomes of it in half a minute is told by the tests of tickets, whose clock runs faster.
    if (IS_SOAK) await sleep(TICKET_LIFE_MS - (performance.now() - issuedAtMs) + 1000);
    expect((await show(late, HOST)).status).toBe(IS_SOAK ? 403 : 204);
  });

  it('gives tickets for addresses of applications only', async () => {
    const port = aikore.appsPort;
    const wrong = [
      `http://${HOST}:1`,
      `http://nobody.localhost:${port}`,
      `http://localhost:${port}`,
      `http://127.0.0.1:${port}`,
      `http://${HOST}.evil.example:${port}`,
      `http://evil.example:${port}`,
      `http://${HOST}:${port}/`,
      `http://${HOST}:${port}@evil.example`,
      `//${HOST}:${port}`,
      'x'.repeat(10_000),
    ];
    for (const origin of wrong) {
      const { status, body } = await operator.refused('POST', 'api/auth/tickets', { origin });
      expect([origin, status, body.code]).toEqual([origin, 422, 'VALIDATION_FAILED']);
    }
    const good = [HOST, 'demo.localhost', 'other.localhost'].flatMap((host) => [
      originOf(host),
      originOf(host, aikore.port),
    ]);
    for (const origin of [...good, `http://${HOST}`, `https://${HOST}`]) {
      expect((await operator.send('POST', 'api/auth/tickets', { origin })).status).toBe(201);
    }
    const token = await aikore.api.refused('POST', 'api/auth/tickets', { origin: originOf(HOST) });
    expect([token.status, token.body.code]).toEqual([403, 'SESSION_NEEDED']);
    const foreign = operator.as({ cookie: operator.cookie, origin: originOf(HOST) });
    expect((await foreign.refused('POST', 'api/auth/tickets', { origin: originOf(HOST) })).status).toBe(403);
  });

  it('ends everywhere when the operator signs out, what is open included', async () => {
    const leaving = await signIn();
    const Cookie = await childOf(HOST, leaving);
    const pending = await ticketFor(HOST, leaving);
    expect((await get('/', HOST, { Cookie })).status).toBe(200);
    const before = await operator.expect<unknown[]>(200, 'GET', 'api/auth/sessions');
    await leaving.expect(204, 'POST', 'api/auth/logout');
    expect((await get('/', HOST, { Cookie })).status).toBe(401);
    expect((await show(pending, HOST)).status).toBe(403);
    // The child was no browser of its own in the list.
    expect(await operator.expect<unknown[]>(200, 'GET', 'api/auth/sessions')).toHaveLength(before.length - 1);
  });

  it('ends with a browser that is signed out from afar, and stays with one that signs out the others', async () => {
    const [mine, other] = [await signIn(), await signIn()];
    const [kept, ended] = [await childOf(HOST, mine), await childOf(HOST, other)];
    await mine.expect(204, 'DELETE', 'api/auth/sessions');
    expect((await get('/', HOST, { Cookie: kept })).status).toBe(200);
    expect((await get('/', HOST, { Cookie: ended })).status).toBe(401);
    operator = mine;
  });

  it('gives a cookie for HTTPS where the browser came that way', async () => {
    const host = `${HOST}:${aikore.appsPort}`;
    const headers = { Host: host, Origin: `https://${host}`, 'Aikore-Ticket': await ticketFor(HOST) };
    const reply = await ask(aikore.appsPort, '/.aikore/ticket', { method: 'POST', headers });
    const cookie = reply.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(/^__Host-aikore_session=[\w-]{43}; Path=\/;.*; Secure$/);
    const Cookie = cookie.split(';')[0] ?? '';
    secrets.push(Cookie.replace(/^.*=/, ''));
    expect((await get('/', HOST, { Cookie })).text).toBe('answered');
  });

  it('is not moved by cookies that an application plants', async () => {
    const planted = Array.from(
      { length: 150 },
      (_, index) => `aikore_session=${'x'.repeat(40)}${index}`,
    ).join('; ');
    const Cookie = `${planted}; ${operator.cookie}`;
    expect((await get('/api/auth/session', '127.0.0.1', { Cookie }, aikore.port)).status).toBe(200);
    const other = await signIn();
    const two = `${operator.cookie}; ${other.cookie}`;
    expect((await get('/api/auth/session', '127.0.0.1', { Cookie: two }, aikore.port)).status).toBe(401);
    const child = await childOf(HOST);
    expect((await get('/', HOST, { Cookie: `${planted}; ${child}` })).status).toBe(200);
    expect((await get('/', HOST, { Cookie: planted })).status).toBe(401);
  });

  it('shows a public page on the dashboard that loads nothing but its own files', async () => {
    const page = await get('/ticket', '127.0.0.1', PAGE, aikore.port);
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';.*frame-ancestors 'none'$/,
    );
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(page.text).not.toMatch(/<script(?! src=)|<style|\sstyle=|\son\w+=/);
    for (const [, path = ''] of page.text.matchAll(/(?:src|href)="(\/ticket\/[^"]+)"/g)) {
      const file = await get(path, '127.0.0.1', {}, aikore.port);
      expect([path, file.status, file.headers['cache-control']]).toEqual([
        path,
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect(
        (await get(path.split('?')[0] ?? '', '127.0.0.1', {}, aikore.port)).headers['cache-control'],
      ).toBe('no-cache');
    }
    for (const path of ['/ticket/shim.js', '/ticket/..%2fapi', '/ticket/constructor', '/ticket/']) {
      expect((await get(path, '127.0.0.1', {}, aikore.port)).status).toBeGreaterThanOrEqual(400);
    }
  });

  it('outlives a restart, with the knowledge where the dashboard is', async () => {
    const Cookie = await childOf(HOST);
    await aikore.stop();
    aikore = await lab.start({ AIKORE_PASSWORD: PASSWORD, ...aikore.ports }, aikore.dataDir);
    await aikore.api.startUp((await aikore.api.byName('Demo')).id);
    expect((await get('/', HOST, { Cookie })).text).toBe('answered');
    expect((await get('/', HOST, PAGE)).text).toContain(`href="http://127.0.0.1:${aikore.port}/ticket"`);
  });

  it('is told of in the audit log, and its secrets are nowhere', async () => {
    const entries = await waitFor('the entries', async () => {
      const page = await aikore.api.expect<AuditPage>(200, 'GET', 'api/audit?limit=500');
      return page.entries.some(({ action }) => action === 'session.sign-in-by-ticket') && page.entries;
    });
    expect(
      entries.find(({ action, outcome }) => action === 'session.ticket' && outcome === 'done'),
    ).toMatchObject({
      actor: 'operator',
      target: expect.stringMatching(/^https?:\/\/(comfy\.home\.lan|\w+\.localhost)/),
      address: '127.0.0.1',
    });
    expect(entries.find(({ action }) => action === 'session.sign-in-by-ticket')).toMatchObject({
      actor: 'operator',
      target: HOST,
    });
    const database = `${aikore.dataDir}/aikore.db`;
    const rows = JSON.stringify(query(database, 'SELECT * FROM sessions'));
    expect(rows).toContain(HOST);
    const written = [
      aikore.stdout,
      aikore.stderr,
      rows,
      JSON.stringify(entries),
      readFileSync(database, 'latin1'),
    ];
    expect(secrets.length).toBeGreaterThan(10);
    for (const secret of secrets) for (const text of written) expect(text).not.toContain(secret);
  });
});
