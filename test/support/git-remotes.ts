import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Who commits in tests; nothing of the machine's own configuration counts. */
const ENV = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Somebody',
  GIT_AUTHOR_EMAIL: 'somebody@example.org',
  GIT_COMMITTER_NAME: 'Somebody',
  GIT_COMMITTER_EMAIL: 'somebody@example.org',
};

/** Runs git for a test. @returns what it printed, without its last line break */
export function git(cwd: string, ...args: string[]): string {
  const printed = execFileSync('git', args, { cwd, env: ENV, stdio: ['ignore', 'pipe', 'pipe'] });
  return printed.toString('utf8').replace(/\n$/, '');
}

/** A repository on disk that stands for one on the network, and a place where its commits are made. */
export class GitRemote {
  readonly url: string;
  private readonly work: string;

  constructor(root: string, name: string) {
    this.url = join(root, `${name}.git`);
    this.work = join(root, `${name}.work`);
    mkdirSync(root, { recursive: true });
    git(root, 'init', '--quiet', '--bare', '--initial-branch=main', this.url);
    git(root, 'init', '--quiet', '--initial-branch=main', this.work);
    git(this.work, 'remote', 'add', 'origin', this.url);
  }

  /** Commits and pushes. @returns the commit */
  commit(subject: string, branch = 'main'): string {
    git(this.work, 'checkout', '--quiet', '-B', branch);
    git(this.work, 'commit', '--quiet', '--allow-empty', '--cleanup=verbatim', '-m', subject);
    git(this.work, 'push', '--quiet', '--force', 'origin', branch);
    return git(this.work, 'rev-parse', 'HEAD');
  }

  tag(name: string): void {
    git(this.work, 'tag', name);
    git(this.work, 'push', '--quiet', 'origin', name);
  }

  clone(folder: string, ...options: string[]): void {
    git(this.work, 'clone', '--quiet', ...options, '--', this.url, folder);
  }
}
