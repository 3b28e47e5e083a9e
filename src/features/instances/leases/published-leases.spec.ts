import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { AppError } from '../../../core/errors.js';
import { isPortFree } from '../../../host/ports/free-port.js';
import { waitFor } from '../../../../test/support/wait.js';
import { PublishedLeases } from './published-leases.js';

interface Row {
  id: number;
  name: string;
  public_port: number | null;
  persistent_port: number | null;
}
const row = (id: number, public_port: number | null, persistent_port: number | null = null): Row => ({
  id,
  name: `number ${id}`,
  public_port,
  persistent_port,
});

const choose = (ports: PublishedLeases): Promise<number> => ports.choose('public_port');

const codeOf = async (action: Promise<unknown>): Promise<string> => {
  const error: unknown = await action.then(
    () => 'accepted',
    (reason: unknown) => reason,
  );
  return error instanceof AppError ? error.code : String(error);
};

describe('published ports', () => {
  let rows: Row[];
  let saved: unknown[];
  let first: number;
  const servers: Server[] = [];
  const strangers: ChildProcess[] = [];

  /** Listens in this process, as AiKore does. */
  const listenHere = async (port: number): Promise<void> => {
    const server = createServer().listen(port, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
  };
  const listenElsewhere = async (port: number): Promise<number> => {
    const script = `require('node:net').createServer().listen(${port}, '127.0.0.1', () => console.log('up'))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    strangers.push(child);
    await once(child.stdout, 'data');
    return child.pid ?? 0;
  };
  const leases = (isOwnNginx: (pid: number) => boolean = () => false): PublishedLeases =>
    new PublishedLeases({
      range: { first, last: first + 4 },
      rows: () => rows,
      save: (...args) => {
        saved.push(args);
        return Promise.resolve();
      },
      isOwnNginx,
    });

  beforeEach(async () => {
    [rows, saved] = [[], []];
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    first = Math.min((server.address() as AddressInfo).port, 65_000);
    server.close();
    await once(server, 'close');
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    for (const child of strangers.splice(0)) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  it('are chosen for both uses from one range, each once, also for those who ask at once', async () => {
    rows = [row(1, first), row(2, null, first + 1)];
    const ports = leases();
    const chosen = await Promise.all([choose(ports), choose(ports), choose(ports)]);
    expect(chosen.sort()).toEqual([first + 2, first + 3, first + 4]);
    expect(await codeOf(choose(ports))).toBe('NO_FREE_PUBLISHED_PORT');
    ports.settle(first + 3);
    expect(await choose(ports)).toBe(first + 3);
  });

  it('are not those on which a stranger listens; AiKore itself is none', async () => {
    await listenElsewhere(first);
    await listenHere(first + 1);
    expect(await choose(leases())).toBe(first + 1);
  });

  it('are refused outside of the range, when somebody has them, and when a stranger listens', async () => {
    const mine = row(1, first, first + 1);
    rows = [mine, row(2, first + 2)];
    await listenElsewhere(first + 3);
    const ports = leases();
    const outcome = (port: number, use: 'public_port' | 'persistent_port' = 'public_port') =>
      codeOf(ports.take(port, use, mine));
    expect(await outcome(first - 1)).toBe('VALIDATION_FAILED');
    expect(await outcome(first + 5)).toBe('VALIDATION_FAILED');
    expect(await outcome(first)).toBe('accepted');
    expect(await outcome(first, 'persistent_port')).toBe('PORT_TAKEN');
    expect(await outcome(first + 1)).toBe('PORT_TAKEN');
    expect(await outcome(first + 2)).toBe('PORT_TAKEN');
    expect(await outcome(first + 3)).toBe('PORT_IN_USE');
    expect(await outcome(first + 4)).toBe('accepted');
    expect(await outcome(first + 4)).toBe('PORT_TAKEN');
    expect(await codeOf(choose(ports))).toBe('NO_FREE_PUBLISHED_PORT');
    ports.settle(first + 4);
    expect(await outcome(first + 4)).toBe('accepted');
  });

  it('that are asked for are held at once, for whoever looks for one or asks for the same meanwhile', async () => {
    const ports = leases();
    const outcomes = Promise.all([
      codeOf(ports.take(first, 'public_port', null)),
      codeOf(ports.take(first, 'persistent_port', null)),
      choose(ports),
    ]);
    expect(await outcomes).toEqual(['accepted', 'PORT_TAKEN', first + 1]);
  });

  it('on which a stranger listens are held no longer than the look takes', async () => {
    await listenElsewhere(first);
    const ports = leases();
    expect(await codeOf(ports.take(first, 'public_port', null))).toBe('PORT_IN_USE');
    strangers.splice(0).forEach((child) => child.kill('SIGKILL'));
    await waitFor('it is free', () => isPortFree(first));
    expect(await codeOf(ports.take(first, 'public_port', null))).toBe('accepted');
  });

  it("on which AiKore's NGINX still listens are good for an application, not for a desktop", async () => {
    const pid = await listenElsewhere(first);
    const ports = leases((other) => other === pid);
    expect(await codeOf(ports.take(first, 'persistent_port', null))).toBe('PORT_IN_USE');
    expect(await codeOf(ports.take(first, 'public_port', null))).toBe('accepted');
  });

  it('stay at a start, whether AiKore listens already or nobody does', async () => {
    await listenHere(first);
    expect(await leases().confirm(row(1, null, first), 'persistent_port')).toBe('');
    expect(await leases().confirm(row(2, null, first + 1), 'persistent_port')).toBe('');
    expect(saved).toEqual([]);
  });

  it('are healed at a start: none yet, out of range, or held by somebody else', async () => {
    const pid = await listenElsewhere(first);
    rows = [row(1, null), row(2, null, 80), row(3, null, first)];
    const notes: string[] = [];
    for (const each of rows) notes.push(await leases().confirm(each, 'persistent_port'));
    expect(notes[0]).toBe('');
    expect(notes[1]).toBe(
      `Its desktop's port 80 is outside of the published range, so it got port ${first + 3}.`,
    );
    expect(notes[2]).toContain(`Its desktop's port ${first} was held by`);
    expect(notes[2]).toContain(`(pid ${pid}), so it got port ${first + 2}.`);
    expect(rows.map((each) => each.persistent_port)).toEqual([first + 4, first + 3, first + 2]);
    expect(saved).toEqual([1, 2, 3].map((id) => [id, 'persistent_port', first + 5 - id]));
  });

  it('are brought into the range, whoever listens there, and left alone inside it', async () => {
    await listenElsewhere(first);
    rows = [row(1, 80), row(2, first), row(3, null)];
    const notes: string[] = [];
    for (const each of rows) notes.push(await leases().bringInside(each, 'public_port'));
    expect(notes).toEqual([
      `Its public port 80 is outside of the published range, so it got port ${first + 1}.`,
      '',
      '',
    ]);
    expect(saved).toEqual([[1, 'public_port', first + 1]]);
  });

  it('stay outside of a range that is used up, which is said', async () => {
    rows = [row(1, 80, 81), ...[0, 1, 2, 3, 4].map((offset) => row(2 + offset, first + offset))];
    const [stray] = rows as [Row];
    const ports = leases();
    const stays = `stays outside of the published range: none of ${first}-${first + 4} is free.`;
    expect(await ports.bringInside(stray, 'public_port')).toBe(`Its public port 80 ${stays}`);
    expect(await ports.confirm(stray, 'persistent_port')).toBe(`Its desktop's port 81 ${stays}`);
    expect([stray.public_port, stray.persistent_port, saved]).toEqual([80, 81, []]);
    expect(ports.strayWarning(stray, 'public_port')).toMatch(
      /^Its public port 80 is outside of the published/,
    );
    expect(ports.strayWarning(row(9, first), 'public_port')).toBeNull();
  });

  it('are not stored when the settings changed while a free one was looked for', async () => {
    const changing = row(1, 80);
    rows = [changing];
    const moving = leases().bringInside(changing, 'public_port');
    changing.public_port = null;
    await moving;
    expect([changing.public_port, saved]).toEqual([null, []]);
  });
});
