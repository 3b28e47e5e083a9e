/** Frames of RFC 6455, section 5: read as a server reads them (masked), written as it writes them (not masked). */
export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

const KNOWN_OPCODES = new Set(Object.values(OPCODES));
const MAX_CONTROL_BYTES = 125;

/** The peer broke the protocol; the connection closes with `closeCode`. */
export class ProtocolError extends Error {
  constructor(closeCode) {
    super(`WebSocket protocol error ${closeCode}`);
    this.closeCode = closeCode;
  }
}

/** Cuts a stream into frames, wherever the network cut it. */
export class FrameParser {
  constructor(maxPayloadBytes) {
    this.maxPayloadBytes = maxPayloadBytes;
    this.chunks = [];
    this.bufferedBytes = 0;
    this.header = null;
  }

  /** @returns the frames that `chunk` completes */
  *push(chunk) {
    this.chunks.push(chunk);
    this.bufferedBytes += chunk.length;
    for (let frame = this.next(); frame; frame = this.next()) yield frame;
  }

  next() {
    this.header ??= this.readHeader();
    if (!this.header || this.bufferedBytes < this.header.payloadBytes) return null;
    const { isFinal, opcode, mask, payloadBytes } = this.header;
    this.header = null;
    const payload = this.take(payloadBytes);
    for (let index = 0; index < payload.length; index++) payload[index] ^= mask[index & 3];
    return { isFinal, opcode, payload };
  }

  /** Nothing is taken before the whole header is there. */
  readHeader() {
    if (this.bufferedBytes < 2) return null;
    const [first, second] = this.peek(2);
    const shortLength = second & 0x7f;
    const lengthBytes = shortLength === 126 ? 2 : shortLength === 127 ? 8 : 0;
    checkFirstBytes(first, second, shortLength);
    const headerBytes = 2 + lengthBytes + 4;
    if (this.bufferedBytes < headerBytes) return null;
    const header = this.take(headerBytes);
    const payloadBytes = lengthBytes === 0 ? shortLength : readLength(header, lengthBytes);
    if (payloadBytes > this.maxPayloadBytes) throw new ProtocolError(1009);
    const mask = header.subarray(headerBytes - 4);
    return { isFinal: (first & 0x80) !== 0, opcode: first & 0x0f, mask, payloadBytes };
  }

  peek(count) {
    if (this.chunks[0].length < count) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0].subarray(0, count);
  }

  /** A copy of the next `count` bytes; joined once, so that a large message costs no more than its length. */
  take(count) {
    const joined = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks);
    const rest = joined.subarray(count);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.bufferedBytes = rest.length;
    return Buffer.from(joined.subarray(0, count));
  }
}

function checkFirstBytes(first, second, shortLength) {
  const opcode = first & 0x0f;
  const isControl = (opcode & 0x8) !== 0;
  const isFragment = (first & 0x80) === 0;
  const hasReservedBits = (first & 0x70) !== 0;
  const isMasked = (second & 0x80) !== 0;
  if (hasReservedBits || !isMasked || !KNOWN_OPCODES.has(opcode)) throw new ProtocolError(1002);
  if (isControl && (isFragment || shortLength > MAX_CONTROL_BYTES)) throw new ProtocolError(1002);
}

function readLength(header, lengthBytes) {
  if (lengthBytes === 2) return header.readUInt16BE(2);
  const length = header.readBigUInt64BE(2);
  return length > BigInt(Number.MAX_SAFE_INTEGER) ? Infinity : Number(length);
}

export function encodeFrame(opcode, payload) {
  const length = payload.length;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  if (header.length === 2) header[1] = length;
  else if (header.length === 4) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}
