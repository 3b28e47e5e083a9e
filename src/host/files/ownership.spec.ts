import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { separateApplications } from '../processes/separation.js';
import { makeAppFolder, makeFolderBelow } from './app-folder.js';
import { writeFileAtomically } from './atomic-write.js';
import { NotAFolder, openInnerFolder } from './inner-folder.js';
import { appUid, give, isKeptFromApps, isWritableByApps } from './ownership.js';
import { openRegularFile, readSmallFile } from './regular-file.js';

const OWN = process.geteuid?.() ?? 0;
const APPS = { uid: 9911, gid: 9912, groups: [9913] };
const STRANGER = 9920;

const facts = (uid: number, gid = uid, mode = 0o755, nlink = 1) => ({ uid, gid, mode, nlink });

afterEach(() => separateApplications(null));

describe('with no user of their own, applications', () => {
  it('are who AiKore is, and nothing is kept from them', () => {
    expect(appUid()).toBe(OWN);
    expect(isKeptFromApps(facts(OWN))).toBe(false);
    expect(isWritableByApps(facts(STRANGER, STRANGER, 0o700))).toBe(true);
  });
});

describe('with a user of their own, applications', () => {
  beforeEach(() => separateApplications({ user: APPS, binary: '/nonexistent' }));

  it('are shown neither a file of AiKore’s nor anybody’s second name', () => {
    expect(appUid()).toBe(APPS.uid);
    expect(isKeptFromApps(facts(OWN))).toBe(true);
    expect(isKeptFromApps(facts(STRANGER, STRANGER, 0o644, 2))).toBe(true);
    expect(isKeptFromApps(facts(STRANGER))).toBe(false);
    expect(isKeptFromApps(facts(APPS.uid, APPS.gid, 0o600, 7))).toBe(false);
    // A folder has as many names as it has folders in it.
    expect(isKeptFromApps(facts(STRANGER, STRANGER, 0o755, 9), true)).toBe(false);
  });

  it.each([
    ['their own', facts(APPS.uid, 1, 0o700), true],
    ['their own that they have closed', facts(APPS.uid, APPS.gid, 0o077), false],
    ['their group’s', facts(STRANGER, APPS.gid, 0o770), true],
    ['one of their groups’', facts(STRANGER, 9913, 0o770), true],
    ['a group’s that is closed to it', facts(STRANGER, APPS.gid, 0o707), false],
    ['everybody’s', facts(STRANGER, STRANGER, 0o777), true],
    ['somebody else’s', facts(STRANGER, STRANGER, 0o775), false],
  ])('can make something in a folder that is %s: the kernel’s rule', (_what, folder, isWritable) => {
    expect(isWritableByApps(folder)).toBe(isWritable);
  });
});

// Only root can give files away.
(OWN === 0 ? describe : describe.skip)('files where applications have a user of their own', () => {
  let root: string;
  const at = (...names: string[]): string => join(root, ...names);
  const uidOf = (...names: string[]): number => statSync(at(...names)).uid;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'aikore-ownership-'));
    separateApplications({ user: APPS, binary: '/nonexistent' });
    mkdirSync(at('theirs'));
    chownSync(at('theirs'), APPS.uid, APPS.gid);
    mkdirSync(at('own'));
    writeFileSync(at('own', 'secret'), 'secret', { mode: 0o600 });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('are given when AiKore has made them, and left to whom they belong', async () => {
    await writeFileAtomically(at('theirs', 'file'), 'x', 0o600, { for: 'apps' });
    await writeFileAtomically(at('theirs', 'note'), 'x', 0o600);
    expect([uidOf('theirs', 'file'), uidOf('theirs', 'note')]).toEqual([APPS.uid, OWN]);
    await makeAppFolder(at('fresh'), 0o700);
    expect([uidOf('fresh'), statSync(at('fresh')).mode & 0o777]).toEqual([APPS.uid, 0o700]);
    writeFileSync(at('stranger'), '');
    chownSync(at('stranger'), STRANGER, STRANGER);
    const handle = await open(at('stranger'), 'r');
    await give(handle).finally(() => handle.close());
    expect(uidOf('stranger')).toBe(STRANGER);
    symlinkSync(at('own'), at('linked'));
    await makeAppFolder(at('linked'));
    expect(uidOf('own')).toBe(OWN);
  });

  it('of AiKore’s count as nothing where an application shows them, but its notes can be read', async () => {
    linkSync(at('own', 'secret'), at('theirs', 'log'));
    symlinkSync(at('own', 'secret'), at('theirs', 'link'));
    expect(await openRegularFile(at('theirs', 'log'))).toBeNull();
    expect(await openRegularFile(at('theirs', 'link'), 'anybody')).toBeNull();
    expect(await readSmallFile(at('theirs', 'log'), 100, 'anybody')).toBe('secret');
  });

  it('are reached below what is theirs only, by whatever link', async () => {
    symlinkSync(at('own'), at('home'));
    await expect(openInnerFolder(at('own'))).rejects.toThrow(NotAFolder);
    await expect(openInnerFolder(at('home'))).rejects.toThrow(NotAFolder);
    symlinkSync(at('own'), at('theirs', 'logs'));
    await expect(openInnerFolder(at('theirs'), ['logs'])).rejects.toThrow(NotAFolder);
    rmSync(at('home'));
    // A larger disk.
    symlinkSync(at('theirs'), at('home'));
    const made = await openInnerFolder(at('home'), ['a', 'b'], { isMade: true, mode: 0o700 });
    await made?.close();
    expect([uidOf('theirs', 'a'), uidOf('theirs', 'a', 'b')]).toEqual([APPS.uid, APPS.uid]);
  });

  it('have folders made for them where they could make them', async () => {
    mkdirSync(at('theirs', 'real'));
    chownSync(at('theirs', 'real'), APPS.uid, APPS.gid);
    symlinkSync('real', at('theirs', 'another-disk'));
    await makeFolderBelow(at('theirs'), at('theirs', 'another-disk', 'x', 'y'));
    expect([uidOf('theirs', 'real', 'x'), uidOf('theirs', 'real', 'x', 'y')]).toEqual([APPS.uid, APPS.uid]);
    symlinkSync(at('own'), at('theirs', 'out'));
    await expect(makeFolderBelow(at('theirs'), at('theirs', 'out', 'x'))).rejects.toThrow(/may not write/);
    // What is there already is not made.
    await makeFolderBelow(at('theirs'), at('theirs', 'out'));
    expect(uidOf('own')).toBe(OWN);
  });
});
