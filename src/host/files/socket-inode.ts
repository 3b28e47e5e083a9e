import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { belongsToApps } from './ownership.js';

/** Opens what has the name without opening what it is (open(2); include/uapi/asm-generic/fcntl.h). */
const O_PATH = 0o10000000;

/** A unix socket that was found at a path, and is the same one whatever becomes of the name meanwhile. */
export interface SocketInode {
  /** To connect through. An address has at most 107 bytes, and this is always short. */
  path: string;
  close(): void;
}

/**
 * Finds the socket at a path where applications can write. A link is not followed: it could lead AiKore, which may go
 * where applications may not, to somebody else's socket.
 * @throws a system error such as ENOENT; ECONNREFUSED, as from a socket that nobody listens at, for whatever else is there
 */
export function openSocketInode(path: string): SocketInode {
  const descriptor = openSync(path, O_PATH | constants.O_NOFOLLOW);
  const facts = fstatSync(descriptor);
  if (facts.isSocket() && belongsToApps(facts))
    return { path: `/proc/self/fd/${descriptor}`, close: () => closeSync(descriptor) };
  closeSync(descriptor);
  throw Object.assign(new Error('No socket of an application is there.'), { code: 'ECONNREFUSED' });
}
