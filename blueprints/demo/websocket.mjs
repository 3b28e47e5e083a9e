/** A WebSocket server of its own, so that the demo needs no package: RFC 6455 without extensions. */
import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers';
import { TextDecoder } from 'node:util';
import { FrameParser, OPCODES, ProtocolError, encodeFrame } from './websocket-frames.mjs';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** How long the peer may take to answer a close frame. */
const CLOSE_TIMEOUT_MS = 2000;

/**
 * Answers a handshake and serves the connection.
 * @param onMessage gets each whole message (string or Buffer) and the connection
 */
export function acceptWebSocket(request, socket, head, onMessage) {
  const key = request.headers['sec-websocket-key'];
  const isUpgrade = request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
  if (!isUpgrade || !/^[A-Za-z0-9+/]{22}==$/.test(key ?? '')) return refuse(socket, '400 Bad Request');
  if (request.headers['sec-websocket-version'] !== '13') {
    return refuse(socket, '426 Upgrade Required', 'Sec-WebSocket-Version: 13\r\n');
  }
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  new Connection(socket, onMessage).start(head);
}

function refuse(socket, status, headers = '') {
  socket.end(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

class Connection {
  constructor(socket, onMessage) {
    this.socket = socket;
    this.onMessage = onMessage;
    this.parser = new FrameParser(MAX_MESSAGE_BYTES);
    this.fragments = [];
    this.fragmentBytes = 0;
    this.messageOpcode = null;
    this.isClosing = false;
  }

  start(head) {
    // After the handshake the socket's errors are ours; without a listener one would end the process.
    this.socket.on('error', () => this.socket.destroy());
    this.socket.on('data', (chunk) => this.receive(chunk));
    this.socket.on('end', () => this.socket.end());
    this.socket.on('drain', () => this.socket.resume());
    this.socket.setNoDelay(true);
    this.socket.setTimeout(0);
    if (head.length > 0) this.receive(head);
  }

  /** Sends one message: text for a string, binary for a Buffer. */
  send(message) {
    const isText = typeof message === 'string';
    this.write(isText ? OPCODES.text : OPCODES.binary, isText ? Buffer.from(message, 'utf8') : message);
  }

  write(opcode, payload) {
    if (this.isClosing || this.socket.destroyed) return;
    // A peer that does not read what it asked for is not read from either.
    if (!this.socket.write(encodeFrame(opcode, payload))) this.socket.pause();
  }

  receive(chunk) {
    if (this.isClosing) return;
    try {
      for (const frame of this.parser.push(chunk)) {
        this.handle(frame);
        if (this.isClosing) return;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.close(error.closeCode);
    }
  }

  handle({ opcode, isFinal, payload }) {
    if (opcode === OPCODES.ping) this.write(OPCODES.pong, payload);
    else if (opcode === OPCODES.close) this.close(answerToClose(payload));
    else if (opcode !== OPCODES.pong) this.collect(opcode, isFinal, payload);
  }

  collect(opcode, isFinal, payload) {
    const isContinuation = opcode === OPCODES.continuation;
    if (isContinuation !== (this.messageOpcode !== null)) throw new ProtocolError(1002);
    if (!isContinuation) this.messageOpcode = opcode;
    this.fragmentBytes += payload.length;
    if (this.fragmentBytes > MAX_MESSAGE_BYTES) throw new ProtocolError(1009);
    // Empty ones would cost memory without ever reaching the limit.
    if (payload.length > 0) this.fragments.push(payload);
    if (isFinal) this.deliver();
  }

  deliver() {
    const bytes = this.fragments.length === 1 ? this.fragments[0] : Buffer.concat(this.fragments);
    const isText = this.messageOpcode === OPCODES.text;
    this.fragments = [];
    this.fragmentBytes = 0;
    this.messageOpcode = null;
    this.onMessage(isText ? decodeText(bytes) : bytes, this);
  }

  /** @param code null for a close frame without one */
  close(code) {
    const payload = Buffer.alloc(code === null ? 0 : 2);
    if (code !== null) payload.writeUInt16BE(code);
    this.write(OPCODES.close, payload);
    this.isClosing = true;
    this.socket.resume();
    this.socket.end();
    setTimeout(() => this.socket.destroy(), CLOSE_TIMEOUT_MS).unref();
  }
}

function decodeText(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ProtocolError(1007);
  }
}

/** The code to close with in answer to a close frame: the peer's own, if it may be sent at all (RFC 6455, 7.4). */
function answerToClose(payload) {
  if (payload.length === 0) return null;
  if (payload.length === 1) return 1002;
  const code = payload.readUInt16BE();
  decodeText(payload.subarray(2));
  const isStandard = code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
  return isStandard || (code >= 3000 && code <= 4999) ? code : 1002;
}
