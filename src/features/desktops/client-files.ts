import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FileAnswer } from './file-answer.js';

type Coding = 'br' | 'gzip' | 'identity';

interface ClientFile {
  type: string;
  etag: string;
  bodies: Partial<Record<Coding, Buffer>>;
}

const PAGE = 'index.html';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** The screen's JPEG parts and the pointer's picture are data addresses; everything else comes from here. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** The client that is bundled with AiKore: few and small files, kept in memory with their compressed twins. */
export class ClientFiles {
  private readonly files: ReadonlyMap<string, ClientFile>;

  /** @param folder what the build made (dist/desktop); one without a page serves nothing. */
  constructor(folder: string) {
    this.files = read(folder);
  }

  /** The page. Its files carry a hash in their name, it does not. */
  page(rawHeaders: readonly string[]): FileAnswer {
    const page = this.files.get(PAGE);
    if (page === undefined) throw new Error('the client of desktops is not built');
    return answer(page, rawHeaders, {
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': PAGE_POLICY,
      'Referrer-Policy': 'same-origin',
    });
  }

  /** A file of the page, or null. */
  file(name: string, rawHeaders: readonly string[]): FileAnswer | null {
    const file = name === PAGE ? undefined : this.files.get(name);
    if (file === undefined) return null;
    return answer(file, rawHeaders, { 'Cache-Control': 'public, max-age=31536000, immutable' });
  }
}

function read(folder: string): Map<string, ClientFile> {
  const files = new Map<string, ClientFile>();
  for (const name of readdirSync(folder)) {
    const type = TYPES[/\.(\w+)$/.exec(name)?.[1] ?? ''];
    if (type === undefined) continue;
    const identity = readFileSync(join(folder, name));
    const etag = `"${createHash('sha256').update(identity).digest('hex').slice(0, 16)}"`;
    const twin = (suffix: string) => readTwin(join(folder, `${name}.${suffix}`));
    files.set(name, { type, etag, bodies: { identity, ...twin('br'), ...twin('gz') } });
  }
  return files;
}

function readTwin(path: string): Partial<Record<Coding, Buffer>> {
  try {
    return { [path.endsWith('.br') ? 'br' : 'gzip']: readFileSync(path) };
  } catch {
    return {};
  }
}

function answer(
  file: ClientFile,
  rawHeaders: readonly string[],
  more: Readonly<Record<string, string>>,
): FileAnswer {
  const coding = codingFor(file, headerOf(rawHeaders, 'accept-encoding'));
  const headers: Record<string, string> = {
    'Content-Type': file.type,
    ETag: file.etag,
    Vary: 'Accept-Encoding',
    'X-Content-Type-Options': 'nosniff',
    ...more,
    ...(coding === 'identity' ? {} : { 'Content-Encoding': coding }),
  };
  const isKnown = headerOf(rawHeaders, 'if-none-match').includes(file.etag);
  return { status: isKnown ? 304 : 200, headers, bytes: file.bodies[coding] ?? Buffer.alloc(0) };
}

/** Coarse on purpose: browsers list codings without weights; whoever excludes one in another way gets plain text. */
function codingFor(file: ClientFile, accepted: string): Coding {
  const names = new Set(accepted.split(',').map((part) => part.trim().toLowerCase()));
  const found = (['br', 'gzip'] as const).find((name) => names.has(name) && file.bodies[name] !== undefined);
  return found ?? 'identity';
}

function headerOf(rawHeaders: readonly string[], name: string): string {
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
  return at === -1 ? '' : (rawHeaders[at + 1] ?? '');
}
