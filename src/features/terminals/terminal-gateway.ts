import type { WebSocket } from 'ws';
import type { Scope } from '../../contracts/auth.js';
import type { LiveSockets } from '../../core/auth/live-sockets.js';
import { AppError } from '../../core/errors.js';
import { toAppError } from '../../core/http/error-response.js';
import type { UpgradeContext, UpgradeRoute } from '../../core/http/upgrade-router.js';
import { parseId } from '../../core/http/validation.js';
import type { Logger } from '../../core/logging.js';
import { sizeInQuery } from './domain/terminal-message.js';
import type { ScreenSize } from './domain/terminal-message.js';
import type { ShellPlace } from './shell-command.js';
import type { TerminalAudit } from './terminal-audit.js';
import { TerminalSession } from './terminal-session.js';
import type { TerminalSessions } from './terminal-sessions.js';
import { TerminalViewer } from './terminal-viewer.js';
import { MACHINE, ownerOf } from './terminals.ports.js';
import type { ShellPlaces } from './terminals.ports.js';

/** How often a silent connection is asked whether somebody is still there. */
const PING_INTERVAL_MS = 15_000;
/** As many as a host serves, with some room for those that are about to go. */
const MAX_VIEWERS = 16;

const CLOSE_CODES: Partial<Record<AppError['kind'], number>> = { not_found: 4404, rate_limited: 4429 };

/** Whose terminal a handshake asks for. */
interface Wish {
  owner: string;
  place: () => Promise<ShellPlace>;
}

export interface TerminalGatewayParts {
  sessions: TerminalSessions;
  places: ShellPlaces;
  liveSockets: LiveSockets;
  audit: TerminalAudit;
  logger: Logger;
}

/** `WS /api/instances/{id}/terminal` and `WS /api/system/terminal`. */
export class TerminalGateway {
  readonly routes: UpgradeRoute[];
  private readonly viewers = new Set<TerminalViewer>();
  private readonly pings: NodeJS.Timeout;

  constructor(private readonly parts: TerminalGatewayParts) {
    const { places } = parts;
    this.routes = [
      this.route('/api/instances/:id/terminal', 'terminal', ({ params }) => {
        const id = parseId(params['id'] ?? '');
        places.requireInstance(id);
        return { owner: ownerOf(id), place: () => places.ofInstance(id) };
      }),
      this.route('/api/system/terminal', 'admin', () => ({
        owner: MACHINE,
        place: () => places.ofMachine(),
      })),
    ];
    this.pings = setInterval(() => {
      for (const viewer of this.viewers) viewer.ping();
    }, PING_INTERVAL_MS);
    this.pings.unref();
  }

  close(): void {
    clearInterval(this.pings);
  }

  private route(path: string, scope: Scope, wishOf: (context: UpgradeContext) => Wish): UpgradeRoute {
    const { audit } = this.parts;
    return {
      path,
      scope,
      accept: (socket, context) => this.accept(socket, context, wishOf),
      refused: (attempt, error) => audit.refused(attempt, error),
    };
  }

  private accept(
    socket: WebSocket,
    context: UpgradeContext,
    wishOf: (context: UpgradeContext) => Wish,
  ): void {
    const size = sizeInQuery(context.query);
    const viewer = new TerminalViewer(socket, size);
    const live = this.parts.liveSockets.add(context.caller, () => viewer.close(4401, 'signed out'));
    this.viewers.add(viewer);
    socket.on('close', () => {
      live.remove();
      this.viewers.delete(viewer);
    });
    this.serve(viewer, size, context, wishOf).catch((error: unknown) => this.refuse(viewer, context, error));
  }

  private async serve(
    viewer: TerminalViewer,
    size: ScreenSize,
    context: UpgradeContext,
    wishOf: (context: UpgradeContext) => Wish,
  ): Promise<void> {
    const { owner, place } = wishOf(context);
    const { sessions } = this.parts;
    const id = context.query.get('session') ?? '';
    const found = id === '' ? await sessions.open(owner, size, place) : sessions.find(owner, id);
    if (!(found instanceof TerminalSession)) {
      viewer.endWith(found);
      return;
    }
    if (id === '' && !viewer.isOpen) {
      // Whoever wanted it has gone before being told its name: nobody would ever look for it.
      await found.close();
      return;
    }
    if (found.viewerCount >= MAX_VIEWERS)
      throw new AppError(
        'rate_limited',
        'TOO_MANY_VIEWERS',
        `${MAX_VIEWERS} windows show this terminal already. Close one first.`,
      );
    try {
      await viewer.show(found);
      this.parts.audit.shown(context, found);
    } catch (error) {
      // It may have ended between the look and the call; what nobody can talk to is not worth waiting for.
      if (found.isRunning) throw error;
      viewer.endWith(await found.over);
    }
  }

  private refuse(viewer: TerminalViewer, context: UpgradeContext, error: unknown): void {
    const known = toAppError(error);
    this.parts.audit.refused(context, known);
    if (known.kind === 'internal') this.parts.logger.error('a terminal could not be shown', { error });
    viewer.refuse(CLOSE_CODES[known.kind] ?? 1011, known.code, known.message);
  }
}
