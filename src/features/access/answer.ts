import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorBody } from '../../contracts/errors.js';

/** An answer of AiKore's own, small and complete. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Own pages load their own files and nothing else; there is no inline script or style in them. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** A page of AiKore's. */
export function pageAnswer(status: number, html: string, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': PAGE_POLICY,
      'Referrer-Policy': 'same-origin',
      ...common(),
      ...headers,
    },
    body: html,
  };
}

/** A JSON answer. */
export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...common(), ...headers },
    body: JSON.stringify(value),
  };
}

/** A refusal for programs, in the shape of the contract. */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Answer {
  const body: ErrorBody = { code, message, details: {}, request_id: randomUUID() };
  return jsonAnswer(status, body, headers);
}

/** A redirect. It depends on who asks, so it is never stored. */
export function redirectAnswer(status: 307 | 308, location: string): Answer {
  return { status, headers: { Location: location, ...common() }, body: '' };
}

function common(): Record<string, string> {
  return { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
}

/** Sends an answer on an ordinary response; to HEAD without the body. Does nothing when the client is gone. */
export function sendAnswer(response: ServerResponse, answer: Answer, isHead: boolean): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(answer.status, { ...answer.headers, ...lengthOf(answer) });
  response.end(isHead ? undefined : answer.body);
}

/** Sends an answer on the bare socket of an upgrade request and closes it. */
export function sendRawAnswer(socket: Socket, answer: Answer): void {
  if (socket.destroyed) return;
  const headers = { ...answer.headers, ...lengthOf(answer), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines.join('')}\r\n`,
    'latin1',
  );
  socket.write(answer.body);
  socket.destroySoon();
}

function lengthOf(answer: Answer): Record<string, string> {
  // RFC 9110, section 8.6: neither a length nor a body with 204 and 304.
  if (answer.status === 204 || answer.status === 304) return {};
  return { 'Content-Length': String(Buffer.byteLength(answer.body)) };
}
