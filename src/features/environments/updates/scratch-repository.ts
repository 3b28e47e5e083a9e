import { join } from 'node:path';
import type { ProgramOutcome } from '../../../host/processes/run-program.js';
import type { Checkout } from './checkout.js';
import { ask, isDone, runGit } from './git.js';
import type { Asking } from './git.js';

/**
 * A repository of its own that sees the objects of a checkout. What is fetched comes here: the checkout stays as it is,
 * and neither its configuration nor its hooks count, which belong to the application.
 */
export class ScratchRepository {
  private constructor(
    private readonly asking: Asking,
    private readonly folder: string,
    private readonly objects: string,
  ) {}

  /**
   * @param name unique among those that are in use; what an earlier one of that name left is removed
   * @returns null, and why, when it cannot be made
   */
  static async over(
    { gitDir, commit }: Checkout,
    name: string,
    asking: Asking,
  ): Promise<{ repository: ScratchRepository } | { failure: ProgramOutcome }> {
    const folder = join(asking.scratchRoot, name);
    const repository = new ScratchRepository(asking, folder, join(gitDir, 'objects'));
    await repository.remove();
    const made = await runGit(asking, ['init', '--quiet', '--bare', '--template=', '--', folder]);
    if (!isDone(made)) return { failure: made };
    // A shallow clone lacks the history before some commits, and says so here.
    await ask(asking, 'cp', ['--no-dereference', '--', join(gitDir, 'shallow'), join(folder, 'shallow')]);
    // By a ref the remote is told what is here, so that only what is new comes.
    const known = await repository.git(['update-ref', 'refs/aikore/here', commit]);
    return isDone(known) ? { repository } : { failure: known };
  }

  /** Fetches the history of a ref of a remote, without any file, to `refs/aikore/there`. */
  fetch(url: string, ref: string): Promise<ProgramOutcome> {
    const options = [
      '--quiet',
      '--no-tags',
      '--no-recurse-submodules',
      '--no-write-fetch-head',
      '--filter=tree:0',
    ];
    return this.git(['fetch', ...options, '--', url, `+${ref}:refs/aikore/there`]);
  }

  git(args: readonly string[]): Promise<ProgramOutcome> {
    const env = { GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(this.objects) };
    return runGit(this.asking, [`--git-dir=${this.folder}`, ...args], { env });
  }

  /** By the applications' user, whose it is; with time of its own, because that of the check may be over. */
  async remove(): Promise<void> {
    const { signal: _, ...rest } = this.asking;
    const asking = { ...rest, signal: new AbortController().signal, endMs: performance.now() + REMOVAL_MS };
    await ask(asking, 'rm', ['-rf', '--', this.folder]);
  }
}

const REMOVAL_MS = 10_000;

/** The list is split at colons, except in quotes (git(1), GIT_ALTERNATE_OBJECT_DIRECTORIES). */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&')}"`;
}
