import type { TransformCallback } from 'node:stream';
import { Transform } from 'node:stream';
import type { DocumentRewriter } from './domain/document-rewriter.js';
import { HeadFinder } from './domain/head-finder.js';

/** How much of a document is held back while its head is looked for. */
const SEARCH_LIMIT_BYTES = 64 * 1024;

/** Puts markup at the beginning of a streamed document's head, and mends what follows. */
export class HeadInjector extends Transform {
  private readonly finder = new HeadFinder();
  private held: Buffer[] = [];
  private heldBytes = 0;
  private isSearching = true;

  /** @param markup is made from as much of the document as is there. */
  constructor(
    private readonly markup: (beginning: string) => string,
    private rewriter: DocumentRewriter | null,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.isSearching) {
      this.push(this.mended(chunk));
      done();
      return;
    }
    this.held.push(chunk);
    this.heldBytes += chunk.length;
    const position = this.finder.feed(chunk.toString('latin1'));
    if (position === 'never') this.release(null);
    else if (position !== 'more') this.release(position);
    else if (this.heldBytes >= SEARCH_LIMIT_BYTES) this.release(this.finder.fallback);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.isSearching && this.heldBytes > 0) this.release(this.finder.fallback);
    if (this.rewriter !== null) this.push(Buffer.from(this.rewriter.flush(), 'latin1'));
    done();
  }

  private release(position: number | null): void {
    const text = Buffer.concat(this.held);
    this.held = [];
    this.isSearching = false;
    if (position === null) {
      this.rewriter = null;
      this.push(text);
      return;
    }
    this.push(Buffer.concat([text.subarray(0, position), Buffer.from(this.markup(text.toString('latin1')))]));
    this.push(this.mended(text.subarray(position)));
  }

  private mended(chunk: Buffer): Buffer {
    if (this.rewriter === null) return chunk;
    return Buffer.from(this.rewriter.feed(chunk.toString('latin1')), 'latin1');
  }
}
