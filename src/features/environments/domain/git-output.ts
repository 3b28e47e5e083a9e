import { plainLine } from './plain-values.js';
import { compareVersions, isRelease } from '../../../core/text/domain/version-order.js';

/** What a remote shows of itself. */
export interface RemoteRefs {
  /** Names of refs, such as `refs/heads/main`, and the commits (or tags) that they name. */
  refs: ReadonlyMap<string, string>;
  /** The branch that the remote's HEAD names, as a full ref. */
  head: string | null;
}

export interface LoggedCommit {
  commit: string;
  committed_at: string | null;
  subject: string;
}

const REF_LINE = /^([0-9a-f]{40}|[0-9a-f]{64})\t(\S{1,400})$/;
const HEAD_LINE = /^ref: (\S{1,400})\tHEAD$/;
const MAX_SUBJECT_LENGTH = 200;
const MAX_TAG_LENGTH = 100;

/** Reads what `git ls-remote --symref` printed. */
export function readRemoteRefs(output: string): RemoteRefs {
  const refs = new Map<string, string>();
  let head: string | null = null;
  for (const line of output.split('\n')) {
    const ref = REF_LINE.exec(line);
    if (ref !== null) refs.set(ref[2] ?? '', ref[1] ?? '');
    else head ??= HEAD_LINE.exec(line)?.[1] ?? null;
  }
  return { refs, head };
}

/** The tag of the newest release, going by the numbers in the names of tags; null when none looks like a release. */
export function latestTag({ refs }: RemoteRefs): string | null {
  const prefix = 'refs/tags/';
  let newest: { tag: string; version: string } | null = null;
  for (const name of refs.keys()) {
    if (!name.startsWith(prefix) || name.endsWith('^{}')) continue;
    const tag = name.slice(prefix.length);
    // `v1.2`, `release-1.2`, `b5123`: what comes before the number is the project's habit.
    const version = /^[A-Za-z]{0,12}[-_/]?(\d.*)$/.exec(tag.slice(0, MAX_TAG_LENGTH))?.[1];
    if (version === undefined || !isRelease(version)) continue;
    if (newest === null || (compareVersions(version, newest.version) ?? 0) > 0) newest = { tag, version };
  }
  return newest === null ? null : plainLine(newest.tag, MAX_TAG_LENGTH);
}

/** `--format` of the lines that `readCommits` reads. A subject can be as long as a disk: git cuts it. */
export const COMMIT_FORMAT = `%H%x09%cI%x09%<(${MAX_SUBJECT_LENGTH},trunc)%s`;

export function readCommits(output: string): LoggedCommit[] {
  return output.split('\n').flatMap((line) => {
    const [commit = '', at = '', ...subject] = line.split('\t');
    if (!/^[0-9a-f]{40,64}$/.test(commit)) return [];
    const atMs = Date.parse(at);
    return [
      {
        commit,
        committed_at: Number.isNaN(atMs) ? null : new Date(atMs).toISOString(),
        subject: plainLine(subject.join(' '), MAX_SUBJECT_LENGTH),
      },
    ];
  });
}
