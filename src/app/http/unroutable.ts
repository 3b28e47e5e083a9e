import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorBody } from '../../contracts/errors.js';
import type { Gate } from '../../core/auth/gate.js';
import { gateRequestOf } from '../../core/auth/gate-request.js';
import { systemCodeOf } from '../../core/errors.js';
import type { ClientViews } from '../../core/http/client-views.js';
import { sendError } from '../../core/http/error-filter.js';
import type { Logger } from '../../core/logging.js';

/** What Fastify answers to an address that it cannot route, before any hook runs: the gate decides first all the same. */
export function answerUnroutable(gate: Gate, clients: ClientViews, logger: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    try {
      // Such a request is none of the server's own: nothing that was added to those is in it.
      gate.admit(gateRequestOf(request.raw, clients.of(request.raw), false), 'read');
      sendError(error, request, reply, logger);
    } catch (refusal) {
      sendError(refusal, request, reply, logger);
    }
  };
}

/** Node's names for what it could not read as a request; everything else is simply malformed. */
const KNOWN: Readonly<Record<string, [status: number, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'HEADERS_TOO_LARGE',
    'The headers of the request are too large. In a browser, delete the cookies of this address: an application may have set too many.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'REQUEST_TIMEOUT', 'The request took too long to arrive.'],
};
const MALFORMED = [400, 'MALFORMED_REQUEST', 'This is not a request of HTTP/1.1.'] as const;

/** Answers bytes that are no request, in the shape of every other refusal, and closes the connection. */
export function answerUnreadable(error: unknown, socket: Socket): void {
  const code = systemCodeOf(error) ?? '';
  if (code === 'ECONNRESET' || socket.destroyed) return;
  const [status, word, message] = KNOWN[code] ?? MALFORMED;
  const body: ErrorBody = { code: word, message, details: {}, request_id: randomUUID() };
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  // With the answer on its way there is nothing to wait for; the other side may keep its half open for ever.
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
  else socket.destroy();
}
