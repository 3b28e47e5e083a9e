import { closeSync, constants, openSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { basename, dirname } from 'node:path';

/**
 * Connects to a unix socket, whatever the length of its path. What the other side says first waits until it is read.
 * @throws a system error such as ENOENT or ECONNREFUSED when nobody listens
 */
export async function dialSocket(path: string): Promise<Socket> {
  // An address of a unix socket has at most 107 bytes; the way through the folder's descriptor is always short.
  const folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await dial(`/proc/self/fd/${folder}/${basename(path)}`);
  } finally {
    closeSync(folder);
  }
}

/** Whether somebody listens at a unix socket. Never rejects. */
export async function isAnswering(path: string): Promise<boolean> {
  try {
    (await dialSocket(path)).destroy();
    return true;
  } catch {
    return false;
  }
}

function dial(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      // Until its user listens: a reset without a listener would end the process.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
