import type { InstalledRepository, RepositoryUpdate } from '../../../contracts/environment.js';
import { COMMIT_FORMAT, latestTag, readCommits, readRemoteRefs } from '../domain/git-output.js';
import type { LoggedCommit, RemoteRefs } from '../domain/git-output.js';
import { gitProblem, isAskable, placeOf } from '../domain/git-problem.js';
import type { GitFailure } from '../domain/git-problem.js';
import { withoutPasswords } from '../domain/plain-values.js';
import { openCheckout } from './checkout.js';
import type { Checkout } from './checkout.js';
import { isDone, runGit } from './git.js';
import type { Asking } from './git.js';
import { ScratchRepository } from './scratch-repository.js';

/** What of the remote an update goes to. */
interface Target {
  ref: string;
  commit: string;
  isPinned: boolean;
}

const MAX_CHANGES = 20;
const REF_NAME = /^[\w.+@][\w.+@/-]{0,199}$/;

/**
 * Compares a checkout with its remote; nothing in it is changed.
 * @param name for what is thrown away
 * @returns with a sentence in `problem` when the remote could not be asked
 */
export async function checkRepository(
  home: string,
  known: InstalledRepository,
  name: string,
  asking: Asking,
): Promise<RepositoryUpdate> {
  const checkout = await openCheckout(home, known.path);
  if (checkout === null) return { ...asRecorded(known), problem: `${known.path} is no checkout any more.` };
  const url = await remoteOf(checkout, asking);
  const here = { ...asRecorded(known), commit: checkout.commit, url: withoutPasswords(url ?? known.url) };
  if (url === null) return { ...here, problem: `The checkout ${known.path} names no remote.` };
  if (!isAskable(url))
    return { ...here, problem: `AiKore does not ask a remote at such an address: ${placeOf(url)}.` };
  try {
    return { ...here, ...(await compare(checkout, url, { known, name, asking })) };
  } catch (error) {
    if (error instanceof Unanswered) return { ...here, problem: gitProblem(error.failure, placeOf(url)) };
    if (error instanceof NoTarget) return { ...here, problem: error.message };
    throw error;
  }
}

/** git has failed at something. */
class Unanswered extends Error {
  constructor(readonly failure: GitFailure) {
    super('git failed');
  }
}

/** The remote has nothing that could be gone to. */
class NoTarget extends Error {}

interface Comparing {
  known: InstalledRepository;
  name: string;
  asking: Asking;
}

async function compare(
  checkout: Checkout,
  url: string,
  { known, name, asking }: Comparing,
): Promise<Partial<RepositoryUpdate>> {
  const remote = await askRefs(asking, url, [known.ref, checkout.branch]);
  const target = targetOf(known, checkout, remote);
  const scratch = await ScratchRepository.over(checkout, name, asking);
  if ('failure' in scratch) throw new Unanswered(scratch.failure);
  const { repository } = scratch;
  try {
    if (target.commit !== checkout.commit) must(await repository.fetch(url, target.ref));
    const range = `${checkout.commit}..${target.commit}`;
    const [here] = await log(repository, checkout.commit, 1);
    const changes = target.commit === checkout.commit ? [] : await log(repository, range, MAX_CHANGES);
    const [there] = target.commit === checkout.commit ? [here] : await log(repository, target.commit, 1);
    return {
      ...(here === undefined ? {} : { subject: here.subject, committed_at: here.committed_at }),
      behind: changes.length === 0 ? 0 : await count(repository, range),
      latest_commit: target.commit,
      latest_at: there?.committed_at ?? null,
      changes,
      latest_tag: latestTag(remote),
      is_pinned: target.isPinned,
    };
  } finally {
    await repository.remove();
  }
}

async function askRefs(asking: Asking, url: string, names: readonly (string | null)[]): Promise<RemoteRefs> {
  const heads = names.flatMap((name) => (name !== null && REF_NAME.test(name) ? [`refs/heads/${name}`] : []));
  const args = ['ls-remote', '--symref', '--', url, 'HEAD', ...heads, 'refs/tags/*'];
  return readRemoteRefs(must(await runGit(asking, args)));
}

/** A branch is followed; a tag or a commit stays, and is compared with what the remote has as its own. */
function targetOf({ ref }: InstalledRepository, { branch }: Checkout, remote: RemoteRefs): Target {
  const followed = [ref, branch].find((name) => name !== null && remote.refs.has(`refs/heads/${name}`));
  const isTag = ref !== null && remote.refs.has(`refs/tags/${ref}`);
  const isFollowed = followed !== undefined && followed !== null && !(isTag && ref !== followed);
  const full = isFollowed ? `refs/heads/${followed}` : (remote.head ?? 'HEAD');
  const commit = remote.refs.get(full) ?? remote.refs.get('HEAD');
  if (commit === undefined) throw new NoTarget('The remote names no branch to follow.');
  return { ref: full, commit, isPinned: !isFollowed && (isTag || branch === null) };
}

async function remoteOf({ config }: Checkout, asking: Asking): Promise<string | null> {
  const args = ['config', '--file', '-', '--no-includes', '--null', '--get-regexp', '^remote\\..*\\.url$'];
  const outcome = await runGit(asking, args, { input: `${config}\n` });
  if (!isDone(outcome)) return null;
  const remotes = outcome.stdout.split('\0').map((entry) => entry.split('\n'));
  const [, url] = remotes.find(([key]) => key === 'remote.origin.url') ?? remotes[0] ?? [];
  return url ?? null;
}

async function log(repository: ScratchRepository, range: string, max: number): Promise<LoggedCommit[]> {
  const format = `--format=${COMMIT_FORMAT}`;
  const args = ['log', '--no-show-signature', '--no-decorate', '--no-color', '--no-mailmap', format];
  return readCommits(must(await repository.git([...args, `--max-count=${max}`, range, '--'])));
}

async function count(repository: ScratchRepository, range: string): Promise<number> {
  return Number(must(await repository.git(['rev-list', '--count', range, '--'])).trim()) || 0;
}

function must(outcome: Parameters<typeof isDone>[0]): string {
  if (!isDone(outcome)) throw new Unanswered(outcome);
  return outcome.stdout;
}

function asRecorded(known: InstalledRepository): RepositoryUpdate {
  return {
    ...known,
    behind: 0,
    latest_commit: null,
    latest_at: null,
    changes: [],
    latest_tag: null,
    is_pinned: false,
    problem: null,
  };
}
