import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { AuditEntry, AuditPage } from '../../src/contracts/audit.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { TerminalClient, terminalUrl } from '../support/terminal-client.js';
import type { TerminalWish } from '../support/terminal-client.js';

const PASSWORD = 'correct horse battery staple';

/** A shell is the most that somebody can be given: who had one, and who tried to, is written down. */
describe('the audit log tells of terminals', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let id: number;

  beforeAll(async () => {
    aikore = await lab.start({ HOME: lab.root, AIKORE_PASSWORD: PASSWORD });
    id = (await aikore.api.create({ name: 'Watched', base_blueprint: 'idles.sh' })).id;
  });

  /** What is told of terminals, oldest first, and forgotten by the next call. */
  let read = 0;
  const told = async (): Promise<Partial<AuditEntry>[]> => {
    const page = await aikore.api.expect<AuditPage>(200, 'GET', 'api/audit?action=terminal&limit=500');
    const entries = page.entries.reverse();
    const fresh = entries.slice(read);
    read = entries.length;
    for (const { address } of fresh) expect(address).toMatch(/127\.0\.0\.1|::1/);
    return fresh.map(({ actor, action, target, outcome, code }) => ({ actor, action, target, outcome, code }));
  };
  const entry = (action: string, more: Partial<AuditEntry> = {}): Partial<AuditEntry> => ({
    actor: 'environment token',
    action,
    target: action.endsWith('machine') ? null : 'Watched',
    outcome: 'done',
    code: null,
    ...more,
  });
  /** Status of a handshake that is turned away. */
  const refusedHandshake = async (wish: TerminalWish, headers: Record<string, string>): Promise<number> => {
    const socket = new WebSocket(terminalUrl(aikore, wish), { headers });
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    socket.terminate();
    return response.statusCode;
  };

  it('that were opened, joined by somebody else and closed', async () => {
    const { cookie } = await aikore.signIn(PASSWORD);
    const headers = { cookie, origin: new URL(aikore.dashboardUrl).origin };
    const first = await TerminalClient.openShell(aikore, { id });
    const other = await TerminalClient.open(aikore, { id, session: first.id, headers });
    // Whoever comes back after a break is no news.
    other.close();
    await TerminalClient.open(aikore, { id, session: first.id, headers });
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}/terminals/${first.id}`);
    const machine = await TerminalClient.openShell(aikore);
    await aikore.api.expect(204, 'DELETE', `api/system/terminals/${machine.id}`);
    expect(await told()).toEqual([
      entry('terminal.open'),
      entry('terminal.join', { actor: 'operator' }),
      entry('terminal.close'),
      entry('terminal.open-machine'),
      entry('terminal.close-machine'),
    ]);
  });

  it('that were refused, whoever it was', async () => {
    const body = { name: 'reader', scopes: ['read'] };
    const { token } = await aikore.api.expect<{ token: string }>(201, 'POST', 'api/auth/tokens', body);
    const { cookie } = await aikore.signIn(PASSWORD);
    const foreign = { cookie, origin: 'http://evil.example' };
    expect(await refusedHandshake({ id }, { authorization: `Bearer ${token}` })).toBe(403);
    expect(await refusedHandshake({}, { authorization: `Bearer ${token}` })).toBe(403);
    expect(await refusedHandshake({ id }, foreign)).toBe(403);
    expect(await refusedHandshake({ id, session: 'guessed' }, {})).toBe(401);
    const refused = { outcome: 'refused' } as const;
    expect(await told()).toEqual([
      entry('terminal.open', { ...refused, actor: 'token reader', code: 'SCOPE_MISSING' }),
      entry('terminal.open-machine', { ...refused, actor: 'token reader', code: 'SCOPE_MISSING' }),
      entry('terminal.open', { ...refused, actor: 'operator', code: 'FOREIGN_ORIGIN' }),
      entry('terminal.join', { ...refused, actor: 'nobody', code: 'NOT_SIGNED_IN' }),
    ]);
  });

  it('that could not be opened', async () => {
    await TerminalClient.open(aikore, { id: 99_999 });
    for (let count = 0; count < 8; count += 1) await TerminalClient.open(aikore, { id });
    await TerminalClient.open(aikore, { id });
    const all = await told();
    expect(all[0]).toEqual(
      entry('terminal.open', { target: null, outcome: 'refused', code: 'INSTANCE_NOT_FOUND' }),
    );
    expect(all).toHaveLength(10);
    expect(all.at(-1)).toEqual(entry('terminal.open', { outcome: 'refused', code: 'TOO_MANY_TERMINALS' }));
  });
});
