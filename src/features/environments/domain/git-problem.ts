import { plainLine, withoutPasswords } from './plain-values.js';

/** How a git that failed came to its end. */
export interface GitFailure {
  ending: 'ended' | 'timed_out' | 'flooded' | 'aborted' | 'absent';
  stderr: string;
}

const MAX_LENGTH = 300;

const KNOWN: readonly (readonly [RegExp, (where: string) => string])[] = [
  [
    /could not read (?:Username|Password)|Authentication failed|terminal prompts disabled|Permission denied \(|Host key verification failed|returned error: 40[13]/i,
    (where) => `${where} asks for a sign-in that git does not have.`,
  ],
  [
    /could not resolve|Temporary failure in name|Network is unreachable|No route to host|unable to connect|Failed to connect|Couldn't connect|Connection (?:refused|timed out|reset)|Operation too slow|timed out/i,
    (where) => `${where} cannot be reached.`,
  ],
  [
    /repository .{0,2000} not found|does not appear to be a git repository|Repository not found|does not exist|returned error: 404/i,
    (where) => `${where} has no such repository any more.`,
  ],
  [/transport '[^']{0,40}' not allowed/i, (where) => `git may not ask ${where} in this way.`],
];

/** One sentence on why a remote could not be asked. @param where the remote, as a person knows it */
export function gitProblem({ ending, stderr }: GitFailure, where: string): string {
  if (ending === 'absent') return 'git is not installed on this machine.';
  if (ending === 'timed_out') return `${where} did not answer in time.`;
  if (ending === 'flooded') return `${where} answers with more than AiKore reads.`;
  const tail = stderr.slice(-16_384);
  for (const [pattern, sentence] of KNOWN) if (pattern.test(tail)) return sentence(where);
  const lines = tail.split('\n').map((line) => plainLine(withoutPasswords(line), MAX_LENGTH));
  const said = lines.filter((line) => line !== '').at(-1) ?? 'it said nothing of why';
  return `${where} could not be asked: ${said.replace(/^(?:fatal|error): /, '')}`;
}

const SCP_LIKE = /^(?:[A-Za-z0-9._-]{1,64}@)?([A-Za-z0-9.-]{1,253}):(?!:)[^\s]{1,1000}$/;
const SCHEME = /^(?:https?|ssh|file):\/\//i;

/**
 * Whether a remote is one that may be asked: no option, and nothing that has git run another program.
 */
export function isAskable(url: string): boolean {
  if (url.length > 2000 || /[\u0000-\u0020\u007f]/.test(url.replaceAll(' ', 'x')) || url.startsWith('-'))
    return false;
  if (/^[A-Za-z0-9_+-]*::/.test(url)) return false;
  return SCHEME.test(url) || url.startsWith('/') || (!url.includes('://') && SCP_LIKE.test(url));
}

/** A remote as a person knows it: its host, or its folder. */
export function placeOf(url: string): string {
  const host = /^(?:https?|ssh):\/\/(?:[^\s/]*@)?([^\s/:]+)/i.exec(url)?.[1] ?? SCP_LIKE.exec(url)?.[1];
  return plainLine(host ?? withoutPasswords(url), MAX_LENGTH) || 'the remote';
}
