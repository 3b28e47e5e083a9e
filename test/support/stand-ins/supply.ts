import { join } from 'node:path';
import { systemWheels } from './system-wheels.js';
import { GitRemotes } from './git-remotes.js';
import { NpmRegistry } from './npm-registry.js';
import type { Served } from './package-index.js';
import { PackageIndex } from './package-index.js';
import type { StandIn } from './stand-in.js';
import { normalName, parsePackage } from './wheels.js';

/** Packages whose builds differ by accelerator; PyPI has the ones for the newest CUDA. */
const ACCELERATED = ['torch', 'torchvision', 'torchaudio', 'xformers', 'triton', 'pytorch-triton-rocm'];
/** What must never be installed: it is what a requirement brings that was not filtered. */
const OF_PYPI = '99.0.0';

/** All that one stand-in is installed from: git remotes, indexes of packages, a registry and downloads. */
export class Supply {
  /** Requests since it was made. */
  requests = 0;
  isDown = false;
  private readonly pypi = new PackageIndex();
  private readonly accelerated = new Map<string, PackageIndex>();
  private readonly npm = new NpmRegistry(() => `${this.baseUrl}npm/`);
  private readonly remotes: GitRemotes;
  private readonly downloads = new Map<string, Buffer>();

  /** @param root for repositories. @param baseUrl under which `answer` is reached, with a slash at its end */
  constructor(
    root: string,
    private readonly baseUrl: string,
    private readonly standIn: StandIn,
  ) {
    this.remotes = new GitRemotes(join(root, 'git'));
    for (const flavour of ['cpu', 'cuda', 'rocm']) this.accelerated.set(flavour, new PackageIndex());
    for (const { name, file, content } of systemWheels()) this.pypi.addFile(name, file, content);
    for (const each of standIn.packages ?? []) this.addPackage(each);
    for (const each of standIn.npm ?? []) this.npm.add(each);
    for (const [url, repository] of Object.entries(standIn.repositories ?? {}))
      this.remotes.publish(url, repository);
    for (const [url, content] of Object.entries(standIn.downloads ?? {}))
      this.downloads.set(url.replace(/^https:\/\//, ''), Buffer.from(content));
  }

  /** What leads a script here. @param accelerator whose builds of torch are meant */
  environment(accelerator = 'cpu'): Record<string, string> {
    const hosts = new Set([...this.downloads.keys()].map((path) => path.replace(/\/.*/, '')));
    const mirrors = [...hosts].map((host) => `https://${host}/=${this.baseUrl}mirror/${host}/`);
    return {
      ...this.remotes.environment,
      PIP_CONFIG_FILE: '/dev/null',
      PIP_INDEX_URL: `${this.baseUrl}simple/`,
      // Whoever is gone here does not come back.
      PIP_RETRIES: '0',
      UV_HTTP_RETRIES: '0',
      npm_config_fetch_retries: '0',
      UV_NO_CONFIG: '1',
      UV_DEFAULT_INDEX: `${this.baseUrl}simple/`,
      UV_PYTHON_DOWNLOADS: 'never',
      PYTORCH_INDEX_URL: `${this.baseUrl}whl/${accelerator}/`,
      ACCELERATOR: accelerator,
      npm_config_registry: `${this.baseUrl}npm/`,
      ...(mirrors.length === 0 ? {} : { DOWNLOAD_MIRRORS: mirrors.join(' ') }),
    };
  }

  /** A further commit in every repository. */
  commit(revision: number): void {
    for (const url of this.urls) this.remotes.commit(url, revision);
  }

  /** As when the network is gone. */
  takeDown(): void {
    this.isDown = true;
    for (const url of this.urls) this.remotes.takeDown(url);
  }

  /** Addresses of its repositories. */
  get urls(): string[] {
    return Object.keys(this.standIn.repositories ?? {});
  }

  /** @param path behind the base address. @returns null where there is no such thing */
  answer(path: string): Served | null {
    this.requests += 1;
    const [part, ...rest] = path.split('/');
    if (part === 'simple') return this.pypi.answer(rest.join('/'));
    if (part === 'whl') return this.accelerated.get(rest[0] ?? '')?.answer(rest.slice(1).join('/')) ?? null;
    if (part === 'npm') return this.npm.answer(rest.join('/'));
    const content = part === 'mirror' ? this.downloads.get(rest.join('/')) : undefined;
    return content === undefined ? null : { type: 'application/octet-stream', body: content };
  }

  private addPackage(each: NonNullable<StandIn['packages']>[number]): void {
    const spec = typeof each === 'string' ? parsePackage(each) : each;
    const isAccelerated = ACCELERATED.includes(normalName(spec.name));
    this.pypi.add(isAccelerated ? { ...spec, version: OF_PYPI } : spec);
    if (!isAccelerated) return;
    for (const [flavour, index] of this.accelerated)
      index.add({ ...spec, version: `${spec.version}+${flavour}` });
  }
}
