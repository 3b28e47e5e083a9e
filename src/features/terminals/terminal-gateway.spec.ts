import { expect, it, jest } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { WebSocket } from 'ws';
import type { LiveSockets } from '../../core/auth/live-sockets.js';
import { AppError } from '../../core/errors.js';
import type { UpgradeContext } from '../../core/http/upgrade-router.js';
import type { Logger } from '../../core/logging.js';
import type { TerminalAudit } from './terminal-audit.js';
import { TerminalGateway } from './terminal-gateway.js';
import { TerminalSession } from './terminal-session.js';
import type { TerminalSessions } from './terminal-sessions.js';
import type { ShellPlaces } from './terminals.ports.js';

/** As much of a WebSocket as a viewer needs. */
class FakeSocket extends EventEmitter {
  readonly OPEN = WebSocket.OPEN;
  readyState: number = WebSocket.OPEN;
  readonly sent: unknown[] = [];
  close: (code: number) => void = () => undefined;
  readonly closed = new Promise<number>((resolve) => (this.close = resolve));
  pause = (): void => undefined;
  resume = (): void => undefined;
  terminate = (): void => undefined;
  send = (text: string): void => void this.sent.push(JSON.parse(text));
}

it('ends a terminal whose instance was deleted while it was being opened', async () => {
  let isThere = true;
  const session = Object.create(TerminalSession.prototype) as TerminalSession;
  const end = jest.spyOn(session, 'close').mockResolvedValue();
  const refused = jest.fn<TerminalAudit['refused']>();
  const gateway = new TerminalGateway({
    sessions: {
      open: () => {
        isThere = false;
        return Promise.resolve(session);
      },
    } as unknown as TerminalSessions,
    places: {
      requireInstance: () => {
        if (!isThere) throw new AppError('not_found', 'INSTANCE_NOT_FOUND', 'It is no more.');
      },
    } as unknown as ShellPlaces,
    liveSockets: { add: () => ({ remove: () => undefined }) } as unknown as LiveSockets,
    audit: { refused } as unknown as TerminalAudit,
    logger: {} as Logger,
  });
  const socket = new FakeSocket();
  const context = { params: { id: '3' }, query: new URLSearchParams() } as unknown as UpgradeContext;
  gateway.routes[0]?.accept(socket as unknown as WebSocket, context);
  expect(await socket.closed).toBe(4404);
  expect(socket.sent).toEqual([{ type: 'error', code: 'INSTANCE_NOT_FOUND', message: 'It is no more.' }]);
  expect(refused).toHaveBeenCalledTimes(1);
  expect(end).toHaveBeenCalledTimes(1);
  gateway.close();
});
