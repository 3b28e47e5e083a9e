import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { resolveInside } from '../../host/files/inside.js';
import type { FileAnswer } from './file-answer.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.mp3': 'audio/mpeg',
  '.oga': 'audio/ogg',
};

/**
 * A driver's own client was not written for a policy: it has scripts and styles in its page and compiles its decoders. It
 * is a package of the system, and still loads nothing from elsewhere.
 */
const POLICY =
  "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self'; base-uri 'self'; form-action 'none'; object-src 'none'";

/**
 * A file of the client that a driver brings along, or null.
 * @param folder where it lies, such as KasmVNC's `www`
 * @param path of the request, raw
 */
export async function driverFileAnswer(folder: string, path: string): Promise<FileAnswer | null> {
  const name = decoded(path);
  if (name === null) return null;
  const file = await resolveInside(folder, `.${name}`);
  const facts = file === null ? null : await stat(file).catch(() => null);
  if (file === null || facts?.isFile() !== true) return null;
  return {
    status: 200,
    headers: {
      'Content-Type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-cache',
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    },
    bytes: { path: file, sizeBytes: facts.size },
  };
}

/** Decoded once; null for what no file of a client is called. */
function decoded(path: string): string | null {
  try {
    const name = decodeURIComponent(path);
    return /^\/[^\0\\]*$/.test(name) && !name.split('/').includes('..') ? name : null;
  } catch {
    return null;
  }
}
