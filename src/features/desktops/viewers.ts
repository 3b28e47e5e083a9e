import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { dialSocket } from '../../host/xserver/dial-socket.js';
import type { AccessCaller, Answer, LiveSockets } from '../access/access.api.js';
import { errorAnswer, sendRawAnswer } from '../access/access.api.js';
import { Bridge, CLOSE } from './bridge.js';
import type { Desktop } from './desktops.ports.js';
import { mayHaveDisplay } from './domain/heading.js';

/** More windows than people have; each costs the X server and AiKore a connection and the encoding of the screen. */
export const MAX_VIEWERS = 16;

/** How often a viewer that says nothing is asked whether it is still there; the next time it must have answered. */
const LIFE_CHECK_MS = 30_000;

/** The largest message from a viewer; a pasted text comes in pieces. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** A request to change the protocol, as Node hands it over. */
export interface Handshake {
  request: IncomingMessage;
  socket: Socket;
  head: Buffer;
}

/** Everybody who looks at one desktop. */
export class Viewers<Caller extends AccessCaller> {
  private readonly bridges = new Set<Bridge>();
  private readonly server = new WebSocketServer({
    noServer: true,
    // Pictures are compressed already.
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has('binary') ? 'binary' : false),
  });
  private readonly lifeChecks: NodeJS.Timeout;

  constructor(private readonly liveSockets: LiveSockets<Caller>) {
    this.lifeChecks = setInterval(() => {
      for (const bridge of this.bridges) bridge.checkLife();
    }, LIFE_CHECK_MS);
    this.lifeChecks.unref();
  }

  get count(): number {
    return this.bridges.size;
  }

  /**
   * Answers a handshake that may pass.
   * @param joined is called when the viewer sees the desktop
   */
  async admit(desktop: Desktop, caller: Caller, handshake: Handshake, joined: () => void): Promise<void> {
    const { request, socket, head } = handshake;
    // From the first moment on: the sign-in may end while the display is asked.
    const visit = new Visit<Caller>(this.liveSockets, caller, socket);
    const display = mayHaveDisplay(desktop.status)
      ? await dialSocket(desktop.socketPath).catch(() => null)
      : null;
    if (display === null) {
      sendRawAnswer(socket, displayAway(desktop));
      return;
    }
    // A viewer that leaves during the handshake, or whose handshake is refused, leaves no connection to the display behind.
    socket.once('close', () => display.destroy());
    if (socket.destroyed) {
      display.destroy();
      return;
    }
    this.server.handleUpgrade(request, socket, head, (viewer) => {
      if (this.join(viewer, display, visit)) joined();
    });
  }

  /** Ends every connection. @param isForGood the desktop is no more; otherwise AiKore goes, and may come back */
  close(isForGood: boolean): void {
    clearInterval(this.lifeChecks);
    const [code, reason] = isForGood
      ? ([CLOSE.noDesktop, 'there is no desktop here any more'] as const)
      : ([CLOSE.goingAway, 'AiKore goes away'] as const);
    for (const bridge of [...this.bridges]) bridge.close(code, reason);
  }

  private join(viewer: WebSocket, display: Socket, visit: Visit<Caller>): boolean {
    if (this.bridges.size >= MAX_VIEWERS) {
      display.destroy();
      viewer.on('error', () => viewer.terminate());
      viewer.close(CLOSE.tooManyViewers, `${MAX_VIEWERS} windows show this desktop already`);
      return false;
    }
    const bridge = new Bridge(viewer, display, () => this.bridges.delete(bridge));
    this.bridges.add(bridge);
    visit.end = () => bridge.close(CLOSE.signedOut, 'signed out');
    return true;
  }
}

/** A connection that ends with the sign-in it was made with. */
class Visit<Caller extends AccessCaller> {
  /** How it ends then. */
  end: () => void;

  constructor(liveSockets: LiveSockets<Caller>, caller: Caller, socket: Socket) {
    this.end = () => socket.destroy();
    const live = liveSockets.add(caller, () => this.end());
    socket.once('close', () => live.remove());
  }
}

function displayAway(desktop: Desktop): Answer {
  const sentence = `The display of ${desktop.name} does not answer now.`;
  return errorAnswer(503, 'DESKTOP_NOT_READY', sentence, { 'Retry-After': '1' });
}
