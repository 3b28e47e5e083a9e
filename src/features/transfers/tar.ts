import type { Readable, Writable } from 'node:stream';
import { extract, pack } from 'tar-stream';
import type { Header } from 'tar-stream';

// The library's streams are its own, which behave as Node's do; here they have Node's types.

export type TarHeader = Partial<Header> & Pick<Header, 'name'>;

/** An entry that is read. */
export type TarEntry = Readable & { header: Header };

/** An archive that is written. */
export interface TarPack extends Readable {
  entry(header: TarHeader, content: Buffer, done: (error?: Error | null) => void): Writable;
  entry(header: TarHeader, done: (error?: Error | null) => void): Writable;
  finalize(): void;
}

export function packing(): TarPack {
  return pack() as unknown as TarPack;
}

export function extracting(): Writable & AsyncIterable<TarEntry> {
  return extract() as unknown as Writable & AsyncIterable<TarEntry>;
}
