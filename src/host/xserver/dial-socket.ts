import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { takeSocketFile } from '../files/socket-file.js';

/**
 * Connects to an application's unix socket, whatever the length of its path. What the other side says first waits until it is read.
 * @throws a system error such as ENOENT or ECONNREFUSED when nobody listens
 */
export async function dialSocket(path: string): Promise<Socket> {
  const file = takeSocketFile(path);
  try {
    return await dial(file.path);
  } finally {
    file.close();
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
