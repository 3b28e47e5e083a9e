/** The server's rules, said while one types; the last word is the server's. */
const LONGEST_REF = 200;
const LONGEST_REQUIREMENTS_BYTES = 16 * 1024;

type Rule = (text: string) => string | null;

const versionRule =
  (pattern: RegExp, examples: string): Rule =>
  (text) =>
    text === '' || pattern.test(text) ? null : `It is a version such as ${examples}.`;

/** What is wrong with a version of Python, CUDA or PyTorch, as a sentence, or null. */
export const pythonProblem = versionRule(/^3\.(?:0|[1-9]\d?)(?:\.(?:0|[1-9]\d?))?$/, '3.12 or 3.12.4');
export const cudaProblem = versionRule(/^[1-9]\d?\.(?:0|[1-9]\d?)$/, '12.8');
export const torchProblem = versionRule(/^[1-9]\d?\.(?:0|[1-9]\d?)(?:\.(?:0|[1-9]\d?))?$/, '2.7.1');

/** Neither shown nor meant: control characters, and marks that turn text around. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** What git forbids in a name anywhere (git-check-ref-format(1)). */
const FORBIDDEN = /\.\.|@\{|\/\/|[ ~^:?*[\\]/;

/** What is wrong with a tag, branch or commit, as a sentence, or null. */
export function refProblem(text: string): string | null {
  if (text === '') return null;
  if (text.length > LONGEST_REF)
    return `At most ${String(LONGEST_REF)} characters; this has ${String(text.length)}.`;
  if (text.startsWith('-')) return 'It must not begin with a dash.';
  if (text.includes(' ')) return 'It has no spaces: a tag, a branch or a commit.';
  return isRef(text) ? null : 'Git takes no such name for a tag, a branch or a commit.';
}

function isRef(text: string): boolean {
  if (text === '@' || text.endsWith('.') || FORBIDDEN.test(text) || UNSHOWN.test(text)) return false;
  return text.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

/** As the server stores further packages. */
export function normalRequirements(text: string): string {
  return text.replace(/\r\n?/g, '\n').trimEnd();
}

/** What is wrong with further packages, as a sentence, or null. */
export function requirementsProblem(text: string): string | null {
  if (new TextEncoder().encode(text).length > LONGEST_REQUIREMENTS_BYTES) return 'At most 16 KB.';
  for (const [index, line] of text.split('\n').entries()) {
    const problem = lineProblem(line);
    if (problem !== null) return `Line ${String(index + 1)}: ${problem}`;
  }
  return null;
}

const OPTION = /^(?:--pre|--extra-index-url[ =]+(\S+)|--find-links[ =]+(\S+))(?:\s+#.*)?$/;

function lineProblem(line: string): string | null {
  if (UNSHOWN.test(line.replaceAll('\t', ' '))) return 'it holds a character that cannot be shown.';
  const words = line.trim();
  if (words.endsWith('\\')) return 'a requirement goes on one line, without “\\” at its end.';
  if (!words.startsWith('-')) return null;
  const match = OPTION.exec(words);
  if (!match) return 'of pip’s options only --extra-index-url, --find-links and --pre can be used here.';
  const [, index, links] = match;
  if (index !== undefined && !isWebAddress(index)) return 'an index begins with “https://”.';
  const isFolder = links !== undefined && !links.includes(':') && !links.startsWith('-');
  return links === undefined || isFolder || isWebAddress(links)
    ? null
    : 'links are found at “https://” or in a folder.';
}

function isWebAddress(text: string): boolean {
  return /^https:\/\/[^/]/i.test(text) && URL.canParse(text);
}
