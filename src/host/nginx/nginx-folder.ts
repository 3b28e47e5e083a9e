import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open, readFile, rename, rm, truncate } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { syncFolder } from '../files/atomic-write.js';

const ASK_LIMIT_MS = 1000;
/** An error log that grows beyond this is begun anew; NGINX appends, so it does not mind. */
const MAX_LOG_BYTES = 1024 * 1024;

/** The folder in which an NGINX works: its configuration, sockets and log. For nobody else's eyes. */
export class NginxFolder {
  /** Its real path. */
  readonly path: string;
  private readonly descriptor: number;

  /** Makes what is missing. @throws the system's error */
  constructor(path: string) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    this.path = realpathSync(path);
    this.descriptor = openSync(this.path, 'r');
  }

  close(): void {
    closeSync(this.descriptor);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** An address of a unix socket has at most 107 bytes; the way through the folder's descriptor is always short. */
  socketPath(name: string): string {
    return `/proc/self/fd/${this.descriptor}/${name}`;
  }

  /** A file's text, or null when it cannot be read. */
  read(name: string): string | null {
    try {
      return readFileSync(this.file(name), 'utf8');
    } catch {
      return null;
    }
  }

  /** Changes whenever a file does, without reading it. */
  stampOf(name: string): string {
    const stat = statSync(this.file(name), { throwIfNoEntry: false, bigint: true });
    return stat === undefined ? 'none' : `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
  }

  async write(name: string, text: string): Promise<void> {
    const file = await open(this.file(name), 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** At once, without waiting for the disk. @throws the system's error */
  append(name: string, text: string): void {
    appendFileSync(this.file(name), text, { mode: 0o600 });
  }

  /** The same for a whole file; whoever reads it sees the old one or the new one. @throws the system's error */
  rewrite(name: string, text: string): void {
    writeFileSync(this.file(`${name}.new`), text, { mode: 0o600 });
    renameSync(this.file(`${name}.new`), this.file(name));
  }

  /** Puts a file in another's place, for good. */
  async replace(from: string, to: string): Promise<void> {
    await rename(this.file(from), this.file(to));
    await syncFolder(this.path);
  }

  /** An empty folder inside. */
  async renew(name: string): Promise<void> {
    await this.remove(name);
    mkdirSync(this.file(name), { mode: 0o700 });
  }

  /** Removes the files in a folder inside. At once: what is asked next must not find them. */
  empty(name: string): void {
    for (const entry of readdirSync(this.file(name))) rmSync(this.file(join(name, entry)), { force: true });
  }

  async remove(name: string): Promise<void> {
    await rm(this.file(name), { recursive: true, force: true });
  }

  /** Where a log ends now; one that has become large is emptied. */
  async logPosition(name: string): Promise<number> {
    const size = statSync(this.file(name), { throwIfNoEntry: false })?.size ?? 0;
    if (size <= MAX_LOG_BYTES) return size;
    await truncate(this.file(name));
    return 0;
  }

  /** What a log has got since then. */
  async logSince(name: string, position: number): Promise<string> {
    const bytes = await readFile(this.file(name)).catch(() => Buffer.alloc(0));
    return bytes.subarray(position).toString('utf8');
  }

  /** Asks a server on a socket of the folder. @returns the body of a 200, null for everything else */
  ask(socket: string, path: string): Promise<string | null> {
    return new Promise((resolve) => {
      const asked = request(
        { socketPath: this.socketPath(socket), path, agent: false, timeout: ASK_LIMIT_MS },
        (answer) => {
          let body = '';
          answer.setEncoding('utf8').on('data', (text: string) => (body += text));
          answer.on('end', () => resolve(answer.statusCode === 200 ? body : null));
          answer.on('error', () => resolve(null));
        },
      );
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => resolve(null));
      asked.end();
    });
  }
}
