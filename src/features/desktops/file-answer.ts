import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { Answer } from '../access/access.api.js';
import { sendAnswer } from '../access/access.api.js';

/** An answer whose body is bytes: kept in memory, or a file. */
export interface FileAnswer {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer | { path: string; sizeBytes: number };
}

/** Sends an answer of either kind. Does nothing when the client is gone. */
export function send(response: ServerResponse, answer: Answer | FileAnswer, isHead: boolean): void {
  if (!('bytes' in answer)) {
    sendAnswer(response, answer, isHead);
    return;
  }
  if (response.headersSent || response.destroyed) return;
  const { bytes } = answer;
  const length = Buffer.isBuffer(bytes) ? bytes.length : bytes.sizeBytes;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.status === 304 ? {} : { 'Content-Length': String(length) }),
  });
  if (isHead || answer.status === 304) response.end();
  else if (Buffer.isBuffer(bytes)) response.end(bytes);
  else stream(response, bytes.path, length);
}

function stream(response: ServerResponse, path: string, length: number): void {
  if (length === 0) {
    response.end();
    return;
  }
  // No more than was announced, should the file grow meanwhile.
  const file = createReadStream(path, { end: length - 1 });
  file.once('error', () => response.destroy());
  response.once('close', () => file.destroy());
  file.pipe(response);
}
