import { withoutUnwanted } from '../../../core/text/domain/unwanted.js';

const MAX_REQUIREMENTS_BYTES = 16 * 1024;

/** Options that say where packages come from; all others change what pip does with the whole environment. */
const OPTION = /^(?:--pre|--extra-index-url[ =]+(\S+)|--find-links[ =]+(\S+))(?:\s+#.*)?$/;

/** As it is stored: with line ends of Unix, and none at its end. */
export function normalRequirements(text: string): string {
  return text.replace(/\r\n?/g, '\n').trimEnd();
}

/**
 * Says what is wrong with further requirements, or null. One a line, as in a requirements file
 * (pip.pypa.io/en/stable/reference/requirements-file-format/); names and versions are pip's to judge.
 */
export function extraRequirementsProblem(text: string): string | null {
  if (new TextEncoder().encode(text).length > MAX_REQUIREMENTS_BYTES)
    return `They may have ${MAX_REQUIREMENTS_BYTES / 1024} KB at most.`;
  for (const [index, line] of text.split('\n').entries()) {
    const problem = lineProblem(line);
    if (problem !== null) return `Line ${index + 1}: ${problem}`;
  }
  return null;
}

function lineProblem(line: string): string | null {
  if (withoutUnwanted(line, '\t') !== line) return 'it holds a character that cannot be shown.';
  const words = line.trim();
  if (words.endsWith('\\')) return 'a requirement goes on one line, without "\\" at its end.';
  return words.startsWith('-') ? optionProblem(words) : null;
}

function optionProblem(words: string): string | null {
  const match = OPTION.exec(words);
  if (match === null)
    return 'of pip’s options only --extra-index-url, --find-links and --pre can be used here.';
  const [, index, links] = match;
  if (index !== undefined && !isWebAddress(index)) return 'an index begins with "https://".';
  if (links === undefined || isWebAddress(links)) return null;
  return links.includes(':') || links.startsWith('-')
    ? 'links are found at "https://" or in a folder.'
    : null;
}

function isWebAddress(text: string): boolean {
  return /^https:\/\/[^/]/i.test(text) && URL.canParse(text);
}
