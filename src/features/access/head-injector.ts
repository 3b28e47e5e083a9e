import type { TransformCallback } from 'node:stream';
import { Transform } from 'node:stream';
import { HeadFinder } from './domain/head-finder.js';
import { ReferrerMetas } from './domain/referrer-metas.js';

/** How much of a document is held back while its head is looked for. */
const SEARCH_LIMIT_BYTES = 64 * 1024;

/** Puts a tag at the beginning of a streamed document's head; what follows the head passes through untouched. */
export class HeadInjector extends Transform {
  private readonly finder = new HeadFinder();
  private metas: ReferrerMetas | null = new ReferrerMetas();
  private held: Buffer[] = [];
  private heldBytes = 0;
  private isSearching = true;

  constructor(private readonly tag: string) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.isSearching) {
      this.push(this.inHead(chunk));
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
    if (this.metas !== null) this.push(Buffer.from(this.metas.flush(), 'latin1'));
    done();
  }

  private release(position: number | null): void {
    const text = Buffer.concat(this.held);
    this.held = [];
    this.isSearching = false;
    if (position === null) {
      this.metas = null;
      this.push(text);
      return;
    }
    this.push(Buffer.concat([text.subarray(0, position), Buffer.from(this.tag)]));
    this.push(this.inHead(text.subarray(position)));
  }

  private inHead(chunk: Buffer): Buffer {
    if (this.metas === null) return chunk;
    const text = Buffer.from(this.metas.feed(chunk.toString('latin1')), 'latin1');
    if (this.metas.isOver) this.metas = null;
    return text;
  }
}
