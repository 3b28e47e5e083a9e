import { createServer } from 'node:net';

/** Below what instances get by themselves, so that suites that run side by side do not meet. */
const FIRST_PORT = 10_000;
const LAST_PORT = 18_999;

/** A stopped instance holds its port without anybody listening there. */
const given = new Set<number>();

/** A port that nobody listens on now and that this file was not given before, chosen at random. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (given.has(port)) continue;
    given.add(port);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '0.0.0.0' }, () => server.close(() => resolve(true)));
  });
}
