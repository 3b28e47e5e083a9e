import { gzipSync } from 'node:zlib';

const BLOCK = 512;

/** A header of a tar archive, every field as it is given: tests write what no honest program writes. */
export interface RawEntry {
  name: string | Buffer;
  content?: Buffer | string;
  /** As the header says it; absent: the length of the content. */
  size?: number | Buffer;
  mode?: number;
  /** `0` file, `1` hard link, `2` symbolic link, `3` and `4` devices, `5` folder, `6` pipe, `x` and `g` pax. */
  type?: string;
  linkname?: string;
}

/** The bytes of an entry: its header, then its content. */
export function rawEntry({
  name,
  content = '',
  size,
  mode = 0o644,
  type = '0',
  linkname = '',
}: RawEntry): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  Buffer.from(name).copy(header, 0, 0, 100);
  header.write(octal(mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  if (Buffer.isBuffer(size)) size.copy(header, 124);
  else header.write(octal(size ?? body.length, 11), 124);
  header.write(octal(1_700_000_000, 11), 136);
  header.fill(' ', 148, 156);
  header.write(type, 156);
  header.write(linkname, 157, 100);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return Buffer.concat([header, padded(body)]);
}

/** An entry whose fields a pax header overrides. */
export function paxEntry(fields: Record<string, string>, entry: RawEntry): Buffer {
  const records = Object.entries(fields).map(([key, value]) => record(`${key}=${value}\n`));
  return Buffer.concat([
    rawEntry({ name: 'PaxHeader', type: 'x', content: Buffer.concat(records) }),
    rawEntry(entry),
  ]);
}

export function tarOf(entries: readonly (Buffer | RawEntry)[]): Buffer {
  const blocks = entries.map((entry) => (Buffer.isBuffer(entry) ? entry : rawEntry(entry)));
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

export const gz = (content: Buffer): Buffer => gzipSync(content, { level: 9 });

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padded(content: Buffer): Buffer {
  const rest = content.length % BLOCK;
  return rest === 0 ? content : Buffer.concat([content, Buffer.alloc(BLOCK - rest)]);
}

/** Each record begins with its own length. */
function record(text: string): Buffer {
  const bytes = Buffer.byteLength(text) + 1;
  let length = bytes + String(bytes).length;
  if (String(length).length > String(bytes).length) length = bytes + String(length).length;
  return Buffer.from(`${length} ${text}`);
}
