import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { isKeptFromApps } from './ownership.js';

/** Only a way to what a path names, without opening that: open(2). Node has no name for it. */
const O_PATH = 0o10000000;

/** A unix socket that is meant, whatever its name leads to from now on. */
export interface SocketFile {
  /** A short way to it: an address of a unix socket has at most 107 bytes. */
  path: string;
  close(): void;
}

/**
 * Takes hold of a unix socket where applications can write, to call it. A link in its place is not followed, and a socket
 * of AiKore's own is not called: an application would speak with it through us.
 * @throws a system error such as ENOENT, ECONNREFUSED for what is no such socket
 */
export function takeSocketFile(path: string): SocketFile {
  const descriptor = openSync(path, O_PATH | constants.O_NOFOLLOW);
  const close = (): void => closeSync(descriptor);
  const facts = fstatSync(descriptor);
  if (facts.isSocket() && !isKeptFromApps(facts)) return { path: `/proc/self/fd/${descriptor}`, close };
  close();
  throw Object.assign(new Error(`${path} is no socket of an application`), { code: 'ECONNREFUSED' });
}
