import { createServer } from 'node:net';
import { systemCodeOf } from '../../core/errors.js';

/**
 * Whether nobody listens on the port, on any address. Asked by listening for a moment on all addresses of both families,
 * which the kernel refuses when anybody listens on any of them; its table of sockets would tell too, but reading that
 * takes milliseconds on a machine with many connections.
 */
export async function isPortFree(port: number): Promise<boolean> {
  const answer = await tryListen(port, '::');
  // A machine without IPv6.
  const hasNoFamily = answer === 'EAFNOSUPPORT' || answer === 'EADDRNOTAVAIL';
  return (hasNoFamily ? await tryListen(port, '0.0.0.0') : answer) === 'free';
}

function tryListen(port: number, host: string): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(systemCodeOf(error) ?? 'unknown'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve('free')));
  });
}
