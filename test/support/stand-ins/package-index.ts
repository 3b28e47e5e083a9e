import { createHash } from 'node:crypto';
import type { PackageSpec } from './wheels.js';
import { normalName, wheel, wheelFileName } from './wheels.js';

/** What an index answers. */
export interface Served {
  type: string;
  body: Buffer;
}

/** An index of Python packages (PEP 503): `<name>/` is a page of links, `<file>.whl` a wheel. */
export class PackageIndex {
  private readonly pages = new Map<string, Map<string, Buffer>>();

  add(spec: PackageSpec): void {
    this.addFile(spec.name, wheelFileName(spec), wheel(spec));
  }

  addFile(name: string, file: string, content: Buffer): void {
    const page = this.pages.get(normalName(name)) ?? new Map<string, Buffer>();
    this.pages.set(normalName(name), page.set(file, content));
  }

  /** @param path behind the index's own address. @returns null where there is no such thing */
  answer(path: string): Served | null {
    const [name = '', file = ''] = path.replace(/^\//, '').split('/');
    const page = this.pages.get(normalName(name));
    if (page === undefined) return null;
    if (file === '') return { type: 'text/html', body: Buffer.from(links(page)) };
    const content = page.get(decodeURIComponent(file));
    return content === undefined ? null : { type: 'application/octet-stream', body: content };
  }
}

function links(page: ReadonlyMap<string, Buffer>): string {
  const lines = [...page].map(([file, content]) => {
    const sum = createHash('sha256').update(content).digest('hex');
    return `<a href="${encodeURIComponent(file)}#sha256=${sum}">${file}</a><br>`;
  });
  return `<!doctype html><html><body>${lines.join('\n')}</body></html>`;
}
