import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf, recordingLogger } from '../../../test/fixtures/auth-database.js';
import type { Scope } from '../../contracts/auth.js';
import { createHostPolicy } from '../http/host-policy.js';
import type { Audience } from './authenticator.js';
import type { Caller } from './caller.js';
import { UNCHECKED_OPERATOR } from './caller.js';
import type { GateRequest } from './gate-request.js';
import { repeatedHeader } from './gate-request.js';
import type { Requirement } from './gate.js';
import { Gate } from './gate.js';
import { SCOPES, effectiveScopes } from './scopes.js';

const hosts = createHostPolicy({
  config: { allowedHosts: ['aikore.test'], publicUrl: null, appsPublicUrl: null },
  machineName: 'machine',
  isInstanceHostname: () => false,
});
const SESSION: Caller = { ...UNCHECKED_OPERATOR, via: 'session', sessionId: 1 };
const tokenWith = (...scopes: Scope[]): Caller => ({
  ...UNCHECKED_OPERATOR,
  via: 'token',
  tokenId: 1,
  scopes: effectiveScopes(scopes),
});

const OWN_ORIGIN = 'http://aikore.test:9000';
const UNSAFE = ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'CONNECT', 'PROPFIND', 'get', ''];
const SAFE = ['GET', 'HEAD', 'OPTIONS'];
const FOREIGN: Record<string, string>[] = [
  { origin: 'http://evil.example' },
  { origin: 'null' },
  { origin: 'http://aikore.test:9001' },
  { origin: 'http://aikore.test' },
  { origin: 'https://aikore.test:9000' },
  { origin: 'http://aikore.test.evil.com:9000' },
  { origin: 'http://aikore.test.:9000' },
  { origin: OWN_ORIGIN, 'sec-fetch-site': 'same-site' },
  { origin: OWN_ORIGIN, 'sec-fetch-site': 'cross-site' },
  { origin: OWN_ORIGIN, 'sec-fetch-site': 'none' },
];

interface Sent {
  method?: string;
  target?: string;
  isUpgrade?: boolean;
  headers?: Record<string, string>;
  publicUrl?: URL;
  raw?: string[];
}

function requestOf({
  method = 'GET',
  target = '/api/x',
  isUpgrade = false,
  headers = {},
  raw,
}: Sent): GateRequest {
  const all = { host: 'aikore.test:9000', ...headers };
  const rawHeaders = raw ?? Object.entries(all).flat();
  const client = { remoteAddress: '192.0.2.1', isSecure: false, host: all.host };
  return { method, target, headers: all, rawHeaders, isUpgrade, ...client };
}

function codeFor(caller: Caller | null, requirement: Requirement, sent: Sent = {}): Promise<string> {
  const gate = new Gate(
    hosts,
    { authenticate: () => caller },
    sent.publicUrl ?? null,
    recordingLogger().logger,
  );
  return codeOf(() => gate.admit(requestOf(sent), requirement));
}
const PASSES = 'nothing was thrown';

