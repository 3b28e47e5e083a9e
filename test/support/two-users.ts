import { describe } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { AppUser } from '../../src/core/config/app-user.js';

/** AiKore's number in its container; on a machine nobody has it. */
export const AIKORE_UID = 9900;
export const APPS: AppUser = { uid: 9911, gid: 9912, groups: [9913, 9914] };
/** As the container's supervision is told it. */
export const APP_USER = `${APPS.uid}:${APPS.gid},${APPS.groups.join(',')}`;

const RUNNER = resolve(import.meta.dirname, '../../dist/runner/aikore-runner');
const NEEDED = 'chown dac_override fowner kill setgid setuid'.split(' ');

/** As docker/service/aikore/run starts AiKore. @param has what it may */
export function asAikore(has: readonly string[] = NEEDED): string[] {
  const capabilities = ['-all', ...has.map((name) => `+${name}`)].join(',');
  return [
    ['setpriv', '--reuid', String(AIKORE_UID), '--regid', String(AIKORE_UID)],
    ['--groups', `${AIKORE_UID},${APPS.gid}`, '--no-new-privs'],
    ['--inh-caps', capabilities, '--ambient-caps', capabilities, '--bounding-set', capabilities],
  ].flat();
}

/** As a user without any rights. */
export function asUser(uid: number, gid = uid): string[] {
  return ['setpriv', '--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--no-new-privs'];
}

const succeeds = (words: readonly string[]): boolean => spawnSync('env', words).status === 0;

/** Why nothing can be shown of two users here, or null. */
function findObstacle(): string | null {
  if (process.getuid?.() !== 0) return 'only root can give a process another user';
  if (!succeeds([...asAikore(), 'true'])) return 'setpriv is not there, or may not do what it should';
  return succeeds([...asUser(APPS.uid), 'test', '-x', RUNNER]) ? null : `another user cannot reach ${RUNNER}`;
}

let obstacle: string | null | undefined;

/** A suite that needs two users besides the tests' own. */
export function describeTwoUsers(name: string, suite: () => void): void {
  if (obstacle === undefined) obstacle = findObstacle();
  if (obstacle !== null) console.warn(`skipped: ${obstacle}`);
  (obstacle === null ? describe : describe.skip)(name, suite);
}

/** A folder into which all users can write. */
export function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aikore-two-users-'));
  chmodSync(folder, 0o1777);
  return folder;
}

/** `AIKORE_TEST_TWO_USERS=1` lets every AiKore of every suite run so. */
export function usualUsers(): Record<string, string> {
  return process.env['AIKORE_TEST_TWO_USERS'] === '1' ? { AIKORE_APP_USER: APP_USER } : {};
}

/**
 * Prepares a data directory as the container's start does (docker/tools/folders.sh).
 * @param home where there is one already
 * @returns the home of applications
 */
export function prepareForTwo(dataDir: string, home = join(dataDir, 'home')): string {
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dirname(dataDir), 0o755);
  chownSync(dataDir, AIKORE_UID, APPS.gid);
  for (const folder of [join(dataDir, 'custom_blueprints'), home]) {
    mkdirSync(folder, { recursive: true });
    giveToApps(folder);
  }
  return home;
}

/** Gives something to the applications' user. */
export function giveToApps(path: string): void {
  chownSync(path, APPS.uid, APPS.gid);
}

/** What the kernel says a process may. */
export interface Rights {
  uids: number[];
  gids: number[];
  groups: number[];
  /** Effective, permitted, inheritable, ambient. */
  capabilities: bigint[];
  bounding: bigint;
  hasNoNewPrivileges: boolean;
}

/** @param text of /proc/<pid>/status */
export function parseRights(text: string): Rights {
  const words = (name: string) =>
    (new RegExp(`^${name}:[\t ]*(.*)$`, 'm').exec(text)?.[1] ?? '')
      .split(/\s+/)
      .filter((word) => word !== '');
  const mask = (name: string) => BigInt(`0x${words(name)[0] ?? ''}`);
  return {
    uids: words('Uid').map(Number),
    gids: words('Gid').map(Number),
    groups: words('Groups').map(Number),
    capabilities: ['CapEff', 'CapPrm', 'CapInh', 'CapAmb'].map(mask),
    bounding: mask('CapBnd'),
    hasNoNewPrivileges: words('NoNewPrivs')[0] === '1',
  };
}

export function rightsOf(pid: number): Rights {
  return parseRights(readFileSync(`/proc/${pid}/status`, 'latin1'));
}

const four = (id: number) => [id, id, id, id];

/** Of everything of an application. The bounding set stays AiKore's: emptying it takes a right that AiKore does without. */
export const RIGHTS_OF_APPS: Rights = {
  uids: four(APPS.uid),
  gids: four(APPS.gid),
  groups: APPS.groups,
  capabilities: [0n, 0n, 0n, 0n],
  bounding: 0xebn,
  hasNoNewPrivileges: true,
};

/** Of what AiKore starts for itself, as NGINX. */
export const RIGHTS_OF_OWN: Rights = {
  ...RIGHTS_OF_APPS,
  uids: four(AIKORE_UID),
  gids: four(AIKORE_UID),
  groups: [AIKORE_UID, APPS.gid],
};

/** Of AiKore. */
export const RIGHTS_OF_AIKORE: Rights = { ...RIGHTS_OF_OWN, capabilities: [0xebn, 0xebn, 0xebn, 0xebn] };
