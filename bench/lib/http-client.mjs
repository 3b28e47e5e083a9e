import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

const keepAlive = new Agent({ keepAlive: true });

/** @typedef {{ status: number, headers: import('node:http').IncomingHttpHeaders, body: string }} Answer */

/**
 * One HTTP request on a keep-alive connection.
 * @param {string} url
 * @param {{ method?: string, headers?: Record<string, string>, json?: unknown, body?: string }} [options] `body` is sent as
 *   it is, unless there is `json`
 * @returns {Promise<Answer>}
 */
export function ask(url, { method = 'GET', headers = {}, json, body: raw = '' } = {}) {
  const body = json === undefined ? raw : JSON.stringify(json);
  const type = json === undefined ? {} : { 'Content-Type': 'application/json' };
  const length = method === 'GET' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...type, ...length, ...headers }, agent: keepAlive });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      text(answer).then(
        (content) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: content }),
        reject,
      );
    });
    sent.end(body);
  });
}
