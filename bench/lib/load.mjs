import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { GENERATOR_CPU } from './affinity.mjs';
import { BENCH } from './places.mjs';
import { start } from './processes.mjs';

/**
 * @typedef {{ answers: number, errors: number, status: number, otherStatuses: number, seconds: number,
 *   p50Us: number, p95Us: number, p99Us: number, maxUs: number }} LoadResult
 */

/**
 * Compiles the load generator.
 * @param {string} folder for the program
 * @returns {string} its path
 */
export function buildLoadGenerator(folder) {
  const sources = readdirSync(join(BENCH, 'load')).filter((name) => name.endsWith('.c'));
  const program = join(folder, 'load');
  const flags = ['-O2', '-Wall', '-Wextra', '-std=c11', '-D_GNU_SOURCE'];
  execFileSync(process.env['CC'] ?? 'cc', [
    ...flags,
    ...sources.map((name) => join(BENCH, 'load', name)),
    '-o',
    program,
  ]);
  return program;
}

/**
 * The bytes of a request.
 * @param {string} path
 * @param {number} port
 * @param {Record<string, string>} [headers]
 */
export function get(path, port, headers = {}) {
  const all = { Host: `127.0.0.1:${port}`, 'User-Agent': 'aikore-bench', Accept: '*/*', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`GET ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** The headers of a WebSocket handshake; the key is the example of RFC 6455, section 1.3. */
export const HANDSHAKE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Generates load on the generator's processor. */
export class LoadGenerator {
  /** @param {string} program */
  constructor(program) {
    this.program = program;
  }

  /**
   * @param {{ port: number, request: string, connections: number, durationMs: number, payloadBytes?: number,
   *   expected?: number }} wish `expected` is the status that all answers must have
   * @returns {Promise<LoadResult>}
   */
  async run({ port, request, connections, durationMs, payloadBytes = 0, expected = 200 }) {
    const args = [port, connections, Math.round(durationMs), payloadBytes].map(String);
    const child = start({
      cpu: GENERATOR_CPU,
      command: this.program,
      args,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (child.stdin === null || child.stdout === null) throw new Error('The load generator has no pipes.');
    child.stdin.end(request);
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    if (code !== 0) throw new Error(`The load generator ended with ${code}.`);
    /** @type {LoadResult} */
    const result = JSON.parse(output);
    const isWrong = result.status !== expected || result.otherStatuses > 0 || result.answers === 0;
    if (isWrong) throw new Error(`Expected ${expected} from port ${port}, got ${output.trim()}`);
    return result;
  }
}

/** @param {LoadResult} result */
export const perSecond = (result) => result.answers / result.seconds;
