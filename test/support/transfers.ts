import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Operation } from '../../src/contracts/operation.js';
import type { AiKoreProcess } from './aikore-process.js';
import { TOKEN } from './aikore-process.js';
import { waitFor } from './wait.js';

const ENDS = ['done', 'failed', 'cancelled'];

/** Waits until an operation has ended, however it did. */
export function ended(aikore: AiKoreProcess, { id }: Operation, limitMs = 60_000): Promise<Operation> {
  return waitFor(
    'the operation has ended',
    async () => {
      const all = await operations(aikore);
      const found = all.find((operation) => operation.id === id);
      return found !== undefined && ENDS.includes(found.phase) && found;
    },
    limitMs,
  );
}

export function operations(aikore: AiKoreProcess): Promise<Operation[]> {
  return aikore.api.expect(200, 'GET', 'api/operations');
}

/** Carries out an operation. @throws Error with its message when it did not succeed */
export async function done(aikore: AiKoreProcess, path: string, body: unknown): Promise<Operation> {
  const operation = await ended(aikore, await aikore.api.expect<Operation>(202, 'POST', path, body));
  if (operation.phase !== 'done') throw new Error(`${path}: ${operation.phase} ${operation.message ?? ''}`);
  return operation;
}

/** Sends an archive. */
export function upload(
  aikore: AiKoreProcess,
  name: string,
  content: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(new URL(`api/archives/${encodeURIComponent(name)}`, aikore.dashboardUrl), {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/gzip', ...headers },
    body: Buffer.from(content),
  });
}

/** What lies in the folders where nothing unfinished may be left. */
export function unfinished(aikore: AiKoreProcess): string[] {
  return ['instances', 'outputs', 'archives'].flatMap((folder) =>
    readdirSync(aikore.path(folder))
      .filter((name) => name.startsWith('.'))
      .map((name) => `${folder}/${name}`),
  );
}

/** Everything of a tree by its path: content of files, targets of links, permissions. */
export function picture(root: string, without: readonly string[] = []): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (path: string): void => {
    // Names are bytes: one character each.
    const at = (inner: string): Buffer =>
      Buffer.concat([Buffer.from(`${root}/`), Buffer.from(inner, 'latin1')]);
    for (const name of readdirSync(at(path), 'latin1').sort()) {
      const inner = path === '' ? name : `${path}/${name}`;
      if (without.includes(inner)) continue;
      const facts = lstatSync(at(inner));
      const mode = (facts.mode & 0o777).toString(8);
      if (facts.isSymbolicLink()) found[inner] = `→ ${readlinkSync(at(inner))}`;
      else if (facts.isFile())
        found[inner] = `${mode} ${createHash('sha256')
          .update(readFileSync(at(inner)))
          .digest('hex')}`;
      else if (facts.isDirectory()) {
        found[inner] = `folder ${mode}`;
        visit(inner);
      } else found[inner] = 'something else';
    }
  };
  visit('');
  return found;
}
