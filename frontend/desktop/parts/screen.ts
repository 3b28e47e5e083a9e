import RFB from '@novnc/novnc';
import { Emitter } from '../../src/base/observable.js';
import { ENCODINGS } from '../domain/picture.js';
import type { Picture } from '../domain/picture.js';
import type { Key } from '../domain/keysyms.js';
import { keysymOf } from '../domain/keysyms.js';

/** How this viewer wants to see the desktop. */
export interface Wishes {
  picture: Picture;
  /** The desktop takes the size of this window. */
  isFollowing: boolean;
  isViewOnly: boolean;
}

/** The display in the page: one connection of noVNC's. */
export class Screen {
  readonly connected = new Emitter<void>();
  /** With the code that the server closed the connection with. */
  readonly ended = new Emitter<number>();
  readonly copied = new Emitter<string>();
  private readonly rfb: RFB;
  private isConnected = false;

  constructor(
    target: HTMLElement,
    socket: WebSocket,
    private readonly still: HTMLCanvasElement,
    wishes: Wishes,
  ) {
    let code = 0;
    // Heard before noVNC hears it, which takes its picture away.
    socket.addEventListener('close', (event) => {
      ({ code } = event);
      if (this.isConnected) this.keepPicture();
    });
    this.rfb = new RFB(target, socket, { shared: true });
    this.rfb.background = 'transparent';
    this.rfb.scaleViewport = true;
    this.rfb.showDotCursor = true;
    this.apply(wishes);
    this.rfb.addEventListener('connect', () => {
      this.isConnected = true;
      this.connected.fire();
    });
    this.rfb.addEventListener('disconnect', () => {
      this.isConnected = false;
      this.ended.fire(code);
    });
    this.rfb.addEventListener('clipboard', (event) => this.copied.fire(event.detail.text));
  }

  apply({ picture, isFollowing, isViewOnly }: Wishes): void {
    const { quality, compression } = ENCODINGS[picture];
    this.rfb.qualityLevel = quality;
    this.rfb.compressionLevel = compression;
    this.rfb.viewOnly = isViewOnly;
    this.rfb.resizeSession = isFollowing;
  }

  focus(): void {
    this.rfb.focus({ preventScroll: true });
  }

  /** Gives the desktop a text to paste. */
  offer(text: string): void {
    this.rfb.clipboardPasteFrom(text);
  }

  press(key: Key, isDown?: boolean): void {
    this.rfb.sendKey(key.keysym, key.code, isDown);
  }

  type(characters: readonly string[]): void {
    for (const character of characters) this.rfb.sendKey(keysymOf(character), null);
  }

  pressCtrlAltDel(): void {
    this.rfb.sendCtrlAltDel();
  }

  disconnect(): void {
    this.rfb.disconnect();
  }

  /** What was to be seen last stays, greyed, while there is nothing newer. */
  private keepPicture(): void {
    const image = this.rfb.getImageData();
    this.still.width = image.width;
    this.still.height = image.height;
    this.still.getContext('2d')?.putImageData(image, 0, 0);
  }
}
