import type { FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { HEAD_NAME, MAX_HEAD_BYTES, readArchiveHead } from './domain/archive-head.js';
import type { ArchiveHead } from './domain/archive-head.js';
import { extracting } from './tar.js';
import type { TarEntry } from './tar.js';

/** Of the archive, packed, and of what comes out of it: the description comes first. */
const MAX_PACKED_BYTES = 8 * 1024 * 1024;
const MAX_UNPACKED_BYTES = MAX_HEAD_BYTES + 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
const NO_ARCHIVE = 'It is no archive of an instance.';

/**
 * Reads what an archive says of itself: its beginning, and no more of it than a description can take.
 * @returns a sentence when it is no archive
 */
export async function readHeadOf(file: FileHandle): Promise<ArchiveHead | string> {
  const entries = extracting();
  const read = pipeline(piecesOf(file), createGunzip(), limited(), entries).catch(() => undefined);
  try {
    return await readFirst(entries);
  } catch {
    return NO_ARCHIVE;
  } finally {
    entries.destroy();
    await read;
  }
}

/** A stream of Node's would close the file, which is its caller's. */
async function* piecesOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let at = 0; at < MAX_PACKED_BYTES;) {
    const { bytesRead, buffer: piece } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

async function readFirst(entries: AsyncIterable<TarEntry>): Promise<ArchiveHead | string> {
  for await (const entry of entries) {
    const { name, type, size } = entry.header;
    const isHead = name === HEAD_NAME && type === 'file' && size <= MAX_HEAD_BYTES;
    return isHead ? readArchiveHead((await buffer(entry)).toString('utf8')) : NO_ARCHIVE;
  }
  return NO_ARCHIVE;
}

/** Ends where more comes out than a description can be. */
function limited(): Transform {
  let bytes = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      if (bytes > MAX_UNPACKED_BYTES) done(new Error(NO_ARCHIVE));
      else done(null, piece);
    },
  });
}