describe('Gate.admit', () => {
  it.each(['evil.example', 'aikore.test.', 'rebind.test:9000', 'aikore.test,evil.example', ''])(
    'refuses the host %p before anything else, also on public routes',
    async (host) => {
      const headers = { host, origin: `http://${host}` };
      for (const requirement of ['public', 'read'] as const) {
        expect(await codeFor(SESSION, requirement, { headers })).toBe('UNKNOWN_HOST');
        expect(await codeFor(null, requirement, { headers, method: 'POST', isUpgrade: true })).toBe(
          'UNKNOWN_HOST',
        );
      }
    },
  );

  it('refuses a request without a host', async () => {
    const gate = new Gate(hosts, { authenticate: () => SESSION }, null, recordingLogger().logger);
    const request = { ...requestOf({}), headers: {}, rawHeaders: [], host: '' };
    expect(await codeOf(() => gate.admit(request, 'public'))).toBe('UNKNOWN_HOST');
  });

  it.each([
    ['two hosts', { raw: ['Host', 'aikore.test:9000', 'hOST', 'evil.example'] }],
    ['two origins', { raw: ['Host', 'aikore.test:9000', 'Origin', OWN_ORIGIN, 'origin', 'null'] }],
    ['two authorizations', { raw: ['Host', 'x', 'Authorization', 'Bearer a', 'Authorization', 'Bearer b'] }],
    ['an absolute address', { target: 'http://evil.example/api/x' }],
    ['an asterisk', { target: '*', method: 'OPTIONS' }],
    ['no address', { target: '' }],
    ['a fragment', { target: '/api/instances#/api/status' }],
  ])('refuses %s', async (_, sent: Sent) => {
    expect(await codeFor(SESSION, 'public', sent)).toBe('AMBIGUOUS_REQUEST');
    expect(await codeFor(SESSION, 'read', sent)).toBe('AMBIGUOUS_REQUEST');
  });

  it('asks for a sign-in whatever the method, the origin and the kind of request', async () => {
    for (const requirement of SCOPES) {
      for (const method of [...SAFE, ...UNSAFE]) {
        for (const isUpgrade of [false, true]) {
          for (const headers of [{}, { origin: OWN_ORIGIN }, { origin: 'null' }] as Record<
            string,
            string
          >[]) {
            expect(await codeFor(null, requirement, { method, isUpgrade, headers })).toBe('NOT_SIGNED_IN');
          }
        }
      }
    }
  });

  it('lets a cookie change something from its own page only', async () => {
    for (const method of UNSAFE) {
      expect(await codeFor(SESSION, 'admin', { method, headers: { origin: OWN_ORIGIN } })).toBe(PASSES);
      expect(await codeFor(SESSION, 'admin', { method })).toBe('FOREIGN_ORIGIN');
      for (const headers of FOREIGN) {
        expect(await codeFor(SESSION, 'admin', { method, headers })).toBe('FOREIGN_ORIGIN');
      }
    }
  });

  it('lets a cookie open a WebSocket from its own page only', async () => {
    const headers = { origin: OWN_ORIGIN, 'sec-fetch-site': 'same-origin' };
    expect(await codeFor(SESSION, 'terminal', { isUpgrade: true, headers })).toBe(PASSES);
    expect(await codeFor(SESSION, 'terminal', { isUpgrade: true })).toBe('FOREIGN_ORIGIN');
    for (const foreign of FOREIGN) {
      expect(await codeFor(SESSION, 'terminal', { isUpgrade: true, headers: foreign })).toBe(
        'FOREIGN_ORIGIN',
      );
    }
  });

  it('accepts the public address as the own one', async () => {
    const publicUrl = new URL('https://aikore.example.org');
    const headers = { origin: 'https://aikore.example.org' };
    expect(await codeFor(SESSION, 'admin', { method: 'POST', headers, publicUrl })).toBe(PASSES);
    expect(await codeFor(SESSION, 'admin', { method: 'POST', headers })).toBe('FOREIGN_ORIGIN');
  });

  it('lets a cookie read, by links from elsewhere too, but not into a foreign page', async () => {
    for (const method of SAFE) {
      expect(await codeFor(SESSION, 'read', { method })).toBe(PASSES);
      for (const site of ['same-site', 'cross-site']) {
        const from = (mode: string): Record<string, string> => ({
          'sec-fetch-site': site,
          'sec-fetch-mode': mode,
        });
        expect(await codeFor(SESSION, 'read', { method, headers: from('navigate') })).toBe(PASSES);
        for (const mode of ['cors', 'no-cors', 'same-origin', '']) {
          expect(await codeFor(SESSION, 'read', { method, headers: from(mode) })).toBe('FOREIGN_ORIGIN');
        }
      }
      for (const site of ['same-origin', 'none']) {
        expect(await codeFor(SESSION, 'read', { method, headers: { 'sec-fetch-site': site } })).toBe(PASSES);
      }
    }
  });

  it('asks a token for no origin', async () => {
    for (const headers of [{}, ...FOREIGN] as Record<string, string>[]) {
      for (const isUpgrade of [false, true]) {
        expect(await codeFor(tokenWith('admin'), 'admin', { method: 'POST', isUpgrade, headers })).toBe(
          PASSES,
        );
      }
    }
  });

  it('lets each scope do what it implies and nothing else', async () => {
    for (const held of SCOPES) {
      for (const needed of SCOPES) {
        const expected = effectiveScopes([held]).has(needed) ? PASSES : 'SCOPE_MISSING';
        expect([held, needed, await codeFor(tokenWith(held), needed)]).toEqual([held, needed, expected]);
      }
    }
  });

  it('lets nobody be signed in by a foreign page', async () => {
    const login = (headers: Record<string, string>): Promise<string> =>
      codeFor(null, 'public', { method: 'POST', target: '/api/auth/login', headers });
    expect(await login({})).toBe(PASSES);
    expect(await login({ origin: OWN_ORIGIN })).toBe(PASSES);
    for (const headers of FOREIGN) expect(await login(headers)).toBe('FOREIGN_ORIGIN');
    expect(await login({ 'sec-fetch-site': 'cross-site' })).toBe('FOREIGN_ORIGIN');
    expect(await codeFor(null, 'public', { headers: { origin: 'http://evil.example' } })).toBe(PASSES);
  });

  it('protects an AiKore without sign-in from the pages of others, and serves scripts', async () => {
    for (const sent of [{ method: 'POST' }, { isUpgrade: true }]) {
      expect(await codeFor(UNCHECKED_OPERATOR, 'admin', sent)).toBe(PASSES);
      expect(await codeFor(UNCHECKED_OPERATOR, 'admin', { ...sent, headers: { origin: OWN_ORIGIN } })).toBe(
        PASSES,
      );
      for (const headers of FOREIGN) {
        expect(await codeFor(UNCHECKED_OPERATOR, 'admin', { ...sent, headers })).toBe('FOREIGN_ORIGIN');
      }
    }
  });

  it('returns the caller', () => {
    const gate = new Gate(hosts, { authenticate: () => SESSION }, null, recordingLogger().logger);
    expect(gate.admit(requestOf({}), 'read')).toBe(SESSION);
    expect(gate.admit(requestOf({}), 'public')).toBe(SESSION);
  });
});

