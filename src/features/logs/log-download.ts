import { Readable } from 'node:stream';
import type { LogSegment } from './log-segment.js';
import type { RunLog } from './run-log.js';

const PIECE_BYTES = 256 * 1024;

/** All that is kept of a run's log, in order. */
export interface LogDownload {
  sizeBytes: number;
  /** Offset in the run of its first byte: above 0 when the oldest part is not kept. */
  offset: number;
  /** Closes the log at its end, or when it is destroyed. */
  stream: Readable;
}

/**
 * What is announced is what is sent: the log may grow, be cut into segments and lose its oldest ones meanwhile, for all its files
 * are open from the beginning.
 */
export async function downloadOf(log: RunLog): Promise<LogDownload> {
  const parts = await log.contents();
  const totalBytes = parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const stream = Readable.from(bytesOf(parts), { objectMode: false, highWaterMark: PIECE_BYTES });
  // Also when the client has left before anything was read.
  stream.once('close', () => void log.close().catch(() => undefined));
  return { sizeBytes: totalBytes, offset: parts[0]?.segment.baseBytes ?? log.firstBytes, stream };
}

async function* bytesOf(
  parts: readonly { segment: LogSegment; sizeBytes: number }[],
): AsyncGenerator<Buffer> {
  for (const { segment, sizeBytes } of parts) {
    for (let done = 0; done < sizeBytes;) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, sizeBytes - done));
      const read = await segment.read(piece, 0, piece.length, done);
      // An answer that stays short of its announced length would hold up the client for ever.
      if (read < piece.length) throw new Error('the log was truncated while it was sent');
      yield piece;
      done += read;
    }
  }
}
