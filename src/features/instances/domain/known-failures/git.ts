import type { KnownFailure } from './known-failure.js';

/** git and its large files. */
export const gitFailures: readonly KnownFailure[] = [
  {
    code: 'git_dubious_ownership',
    patterns: [/detected dubious ownership in repository at '(?<path>[^']{1,300})'/],
    message: ({ path }) =>
      `git does not touch ${path}, because it belongs to another user. Give the folder to the user that AiKore runs as (chown -R).`,
  },
  {
    code: 'git_lfs_missing',
    patterns: [/git: 'lfs' is not a git command|git-lfs: (?:command )?not found/],
    message:
      'The repository keeps large files with Git LFS, which is not on this machine. Install it (on Debian: apt install git-lfs), then download them again (git lfs pull).',
  },
  {
    code: 'git_lfs_failed',
    patterns: [
      /This repository (?:is over its data quota|exceeded its LFS budget)/,
      /Smudge error: Error downloading/,
    ],
    message:
      'Git LFS could not download a large file; mostly the repository has used up its allowance. Fetch the file from another place.',
  },
  {
    code: 'git_locked',
    patterns: [/Unable to create '(?<path>[^']{1,300}\.lock)': File exists/],
    message: ({ path }) =>
      `Another git works on this repository, or one was interrupted. If none runs, remove ${path}.`,
  },
  {
    code: 'git_local_changes',
    patterns: [
      /Your local changes to the following files would be overwritten by (?:checkout|merge)/,
      /untracked working tree files would be overwritten by (?:checkout|merge)/,
      /cannot pull with rebase: You have unstaged changes/,
    ],
    message:
      'git does not update the application, because files of it were changed here. Keep the changes elsewhere and take them back (git stash), then start again.',
  },
  {
    code: 'git_needs_sign_in',
    patterns: [
      /could not read (?:Username|Password) for '(?<url>[^']{1,300})'/,
      /Authentication failed for '(?<url>[^']{1,300})'/,
      /Permission denied \(publickey\)|Host key verification failed/,
      /remote: Repository not found|repository '(?<url>[^']{1,300})' not found/,
    ],
    message: ({ url }) =>
      `git was not let in${url ? ` at ${withoutSecrets(url)}` : ''}: the repository is private, or does not exist under that address. Check the address, and give git a token or key.`,
  },
  {
    code: 'git_not_a_repository',
    patterns: [/fatal: not a git repository/, /is not the root of a git checkout/],
    message:
      'The folder is no git checkout; probably its download was interrupted. Move the folder away, so that the next start downloads it again.',
  },
  {
    code: 'git_target_exists',
    patterns: [/destination path '(?<path>[^']{1,300})' already exists and is not an empty directory/],
    message: ({ path }) =>
      `git cannot clone into ${path}, because something is there already, perhaps of an interrupted start. Move it away.`,
  },
  {
    code: 'git_no_such_version',
    patterns: [
      /pathspec '(?<ref>[^']{1,200})' did not match any/,
      /Remote branch (?<ref>\S{1,200}) not found in upstream/,
      /"(?<ref>[^"]{1,200})" is no tag, branch or commit of/,
      /couldn't find remote ref (?<ref>\S{1,200})/,
    ],
    message: ({ ref }) =>
      `The repository has no tag, branch or commit “${ref}”. Correct the version that is asked for.`,
  },
  {
    code: 'git_repository_damaged',
    patterns: [
      /fatal: bad object HEAD|loose object \w{1,64} .{0,300}is corrupt|object file .{1,300} is empty/,
      /there is no usable checkout in/,
    ],
    message:
      'The git repository is damaged, as after a full disk or a power cut. Move its folder away, so that the next start downloads it again.',
  },
];

/** A password inside an address is nobody's to read. */
function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]{0,300}@/, '//');
}
