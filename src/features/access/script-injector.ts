import type { TransformCallback } from 'node:stream';
import { Transform } from 'node:stream';

const BEGINNING_BYTES = 256;
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/** Puts a prelude before a streamed script; everything after that passes through untouched. */
export class ScriptInjector extends Transform {
  private held: Buffer[] | null = [];
  private heldBytes = 0;

  /** @param preludeFor makes the prelude from the beginning of the script. */
  constructor(private readonly preludeFor: (beginning: string) => string) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.held === null) {
      done(null, chunk);
      return;
    }
    this.held.push(chunk);
    this.heldBytes += chunk.length;
    if (this.heldBytes >= BEGINNING_BYTES) this.release(this.held);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.held !== null) this.release(this.held);
    done();
  }

  private release(held: Buffer[]): void {
    this.held = null;
    const script = Buffer.concat(held);
    const start = script.toString('latin1', 0, 3) === BYTE_ORDER_MARK ? 3 : 0;
    const beginning = script.toString('latin1', start, BEGINNING_BYTES);
    this.push(
      Buffer.concat([
        script.subarray(0, start),
        Buffer.from(this.preludeFor(beginning)),
        script.subarray(start),
      ]),
    );
  }
}
