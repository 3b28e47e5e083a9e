import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFiles } from './write-files.js';

/** What a repository holds. */
export interface Repository {
  files: Readonly<Record<string, string>>;
  /** Its default branch; absent: `main`. */
  branch?: string;
  tags?: readonly string[];
  /** Addresses of repositories by the path at which they are submodules; declared before this one. */
  submodules?: Readonly<Record<string, string>>;
}

const HOSTS = ['github.com', 'huggingface.co', 'gitlab.com'];
const AUTHOR = ['-c', 'user.name=Stand-in', '-c', 'user.email=stand-in@localhost'];

/** Bare repositories on this disk that git finds under the addresses of real ones. */
export class GitRemotes {
  /** @param root of all repositories */
  constructor(private readonly root: string) {}

  /** What leads git to them. */
  get environment(): Record<string, string> {
    const pairs = [
      ...HOSTS.map((host) => [`url.file://${this.root}/${host}/.insteadOf`, `https://${host}/`]),
      // Git takes submodules from the disk only when it is told to.
      ['protocol.file.allow', 'always'],
      ['safe.directory', '*'],
    ];
    const entries: [string, string][] = pairs.flatMap(([key = '', value = ''], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]);
    return {
      ...(Object.fromEntries(entries) as Record<string, string>),
      GIT_CONFIG_COUNT: String(pairs.length),
      GIT_CONFIG_GLOBAL: '/dev/null',
    };
  }

  /** Makes a repository with one commit, revision 1. */
  publish(url: string, repository: Repository): void {
    const { bare, work } = this.places(url);
    const branch = repository.branch ?? 'main';
    // Several applications may use the same one.
    if (existsSync(bare)) return;
    mkdirSync(work, { recursive: true });
    git(this.root, 'init', '--quiet', '--bare', '--initial-branch', branch, bare);
    git(work, 'init', '--quiet', '--initial-branch', branch);
    writeFiles(work, repository.files);
    for (const [path, remote] of Object.entries(repository.submodules ?? {})) this.link(work, path, remote);
    this.commit(url, 1);
    for (const tag of repository.tags ?? []) git(work, ...AUTHOR, 'tag', '-a', tag, '-m', tag);
    git(work, 'push', '--quiet', '--tags', bare, 'HEAD');
  }

  /** A further commit on the default branch. */
  commit(url: string, revision: number): void {
    const { bare, work } = this.places(url);
    writeFileSync(join(work, '.revision'), `${revision}\n`);
    git(work, 'add', '.revision', '.');
    git(work, ...AUTHOR, 'commit', '--quiet', '-m', `Revision ${revision}`);
    git(work, 'push', '--quiet', bare, 'HEAD');
  }

  /** As when the network is gone. */
  takeDown(url: string): void {
    const { bare } = this.places(url);
    if (existsSync(bare)) renameSync(bare, `${bare}.down`);
  }

  private link(work: string, path: string, remote: string): void {
    const commit = git(this.places(remote).bare, 'rev-parse', 'HEAD').trim();
    const modules = `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${remote}\n`;
    writeFileSync(join(work, '.gitmodules'), modules, { flag: 'a' });
    mkdirSync(join(work, path), { recursive: true });
    git(work, 'update-index', '--add', '--cacheinfo', `160000,${commit},${path}`);
  }

  private places(url: string): { bare: string; work: string } {
    const name = url.replace(/^https:\/\//, '').replace(/\.git$/, '');
    return { bare: join(this.root, `${name}.git`), work: join(this.root, 'work', name) };
  }
}

function git(cwd: string, ...words: string[]): string {
  const isolated = {
    PATH: process.env['PATH'],
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
  const done = spawnSync('git', words, { cwd, env: isolated, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`git ${words.join(' ')}: ${done.stderr}`);
  return done.stdout;
}
