/** Bytes after which an acknowledgement is due: half of what the smallest window of the server may hold open. */
const STEP_BYTES = 16 * 1024;

/**
 * Counts the bytes of one connection that the screen has taken. The figure that is sent is cumulative, so that a lost or late one
 * does no harm.
 */
export class AckCounter {
  private takenBytes = 0;
  private toldBytes = 0;

  /** @returns whether so much was taken that the server should hear of it now */
  take(bytes: number): boolean {
    this.takenBytes += bytes;
    return this.takenBytes - this.toldBytes >= STEP_BYTES;
  }

  /** The figure to send, or null when the server knows it already. */
  due(): number | null {
    if (this.takenBytes === this.toldBytes) return null;
    this.toldBytes = this.takenBytes;
    return this.takenBytes;
  }
}
