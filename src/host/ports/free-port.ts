import { createServer } from 'node:net';
import { listeningPorts } from './port-holder.js';

/** Whether nobody listens on the port, on any address: the table tells of other addresses, the bind of what it missed. */
export async function isPortFree(port: number): Promise<boolean> {
  return !listeningPorts().has(port) && (await canBind(port, '0.0.0.0'));
}

function canBind(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
