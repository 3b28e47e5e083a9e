import { piecesOf } from '../../host/terminals/terminal-frames.js';

/** What a host takes of a viewer before it says that the program was given some of it. */
const MAX_UNTAKEN_BYTES = 32 * 1024;
/** With so much waiting, nothing more is read from the viewer until half of it is gone. */
const FULL_BYTES = 2 * 1024 * 1024;

export interface InputQueueParts {
  send: (piece: Buffer) => void;
  /** Stops or resumes reading from the viewer. */
  setPaused: (isPaused: boolean) => void;
}

/**
 * What a viewer typed or pasted, on its way to the program. A program that does not read holds it up here, where it
 * stops neither the output nor the acknowledgements that the output needs.
 */
export class InputQueue {
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  private sentBytes = 0;
  private takenBytes = 0;
  private isPaused = false;

  constructor(private readonly parts: InputQueueParts) {}

  /** So much waits that nothing is read from the viewer. */
  get isHeldUp(): boolean {
    return this.isPaused;
  }

  add(bytes: Buffer): void {
    for (const piece of piecesOf(bytes)) this.waiting.push(piece);
    this.waitingBytes += bytes.length;
    this.pump();
  }

  /** @param totalBytes that the program was given so far */
  taken(totalBytes: number): void {
    this.takenBytes = Math.max(this.takenBytes, totalBytes);
    this.pump();
  }

  private pump(): void {
    for (let piece = this.waiting[0]; piece !== undefined; piece = this.waiting[0]) {
      if (this.sentBytes + piece.length - this.takenBytes > MAX_UNTAKEN_BYTES) break;
      this.waiting.shift();
      this.waitingBytes -= piece.length;
      this.sentBytes += piece.length;
      this.parts.send(piece);
    }
    this.setPaused(this.waitingBytes > (this.isPaused ? FULL_BYTES / 2 : FULL_BYTES));
  }

  private setPaused(isPaused: boolean): void {
    if (isPaused === this.isPaused) return;
    this.isPaused = isPaused;
    this.parts.setPaused(isPaused);
  }
}
