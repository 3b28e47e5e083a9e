import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats until the answer is yes.
 * @param {string} what for the message when it never is
 * @param {() => boolean | Promise<boolean>} isSo
 * @param {{ everyMs?: number, limitMs?: number }} [options]
 */
export async function until(what, isSo, { everyMs = 5, limitMs = 30_000 } = {}) {
  const endMs = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > endMs) throw new Error(`Waited ${limitMs} ms in vain: ${what}.`);
    await delay(everyMs);
  }
}

/**
 * Whether something listens on a port of loopback.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** @param {number} port */
export const untilListening = (port) => until(`port ${port} answers`, () => isListening(port));

/** A port that nobody listens on now. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
