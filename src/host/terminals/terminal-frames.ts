/** Frames on the socket of a terminal host: type, length, payload (scripts/terminal/README.md). */

const HEAD_BYTES = 5;
const MAX_PAYLOAD_BYTES = 64 * 1024;
/** What a host takes of one frame of input. */
const MAX_INPUT_BYTES = 16 * 1024;

/** A screen's measure, in cells. */
export interface TerminalSize {
  cols: number;
  rows: number;
}

/** Something that a host said. */
export type HostFrame =
  | { type: 'hello'; text: string }
  /** Old output follows: so many bytes after `setUp`, which resets a terminal and brings it into its modes. */
  | { type: 'replay'; outputBytes: number; setUp: Buffer }
  | { type: 'output'; bytes: Buffer }
  | { type: 'taken'; bytes: number }
  | ({ type: 'resized' } & TerminalSize)
  | { type: 'exit'; code: number | null; signal: number | null };

/** Not what a host says. */
export class NotAFrame extends Error {
  override readonly name = 'NotAFrame';
}

/** Cuts what arrives into frames. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  /** @throws NotAFrame */
  *read(chunk: Buffer): Iterable<HostFrame> {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (bytes.length - at >= HEAD_BYTES) {
      const length = bytes.readUInt32LE(at + 1);
      if (length > 2 * MAX_PAYLOAD_BYTES) throw new NotAFrame('A frame is too long.');
      const end = at + HEAD_BYTES + length;
      if (end > bytes.length) break;
      yield frameOf(String.fromCharCode(bytes[at] ?? 0), bytes.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    this.rest = bytes.subarray(at);
  }
}

function frameOf(type: string, payload: Buffer): HostFrame {
  switch (type) {
    case 'O':
      return { type: 'output', bytes: payload };
    case 'H':
      return { type: 'hello', text: payload.toString('latin1') };
    case 'R':
      return {
        type: 'replay',
        outputBytes: Number(payload.readBigUInt64LE(0)),
        setUp: payload.subarray(8),
      };
    case 'T':
      return { type: 'taken', bytes: Number(payload.readBigUInt64LE(0)) };
    case 'Z':
      return { type: 'resized', cols: payload.readUInt16LE(0), rows: payload.readUInt16LE(2) };
    case 'X':
      return { type: 'exit', code: numberOf(payload, 0), signal: numberOf(payload, 4) };
    default:
      throw new NotAFrame('A frame of an unknown type.');
  }
}

/** Negative means that there is none. */
function numberOf(payload: Buffer, at: number): number | null {
  const number = payload.readInt32LE(at);
  return number < 0 ? null : number;
}

function frame(type: string, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + payload.length);
  bytes.write(type, 0, 'latin1');
  bytes.writeUInt32LE(payload.length, 1);
  payload.copy(bytes, HEAD_BYTES);
  return bytes;
}

function sizeOf({ cols, rows }: TerminalSize, extraBytes = 0): Buffer {
  const payload = Buffer.alloc(4 + extraBytes);
  payload.writeUInt16LE(cols, 0);
  payload.writeUInt16LE(rows, 2);
  return payload;
}

/** What is said to a host. */
export const hostFrames = {
  attach(size: TerminalSize, creditBytes: number): Buffer {
    const payload = sizeOf(size, 8);
    payload.writeBigUInt64LE(BigInt(creditBytes), 4);
    return frame('A', payload);
  },
  watch: (): Buffer => frame('W', Buffer.alloc(0)),
  input: (bytes: Buffer): Buffer => frame('I', bytes),
  resize: (size: TerminalSize): Buffer => frame('Z', sizeOf(size)),
  credit(totalBytes: number): Buffer {
    const payload = Buffer.alloc(8);
    payload.writeBigUInt64LE(BigInt(totalBytes));
    return frame('C', payload);
  },
  close(graceMs: number): Buffer {
    const payload = Buffer.alloc(4);
    payload.writeUInt32LE(Math.max(0, Math.round(graceMs)));
    return frame('K', payload);
  },
};

/** Cuts typed bytes into pieces that fit a frame. */
export function* piecesOf(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += MAX_INPUT_BYTES) yield bytes.subarray(at, at + MAX_INPUT_BYTES);
}
