import { createServer } from 'node:net';
import { systemCodeOf } from '../../core/errors.js';

/**
 * Whether this process could listen on a port of an address now.
 * @returns null when it could, else the system's code (`EADDRINUSE`, `EACCES`…)
 */
export function whyNotListen(address: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(systemCodeOf(error) ?? 'UNKNOWN'));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** A port that is free on an address now. @throws the system's error */
export function anyFreePort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: address, port: 0, exclusive: true }, () => {
      const bound = server.address();
      const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
      server.close(() => resolve(port));
    });
  });
}
