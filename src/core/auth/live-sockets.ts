import type { Logger } from '../logging.js';
import type { ApiTokens } from './api-tokens.js';
import type { Caller } from './caller.js';
import type { Clock } from './clock.js';
import type { Sessions } from './sessions.js';

/** setTimeout counts in 32 bits: what is further away than 24.8 days would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface LiveSocket {
  caller: Caller;
  close: () => void;
  timer: NodeJS.Timeout | null;
}

/** Something that stays open. */
export interface LiveSocketHandle {
  /** To be called once it has closed by itself. */
  remove(): void;
}

/**
 * Everything that stays open on behalf of a caller (event streams, terminals, sockets to applications): it is closed as
 * soon as the session or the token that opened it ends.
 */
export class LiveSockets {
  readonly #sockets = new Set<LiveSocket>();

  constructor(
    sessions: Pick<Sessions, 'onRevoked'>,
    tokens: Pick<ApiTokens, 'onRevoked'>,
    private readonly logger: Logger,
    private readonly clock: Clock = Date.now,
  ) {
    sessions.onRevoked((id) => this.#closeWhere((caller) => caller.sessionId === id));
    tokens.onRevoked((id) => this.#closeWhere((caller) => caller.tokenId === id));
  }

  /** @param close ends the socket; it is called at most once, and not after `remove`. */
  add(caller: Caller, close: () => void): LiveSocketHandle {
    const socket: LiveSocket = { caller, close, timer: null };
    this.#sockets.add(socket);
    this.#armExpiry(socket);
    return { remove: () => this.#forget(socket) };
  }

  /** The sessions that have something open. */
  sessionIds(): ReadonlySet<number> {
    const ids = [...this.#sockets].map((socket) => socket.caller.sessionId);
    return new Set(ids.filter((id) => id !== null));
  }

  get size(): number {
    return this.#sockets.size;
  }

  #armExpiry(socket: LiveSocket): void {
    if (socket.caller.expiresAt === null) return;
    const remainingMs = Date.parse(socket.caller.expiresAt) - this.clock();
    const isLastLap = remainingMs <= MAX_TIMER_MS;
    const fire = (): void => (isLastLap ? this.#close(socket) : this.#armExpiry(socket));
    socket.timer = setTimeout(fire, Math.min(Math.max(remainingMs, 0), MAX_TIMER_MS)).unref();
  }

  #closeWhere(isMeant: (caller: Caller) => boolean): void {
    for (const socket of [...this.#sockets]) if (isMeant(socket.caller)) this.#close(socket);
  }

  #close(socket: LiveSocket): void {
    this.#forget(socket);
    try {
      socket.close();
    } catch (error) {
      this.logger.error('a socket could not be closed', { error });
    }
  }

  #forget(socket: LiveSocket): void {
    this.#sockets.delete(socket);
    if (socket.timer !== null) clearTimeout(socket.timer);
  }
}
