import { crc32 } from 'node:zlib';

/** A file of an archive. */
export interface ArchivedFile {
  path: string;
  content: Buffer;
  isExecutable?: boolean;
}

/** 1 January 1980, the first that the format knows; the same files always make the same bytes. */
const DOS_DATE = 0x0021;
const UNIX = 3 << 8;
const REGULAR_FILE = 0o100000;

/** An archive whose files are stored as they are (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.16). */
export function zip(files: readonly ArchivedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const common = commonFields(file);
    const name = Buffer.from(file.path);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, name, file.content]);
    directory.push(directoryEntry(file, common, name, offset));
    parts.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32BE(0x504b0506, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, entries, end]);
}

/** What stands in front of a file and in the directory alike. */
function commonFields({ path, content }: ArchivedFile): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(Buffer.byteLength(path), 22);
  return fields;
}

function directoryEntry(file: ArchivedFile, common: Buffer, name: Buffer, offset: number): Buffer {
  const head = Buffer.from('504b01020000', 'hex');
  head.writeUInt16LE(UNIX | 20, 4);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((REGULAR_FILE | (file.isExecutable === true ? 0o755 : 0o644)) << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([head, common, rest, name]);
}
