import type { AppUser } from '../../core/config/app-user.js';
import type { RunAs } from '../processes/separation.js';

/** A program to start: its path and arguments, and its whole environment. */
export interface SpawnWish {
  /** The first one is the program's path. No text holds a NUL. */
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Absent: the applications' user. */
  as?: RunAs;
}

const WORD_BYTES = 4;
/** How a request says as whom (scripts/runner/credentials.h). */
const KEPT = 0;
const BARE = 1;
const ANOTHER = 2;

/**
 * A request as the spawner reads it (scripts/runner/README.md): little-endian 32-bit numbers, which are the length of what
 * follows, the request's number, the number of arguments, and as whom it runs; then arguments and environment, each ended
 * by a NUL.
 * @param appUser null: there is one user only, and the program keeps all that this process may
 * @throws Error when a text holds a NUL, which would become two
 */
export function encodeSpawnRequest(
  id: number,
  { argv, env, as = 'apps' }: SpawnWish,
  appUser: AppUser | null,
): Buffer {
  const texts = [...argv, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  if (texts.some((text) => text.includes('\0')))
    throw new Error('An argument or a variable holds a NUL character, which no program can be given.');
  const strings = Buffer.from(`${texts.join('\0')}\0`, 'utf8');
  const words = [id, argv.length, ...userWords(as, appUser)];
  const head = Buffer.alloc(WORD_BYTES * (words.length + 1));
  [head.length - WORD_BYTES + strings.length, ...words].forEach((word, index) =>
    head.writeUInt32LE(word, index * WORD_BYTES),
  );
  return Buffer.concat([head, strings]);
}

/** Kind, user, group, number of supplementary groups, and these. */
function userWords(as: RunAs, appUser: AppUser | null): number[] {
  if (appUser === null) return [KEPT, 0, 0, 0];
  // Root without its capabilities could not even become the user that NGINX gives its workers.
  if (as === 'own') return [process.getuid?.() === 0 ? KEPT : BARE, 0, 0, 0];
  return [ANOTHER, appUser.uid, appUser.gid, appUser.groups.length, ...appUser.groups];
}
