import { Readable } from 'node:stream';
import type { OpenFile } from '../../host/files/regular-file.js';

/** What of an archive is sent. */
export interface ArchiveDownload {
  status: 200 | 206 | 416;
  headers: Record<string, string>;
  /** Closes the file at its end, or when it is destroyed. */
  stream: Readable;
}

const RANGE = /^bytes=(\d*)-(\d*)$/;

/**
 * An archive, or the part of it that a broken download goes on with (RFC 9110, section 14: one range; any other header
 * counts as none).
 */
export async function downloadOf(
  { file, sizeBytes }: OpenFile,
  asked: { range: string | undefined; ifRange: string | undefined; isHead: boolean },
): Promise<ArchiveDownload> {
  const { ino, mtimeMs } = await file.stat();
  const etag = `"${ino}-${sizeBytes}-${Math.round(mtimeMs)}"`;
  const common = { 'accept-ranges': 'bytes', etag };
  const isSame = asked.ifRange === undefined || asked.ifRange === etag;
  const part = isSame ? partOf(asked.range, sizeBytes) : 'whole';
  if (part === 'none') {
    await file.close();
    const headers = { ...common, 'content-range': `bytes */${sizeBytes}`, 'content-length': '0' };
    return { status: 416, headers, stream: Readable.from([]) };
  }
  const { from, to } = part === 'whole' ? { from: 0, to: sizeBytes - 1 } : part;
  const headers: Record<string, string> = { ...common, 'content-length': String(to - from + 1) };
  if (part !== 'whole') headers['content-range'] = `bytes ${from}-${to}/${sizeBytes}`;
  const status = part === 'whole' ? 200 : 206;
  if (asked.isHead || to < from) {
    await file.close();
    return { status, headers, stream: Readable.from([]) };
  }
  return { status, headers, stream: file.createReadStream({ start: from, end: to }) };
}

/** Both ends are sent. */
function partOf(
  range: string | undefined,
  sizeBytes: number,
): { from: number; to: number } | 'whole' | 'none' {
  const match = RANGE.exec(range ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return 'whole';
  const to = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  const from = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return 'whole';
  return from <= to ? { from, to } : 'none';
}
