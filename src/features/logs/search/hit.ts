import type { LogHit } from '../../../contracts/instance.js';
import { plainText } from '../domain/plain-lines.js';
import { completeBytes, orphanedBytes } from '../domain/utf8.js';

/** How much of a line is shown before and after a match. A line can be a gigabyte. */
export const SHOWN_BEFORE_BYTES = 512;
const SHOWN_AFTER_BYTES = 1536;

/** A match in a piece of a log. */
export interface Match {
  run: number;
  /** Offset in the run of the piece's first byte. */
  pieceOffset: number;
  piece: Buffer;
  /** Of the match in the piece. */
  at: number;
  lengthBytes: number;
  /** Offset in the run at which the line begins, perhaps long before the piece. */
  lineOffset: number;
  /** In the piece: where the line ends, or as far as anybody has looked. */
  lineEnd: number;
}

/**
 * What the operator is shown of a match: the line around it without escape sequences and controls, cut where it is long. Of a line
 * that was overwritten with carriage returns (a progress bar) it is the state with the match.
 */
export function hitOf(match: Match): LogHit {
  const { piece, at, pieceOffset } = match;
  const behind = at + match.lengthBytes;
  const lineStart = match.lineOffset - pieceOffset;
  const start = Math.max(lineStart, 0, at - SHOWN_BEFORE_BYTES);
  const end = Math.min(match.lineEnd, behind + SHOWN_AFTER_BYTES);
  const before = shownBefore(piece.subarray(start, at), start > lineStart);
  const shown = plainText(piece.toString('utf8', at, behind));
  const after = shownAfter(piece.subarray(behind, Math.max(behind, end)), end < match.lineEnd);
  return {
    run: match.run,
    line_offset: match.lineOffset,
    offset: pieceOffset + at,
    line: before + shown + after,
    match_start: before.length,
    match_length: shown.length,
  };
}

function shownBefore(bytes: Buffer, isCut: boolean): string {
  const text = bytes.toString('utf8', isCut ? orphanedBytes(bytes) : 0);
  const stateStart = text.lastIndexOf('\r') + 1;
  return (isCut && stateStart === 0 ? '…' : '') + plainText(text.slice(stateStart));
}

function shownAfter(bytes: Buffer, isCut: boolean): string {
  const text = bytes.toString('utf8', 0, isCut ? completeBytes(bytes) : bytes.length);
  const stateEnd = text.indexOf('\r');
  if (stateEnd >= 0) return plainText(text.slice(0, stateEnd)).trimEnd();
  return isCut ? `${plainText(text)}…` : plainText(text).trimEnd();
}
