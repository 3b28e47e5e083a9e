import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Caller } from '../../core/auth/caller.js';
import type { AppsHandler } from '../../features/access/apps-handler.js';
import type { Entry } from '../../features/access/domain/entry.js';

type Serve = (request: IncomingMessage, response: ServerResponse) => void;
type ServeUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

const ENTRY: Entry = { kind: 'dashboard' };

/**
 * Hands what was asked for by the hostname of an instance to the applications' side, before anything of the dashboard
 * hears of it. Call it once all listeners of the server are in place: it takes their place.
 */
export function divertInstanceHosts(
  server: Server,
  apps: AppsHandler<Caller>,
  isInstanceHost: (host: string) => boolean,
): void {
  const isApplications = ({ headers: { host } }: IncomingMessage): boolean =>
    host !== undefined && isInstanceHost(host);
  const serve = server.listeners('request') as Serve[];
  const serveUpgrade = server.listeners('upgrade') as ServeUpgrade[];
  server.removeAllListeners('request').removeAllListeners('upgrade');

  server.on('request', (request, response) => {
    if (isApplications(request)) apps.handle(ENTRY, request, response, false);
    else for (const listener of serve) listener(request, response);
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (isApplications(request)) {
      apps.handle(ENTRY, request, response, true);
      return;
    }
    response.writeContinue();
    for (const listener of serve) listener(request, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (isApplications(request)) apps.handleUpgrade(ENTRY, request, socket, head);
    else for (const listener of serveUpgrade) listener(request, socket, head);
  });
}
