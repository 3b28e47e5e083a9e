import { describe, expect, it } from '@jest/globals';
import { ManualClock, codeOf, recordingLogger } from '../../../test/fixtures/auth-database.js';
import type { Caller } from './caller.js';
import { ENVIRONMENT_TOKEN_CALLER, UNCHECKED_OPERATOR, sessionCaller } from './caller.js';
import type { TicketHolder } from './host-sign-in.js';
import { HostSignIn } from './host-sign-in.js';
import type { Session } from './session-cache.js';
import { Tickets } from './tickets.js';

const ORIGIN = 'http://comfy.home.lan:9001';
const holder: TicketHolder = {
  hostname: 'comfy.home.lan',
  cookie: undefined,
  address: '192.0.2.1',
  userAgent: 'Firefox',
};
const session: Session = {
  id: 7,
  createdAtMs: 0,
  lastSeenAtMs: 0,
  expiresAtMs: 1,
  address: '192.0.2.1',
  userAgent: 'Firefox',
  parentId: null,
  hostname: null,
};
const BROWSER = sessionCaller(session);

function make(present: Caller | null = null, isParentAlive = true) {
  const begun: unknown[] = [];
  const { logger, lines } = recordingLogger();
  const hostSignIn = new HostSignIn({
    tickets: new Tickets(new ManualClock().read),
    sessions: {
      createChild: (parentId, child) => {
        begun.push({ parentId, ...child });
        return Promise.resolve(isParentAlive ? { token: 'secret', session } : null);
      },
    },
    authenticator: { authenticate: () => present },
    isApplicationOrigin: ({ host }) => host === 'comfy.home.lan:9001',
    logger,
  });
  return { hostSignIn, begun, lines };
}

describe('HostSignIn', () => {
  it('carries a sign-in to the host name of an application', async () => {
    const { hostSignIn, begun, lines } = make();
    const { ticket, origin, expires_at } = hostSignIn.issue(ORIGIN, BROWSER);
    expect([origin, expires_at]).toEqual([ORIGIN, '2030-01-01T00:00:30.000Z']);
    expect(await hostSignIn.redeem(ticket, holder)).toBe('secret');
    expect(begun).toEqual([
      { parentId: 7, hostname: 'comfy.home.lan', address: '192.0.2.1', userAgent: 'Firefox' },
    ]);
    expect(await hostSignIn.redeem(ticket, holder)).toBeNull();
    expect(lines.join('')).not.toContain(ticket);
    expect(lines.join('')).not.toContain('secret');
  });

  it.each([
    '',
    'comfy.home.lan',
    'http://comfy.home.lan:9001/',
    'http://comfy.home.lan:9001/path',
    'http://comfy.home.lan:9001?x',
    'http://user@comfy.home.lan:9001',
    'HTTP://comfy.home.lan:9001',
    'http://COMFY.home.lan:9001',
    ' http://comfy.home.lan:9001',
    'http://comfy.home.lan:9001\\@evil.example',
    'http://comfy.home.lan:9002',
    'http://evil.example',
    'http://comfy.home.lan.evil.example:9001',
    'javascript:alert(1)',
    'ftp://comfy.home.lan:9001',
    'null',
    '//comfy.home.lan:9001',
    'http://comfy.home.lan:9001\u0000',
  ])('gives no ticket to %p', async (origin) => {
    expect(await codeOf(() => make().hostSignIn.issue(origin, BROWSER))).toBe('VALIDATION_FAILED');
  });

  it('gives no ticket to a token, nor while sign-in is off', async () => {
    for (const caller of [ENVIRONMENT_TOKEN_CALLER, UNCHECKED_OPERATOR]) {
      expect(await codeOf(() => make().hostSignIn.issue(ORIGIN, caller))).toBe('SESSION_NEEDED');
    }
  });

  it('begins no second session where the browser has one; the ticket is spent all the same', async () => {
    const { hostSignIn, begun } = make(BROWSER);
    const { ticket } = hostSignIn.issue(ORIGIN, BROWSER);
    expect(await hostSignIn.redeem(ticket, holder)).toBe('');
    expect(await hostSignIn.redeem(ticket, holder)).toBeNull();
    expect(begun).toEqual([]);
  });

  it('does not tell a browser that is signed in that a guess was right', async () => {
    expect(await make(BROWSER).hostSignIn.redeem('guess', holder)).toBeNull();
  });

  it('begins nothing once its session has ended', async () => {
    const { hostSignIn } = make(null, false);
    const { ticket } = hostSignIn.issue(ORIGIN, BROWSER);
    expect(await hostSignIn.redeem(ticket, holder)).toBeNull();
  });
});
