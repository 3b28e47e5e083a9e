import { createHash } from 'node:crypto';
import type { Answer } from '../answer.js';
import { ARRIVAL_JS } from './arrival-js.js';
import { HOST_SIGN_IN_JS } from './host-sign-in-js.js';
import { PAGE_CSS } from './page-css.js';
import { SHIM_JS } from './shim-js.js';
import { SIGN_IN_JS } from './sign-in-js.js';
import { STARTING_JS } from './starting-js.js';
import { TICKET_JS } from './ticket-js.js';
import { WORKER_SHIM_JS } from './worker-shim-js.js';

interface OwnFile {
  type: string;
  body: string;
  version: string;
}

const SCRIPT = 'text/javascript; charset=utf-8';

const FILES = new Map<string, OwnFile>([
  ['shim.js', ownFile(SCRIPT, SHIM_JS)],
  ['worker-shim.js', ownFile(SCRIPT, WORKER_SHIM_JS)],
  ['starting.js', ownFile(SCRIPT, STARTING_JS)],
  ['sign-in.js', ownFile(SCRIPT, SIGN_IN_JS)],
  ['host-sign-in.js', ownFile(SCRIPT, HOST_SIGN_IN_JS)],
  ['arrival.js', ownFile(SCRIPT, ARRIVAL_JS)],
  ['ticket.js', ownFile(SCRIPT, TICKET_JS)],
  ['page.css', ownFile('text/css; charset=utf-8', PAGE_CSS)],
]);

function ownFile(type: string, body: string): OwnFile {
  return { type, body, version: createHash('sha256').update(body).digest('hex').slice(0, 16) };
}

/** The name of an own file with its version, so that browsers may keep it for ever: `shim.js?v=…`. */
export function versioned(name: string): string {
  const file = FILES.get(name);
  return file === undefined ? name : `${name}?v=${file.version}`;
}

/**
 * The answer for one of the few public files (scripts and style of AiKore's own pages), or null when there is none.
 * @param nameAndQuery what follows `/.aikore/` in the raw path, query included.
 */
export function ownFileAnswer(nameAndQuery: string, ifNoneMatch: string | undefined): Answer | null {
  const [name = '', query = ''] = nameAndQuery.split('?');
  const file = FILES.get(name);
  if (file === undefined) return null;
  const etag = `"${file.version}"`;
  const isPinned = query === `v=${file.version}`;
  const headers = {
    ETag: etag,
    'Cache-Control': isPinned ? 'public, max-age=31536000, immutable' : 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  };
  if (ifNoneMatch?.includes(etag) === true) return { status: 304, headers, body: '' };
  return { status: 200, headers: { 'Content-Type': file.type, ...headers }, body: file.body };
}
