import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { AppError } from '../../../core/errors.js';
import type { InstanceEntity } from '../instance.entity.js';
import { PortLeases } from './port-leases.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function held(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function free(): Promise<number> {
  const port = await held();
  const server = servers.pop();
  server?.close();
  return port;
}

const row = (name: string, port: number) => ({ name, port }) as InstanceEntity;
const leases = (rows: InstanceEntity[] = [], own: number[] = []) =>
  new PortLeases({ publishedRange: { first: 21_000, last: 21_004 }, ownPorts: () => own, rows: () => rows });

const codeOf = async (action: Promise<unknown>): Promise<string> => {
  const error: unknown = await action.then(
    () => 'accepted',
    (reason: unknown) => reason,
  );
  return error instanceof AppError ? error.code : String(error);
};

describe('choosing a port', () => {
  it('passes over the published range, the leased, the own and those that are being chosen', async () => {
    const ports = leases([row('one', 21_005)], [21_006]);
    const chosen = await Promise.all([ports.choose(), ports.choose(), ports.choose()]);
    expect(new Set(chosen).size).toBe(3);
    expect(Math.min(...chosen)).toBeGreaterThan(21_006);
    const [first] = chosen;
    ports.settle(first);
    expect(await ports.choose()).toBe(first);
  });
});

describe('checking a port', () => {
  it('refuses what no instance may have and what somebody has', async () => {
    const taken = await held();
    const ports = leases([row('one', 30_000)], [9000]);
    const outcome = (port: number) => codeOf(ports.check(port, null));
    expect(await outcome(80)).toBe('VALIDATION_FAILED');
    expect(await outcome(1023)).toBe('VALIDATION_FAILED');
    expect(await outcome(21_000)).toBe('VALIDATION_FAILED');
    expect(await outcome(21_004)).toBe('VALIDATION_FAILED');
    expect(await outcome(9000)).toBe('VALIDATION_FAILED');
    expect(await outcome(30_000)).toBe('PORT_TAKEN');
    expect(await outcome(taken)).toBe('PORT_IN_USE');
    expect(await outcome(await free())).toBe('accepted');
  });

  it('lets an instance keep its own, and go back to where its application listens', async () => {
    const [leased, running] = [await held(), await held()];
    const own = row('one', leased);
    const ports = leases([own, row('two', 30_000)]);
    expect(await codeOf(ports.check(leased, own))).toBe('accepted');
    expect(await codeOf(ports.check(running, own))).toBe('PORT_IN_USE');
    expect(await codeOf(ports.check(running, own, running))).toBe('accepted');
    expect(await codeOf(ports.check(30_000, own, 30_000))).toBe('PORT_TAKEN');
  });
});

describe('a port at a start', () => {
  it('stays when it is free', async () => {
    const port = await free();
    expect(await leases().confirm(row('one', port))).toEqual({ port, note: '' });
  });

  it('is replaced when somebody holds it, who is named', async () => {
    const port = await held();
    const ports = leases();
    const { port: other, note } = await ports.confirm(row('one', port));
    expect(other).not.toBe(port);
    expect(note).toContain(`(pid ${process.pid})`);
    expect(note).toContain(String(other));
    expect(await ports.choose()).not.toBe(other);
  });
});
