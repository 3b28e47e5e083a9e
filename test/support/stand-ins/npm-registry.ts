import { createHash } from 'node:crypto';
import { tarball } from './archives.js';
import type { Served } from './package-index.js';

/** A package of npm's, made as small as it can be. */
export interface NpmPackage {
  name: string;
  version: string;
  /** Further fields of package.json, such as `bin`. */
  manifest?: Readonly<Record<string, unknown>>;
  files?: Readonly<Record<string, string>>;
}

/** A registry: `<name>` is the document of a package, `<name>/-/<file>.tgz` one version of it. */
export class NpmRegistry {
  private readonly tarballs = new Map<string, Buffer>();
  private readonly versions = new Map<string, Record<string, unknown>>();

  /** @param baseUrl under which the registry answers */
  constructor(private readonly baseUrl: () => string) {}

  add(spec: NpmPackage): void {
    const manifest = { name: spec.name, version: spec.version, ...spec.manifest };
    const files = { 'package.json': JSON.stringify(manifest), ...spec.files };
    const content = tarball(Object.fromEntries(Object.entries(files).map(([p, t]) => [`package/${p}`, t])));
    const path = `${spec.name}/-/${spec.name.replace(/^.*\//, '')}-${spec.version}.tgz`;
    this.tarballs.set(path, content);
    const known = this.versions.get(spec.name) ?? {};
    known[spec.version] = {
      ...manifest,
      dist: {
        tarball: path,
        integrity: `sha512-${createHash('sha512').update(content).digest('base64')}`,
      },
    };
    this.versions.set(spec.name, known);
  }

  /** @param path behind the registry's own address. @returns null where there is no such thing */
  answer(path: string): Served | null {
    const name = decodeURIComponent(path.replace(/^\//, ''));
    const packed = this.tarballs.get(name);
    if (packed !== undefined) return { type: 'application/octet-stream', body: packed };
    const versions = this.versions.get(name);
    if (versions === undefined) return null;
    return { type: 'application/json', body: Buffer.from(JSON.stringify(this.document(name, versions))) };
  }

  private document(name: string, versions: Record<string, unknown>): object {
    const whole = Object.entries(versions).map(([version, entry]) => {
      const { dist, ...rest } = entry as { dist: { tarball: string; integrity: string } };
      return [version, { ...rest, dist: { ...dist, tarball: `${this.baseUrl()}${dist.tarball}` } }];
    });
    return {
      name,
      'dist-tags': { latest: Object.keys(versions).at(-1) },
      versions: Object.fromEntries(whole) as object,
    };
  }
}
