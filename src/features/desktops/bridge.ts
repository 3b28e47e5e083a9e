import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** What a slow viewer may have waiting here; beyond that nothing more is read from the display. */
const HIGH_WATER_BYTES = 256 * 1024;
/** From here on it is read again. */
const LOW_WATER_BYTES = 64 * 1024;

/** How long a peer has for the closing handshake before it is cut off. */
const CLOSE_LIMIT_MS = 1_000;

/** Close codes that the page understands. */
export const CLOSE = {
  /** The display ended; it may come back. */
  displayGone: 4410,
  signedOut: 4401,
  /** The instance has no desktop any more: its settings are others now, or it was deleted. */
  noDesktop: 4404,
  tooManyViewers: 4429,
  goingAway: 1001,
  onlyBinary: 1003,
} as const;

/**
 * Bytes between a viewer's WebSocket and a display's unix socket, unread, in both directions. Whoever does not take what
 * they are sent holds up only the other side of their own connection: nothing piles up here.
 */
export class Bridge {
  private isAlive = true;
  private hasEnded = false;

  /** @param onEnd called once, when the last of it is over */
  constructor(
    private readonly viewer: WebSocket,
    private readonly display: Socket,
    onEnd: () => void,
  ) {
    viewer.on('message', (data: Buffer, isBinary) => this.fromViewer(data, isBinary));
    viewer.on('pong', () => (this.isAlive = true));
    viewer.on('error', () => viewer.terminate());
    viewer.once('close', () => {
      this.hasEnded = true;
      display.destroy();
      onEnd();
    });
    display.setNoDelay(true);
    display.on('data', (chunk) => this.fromDisplay(chunk));
    display.on('drain', () => viewer.resume());
    display.on('error', () => undefined);
    display.once('close', () => this.close(CLOSE.displayGone, 'the display ended'));
  }

  /** Ends it. A viewer that takes nothing any more is cut off soon. */
  close(code: number, reason: string): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.display.destroy();
    // What is paused would not see the other side's half of the closing handshake.
    this.viewer.resume();
    this.viewer.close(code, reason);
    setTimeout(() => this.viewer.terminate(), CLOSE_LIMIT_MS).unref();
  }

  /** To be called now and then: ends the connection when nothing at all came or went since the last call. */
  checkLife(): void {
    if (!this.isAlive) {
      this.viewer.terminate();
      return;
    }
    this.isAlive = false;
    this.viewer.ping();
  }

  private fromViewer(data: Buffer, isBinary: boolean): void {
    this.isAlive = true;
    if (this.hasEnded) return;
    if (!isBinary) {
      this.close(CLOSE.onlyBinary, 'only binary messages');
      return;
    }
    if (!this.display.write(data)) this.viewer.pause();
  }

  private fromDisplay(chunk: Buffer): void {
    if (this.viewer.readyState !== this.viewer.OPEN) return;
    this.viewer.send(chunk, { binary: true }, () => this.sent());
    if (this.viewer.bufferedAmount > HIGH_WATER_BYTES) this.display.pause();
  }

  /** A piece has left for the network, so somebody takes what is sent. */
  private sent(): void {
    this.isAlive = true;
    if (this.display.isPaused() && this.viewer.bufferedAmount <= LOW_WATER_BYTES) this.display.resume();
  }
}
