import { createHash, randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ErrorBody } from '../../contracts/errors.js';
import { parseHostHeader } from '../http/host-header.js';
import { PLAIN_HTTP_SENTENCE, PLAIN_HTTP_STYLE, plainHttpPage, secureLink } from './plain-http-page.js';

/** The first byte of TLS: a record with a handshake in it (RFC 8446, 5.1). */
const HANDSHAKE_RECORD = 22;

/** Who sends the first byte later than this does not want anything. */
const FIRST_BYTE_LIMIT_MS = 30_000;

/** What has been sent meanwhile is taken for so long, so that the answer arrives. */
const LINGER_MS = 1000;

const STYLE_HASH = createHash('sha256').update(PLAIN_HTTP_STYLE).digest('base64');

/**
 * Looks at the first byte of a connection on a port that speaks TLS. What is no TLS is answered in plain HTTP by a
 * sentence that helps, and by no redirect: whatever was sent with the request has been readable on its way.
 * @param serve takes the connection over, the first bytes still unread
 */
export function refusePlainHttp(socket: Socket, serve: (socket: Socket) => void): void {
  const giveUp = setTimeout(() => socket.destroy(), FIRST_BYTE_LIMIT_MS).unref();
  const ignore = (): void => undefined;
  const done = (): void => {
    clearTimeout(giveUp);
    socket.off('close', done);
  };
  socket.on('close', done);
  socket.on('error', ignore);
  socket.once('readable', () => {
    done();
    const first = socket.read() as Buffer | null;
    if (first === null) {
      // It ended, or has been reset, without a byte.
      socket.destroy();
    } else if (first[0] === HANDSHAKE_RECORD) {
      socket.unshift(first);
      socket.off('error', ignore);
      serve(socket);
    } else {
      answer(socket, first.toString('latin1'));
    }
  });
}

function answer(socket: Socket, head: string): void {
  const isPage = /^accept:.*text\/html/im.test(head);
  const body = isPage ? page(head) : JSON.stringify(errorBody());
  const type = isPage ? 'text/html' : 'application/json';
  const lines = [
    'HTTP/1.1 400 Bad Request',
    'Connection: close',
    'Cache-Control: no-store',
    `Content-Type: ${type}; charset=utf-8`,
    `Content-Security-Policy: default-src 'none'; style-src 'sha256-${STYLE_HASH}'`,
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.resume();
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => {
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
}

function errorBody(): ErrorBody {
  return { code: 'TLS_REQUIRED', message: PLAIN_HTTP_SENTENCE, details: {}, request_id: randomUUID() };
}

function page(head: string): string {
  const host = /^host:[ \t]*(\S+)[ \t]*\r?$/im.exec(head)?.[1];
  // By its strict grammar it holds nothing that HTML could misread.
  const isUsable = host !== undefined && parseHostHeader(host) !== null;
  return plainHttpPage(isUsable ? secureLink(host) : '');
}
