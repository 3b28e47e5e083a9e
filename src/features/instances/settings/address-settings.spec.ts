import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '../../../core/errors.js';
import type { InstanceUpdate } from '../../../contracts/instance.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { PublishedLeases } from '../leases/published-leases.js';
import { AddressSettings, withNormalHostname } from './address-settings.js';

const REST = {
  slug: 'mine',
  name: 'Mine',
  access_mode: 'path',
  public_port: null,
  hostname: null,
  use_custom_hostname: false,
  persistent_mode: false,
  persistent_port: null,
};
const row = (change: Partial<InstanceEntity> = {}): InstanceEntity =>
  ({ ...REST, ...change }) as InstanceEntity;

let rows: InstanceEntity[];
let chosen: number;
let settled: number[];
beforeEach(() => {
  [rows, chosen, settled] = [[], 19_000, []];
});

const leases = {
  choose: () => Promise.resolve((chosen += 1)),
  settle: (port: number) => settled.push(port),
  take: (port: number) =>
    port === 19_009 ? Promise.reject(new AppError('conflict', 'PORT_TAKEN', 'Taken.')) : Promise.resolve(),
};
const published = leases as unknown as PublishedLeases;
const addresses = new AddressSettings({
  published,
  rows: () => rows,
  isOwnName: (name) => name === 'box.lan',
});

const decide = (wish: InstanceUpdate, own: InstanceEntity | null = null) =>
  addresses.decide(withNormalHostname(wish), { slug: own?.slug ?? 'mine', row: own });
const problemOf = async (wish: InstanceUpdate, own: InstanceEntity | null = null): Promise<unknown> => {
  try {
    return await decide(wish, own);
  } catch (error) {
    return error instanceof AppError && error.kind === 'invalid' ? error.details : error;
  }
};

describe('the ports of an address', () => {
  it('are chosen when they begin to be needed, and given back when they end to be', async () => {
    expect(await decide({ access_mode: 'port' })).toEqual({ public_port: 19_001 });
    const published = row({ access_mode: 'port', public_port: 19_005 });
    expect(await decide({ access_mode: 'path' }, published)).toEqual({ public_port: null });
    expect(await decide({ persistent_mode: true })).toEqual({ persistent_port: 19_002 });
    const desktop = row({ persistent_mode: true, persistent_port: 19_006 });
    expect(await decide({ persistent_mode: false }, desktop)).toEqual({ persistent_port: null });
  });

  it('stay while nothing else is asked for', async () => {
    const both = row({
      access_mode: 'port',
      public_port: 19_005,
      persistent_mode: true,
      persistent_port: 19_006,
    });
    expect(await decide({ autostart: true }, both)).toEqual({});
    expect(await decide({}, row())).toEqual({});
  });

  it('may be asked for by their number, or be exchanged', async () => {
    const own = row({ access_mode: 'port', public_port: 19_005 });
    expect(await decide({ public_port: 19_003 }, own)).toEqual({ public_port: 19_003 });
    expect(await decide({ public_port: null }, own)).toEqual({ public_port: 19_001 });
    expect(await decide({ access_mode: 'port', public_port: 19_003 })).toEqual({ public_port: 19_003 });
    expect(await problemOf({ public_port: 19_009 }, own)).toMatchObject({ code: 'PORT_TAKEN' });
  });

  it('have no place in path mode', async () => {
    expect(await problemOf({ public_port: 19_003 })).toHaveProperty('public_port');
    const own = row({ access_mode: 'port', public_port: 19_005 });
    expect(await problemOf({ access_mode: 'path', public_port: 19_003 }, own)).toHaveProperty('public_port');
  });

  it('of an instance of the original AiKore that has none yet come with the switch', async () => {
    expect(await decide({ persistent_mode: true }, row({ persistent_mode: false }))).toEqual({
      persistent_port: 19_001,
    });
  });

  it('that were chosen are free again when the next one cannot be found', async () => {
    const failing = {
      ...leases,
      choose: () =>
        (chosen += 1) > 19_001 ? Promise.reject(new Error('none is left')) : Promise.resolve(chosen),
    } as unknown as PublishedLeases;
    const strict = new AddressSettings({ published: failing, rows: () => rows, isOwnName: () => false });
    const both = strict.decide({ access_mode: 'port', persistent_mode: true }, { slug: 'mine', row: null });
    await expect(both).rejects.toThrow('none is left');
    expect(settled).toEqual([19_001]);
  });
});

describe('the hostname of an address', () => {
  it('is needed where it is used, and used where it is needed', async () => {
    expect(await problemOf({ use_custom_hostname: true })).toHaveProperty('use_custom_hostname');
    const own = row({ hostname: 'comfy.lan', use_custom_hostname: true });
    expect(await problemOf({ hostname: null }, own)).toHaveProperty('hostname');
    expect(await problemOf({ hostname: null, use_custom_hostname: false }, own)).toEqual({});
    expect(await problemOf({ use_custom_hostname: false }, own)).toEqual({});
    expect(await problemOf({ use_custom_hostname: true }, row({ hostname: 'comfy.lan' }))).toEqual({});
  });

  it.each([
    ['box.lan', 'AiKore itself'],
    ['BOX.lan:9001', 'AiKore itself'],
    ['https://box.lan/x', 'AiKore itself'],
    ['other.localhost', 'mine.localhost'],
    ['Taken.LAN', 'It belongs to Other.'],
    ['taken.lan:81', 'It belongs to Other.'],
    ['https://taken.lan', 'It belongs to Other.'],
  ])('is not %s', async (hostname, why) => {
    rows = [row({ name: 'Other', slug: 'other', hostname: 'http://taken.lan:8080/x' })];
    const problem = (await problemOf({ hostname })) as { hostname: string };
    expect(problem.hostname).toContain(why);
  });

  it.each(['mine.localhost', 'sub.other.localhost', 'comfy.lan', 'x.box.lan'])('may be %s', async (name) => {
    rows = [row({ name: 'Other', slug: 'other', hostname: 'taken.lan' })];
    expect(await problemOf({ hostname: name })).toEqual({});
  });

  it('of its own is no conflict, and one from before there were rules may not be switched on', async () => {
    const own = row({ hostname: 'comfy.lan' });
    rows = [own];
    expect(await problemOf({ hostname: 'COMFY.lan:80' }, own)).toEqual({});
    const old = row({ hostname: 'not a name' });
    expect(await problemOf({ use_custom_hostname: true }, old)).toHaveProperty('hostname');
    expect(
      await problemOf({ autostart: true }, row({ hostname: 'not a name', use_custom_hostname: true })),
    ).toEqual({});
  });

  it('is stored in lower case', () => {
    expect(withNormalHostname({ hostname: 'Comfy.LAN:80' })).toEqual({ hostname: 'comfy.lan:80' });
    expect(withNormalHostname({ hostname: null })).toEqual({ hostname: null });
    expect(withNormalHostname({})).toEqual({});
  });
});