describe('Gate.admitToApplication', () => {
  it('checks host, sign-in and scope', async () => {
    const admit = (caller: Caller | null, sent: Sent = {}): Promise<string> => {
      const authenticate = (_headers: unknown, audience?: Audience): Caller | null => {
        expect(audience).toBe('application');
        return caller;
      };
      const gate = new Gate(hosts, { authenticate }, null, recordingLogger().logger);
      return codeOf(() => gate.admitToApplication(requestOf(sent), 'operate'));
    };
    expect(await admit(SESSION, { method: 'POST' })).toBe(PASSES);
    expect(await admit(SESSION, { headers: { host: 'evil.example' } })).toBe('UNKNOWN_HOST');
    expect(await admit(null, { isUpgrade: true })).toBe('NOT_SIGNED_IN');
    expect(await admit(tokenWith('read'))).toBe('SCOPE_MISSING');
    expect(await admit(tokenWith('operate'))).toBe(PASSES);
  });
});

describe('Gate.admitToApplication at a host name of an application’s own', () => {
  it('takes sign-ins at that name', () => {
    const asked: (Audience | undefined)[] = [];
    const authenticate = (_headers: unknown, audience?: Audience): Caller => {
      asked.push(audience);
      return SESSION;
    };
    const gate = new Gate(hosts, { authenticate }, null, recordingLogger().logger);
    gate.admitToApplication(requestOf({}), 'operate', 'comfy.home.lan');
    expect(asked).toEqual([{ hostname: 'comfy.home.lan' }]);
  });
});

describe('repeatedHeader', () => {
  it('does not mind what may come more than once', () => {
    expect(repeatedHeader(['Host', 'a', 'Cookie', 'a=1', 'Cookie', 'b=2', 'X', '1', 'X', '2'])).toBeNull();
    expect(repeatedHeader([])).toBeNull();
  });

  it('finds a second one wherever it stands, and takes no value for a name', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('X-A', 'Cookie', 'Accept')), fc.nat(10), (names, index) => {
        const list = names.flatMap((name) => [name, 'host']);
        expect(repeatedHeader(list)).toBeNull();
        const at = 2 * Math.min(index, names.length);
        expect(repeatedHeader(['Host', 'a', ...list.toSpliced(at, 0, 'HOST', 'b')])).toBe('host');
      }),
    );
  });
});
