import { withoutUnwanted } from '../../../core/text/domain/unwanted.js';

const MAX_REF_LENGTH = 200;

/** What git forbids in a name anywhere (git-check-ref-format(1), rules 3 to 10). */
const FORBIDDEN = /\.\.|@\{|\/\/|[ ~^:?*[\\]/;

/**
 * Says why a text names no tag, branch or commit, or null. The rules are git's own; one more keeps a name from being taken
 * for an option.
 */
export function gitRefProblem(ref: string): string | null {
  if (ref === '') return 'Name a tag, a branch or a commit, or leave it to the blueprint.';
  if (ref.length > MAX_REF_LENGTH) return `It has more than ${MAX_REF_LENGTH} characters.`;
  if (ref.startsWith('-')) return 'A name of git cannot begin with "-".';
  return isRef(ref) ? null : 'Git takes no such name for a tag, a branch or a commit.';
}

function isRef(ref: string): boolean {
  if (ref === '@' || ref.endsWith('.') || FORBIDDEN.test(ref) || withoutUnwanted(ref) !== ref) return false;
  return ref.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}
