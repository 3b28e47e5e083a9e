import type { Scope } from '../../contracts/auth.js';
import { invalidFields } from '../errors.js';
import { SCOPES, isScope, sortedScopes } from './scopes.js';

const MAX_NAME_LENGTH = 64;
/** Letters, digits, marks, punctuation and symbols of any script, single spaces between them. */
const NAME = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+(?: [\p{L}\p{M}\p{N}\p{P}\p{S}]+)*$/u;

/** What somebody asks for who wants a token. */
export interface TokenRequest {
  name: string;
  scopes: readonly string[];
  /** ISO 8601; null: never. */
  expiresAt: string | null;
}

/** A request that was found good. */
export interface CheckedTokenRequest {
  name: string;
  scopes: Scope[];
  expiresAtMs: number | null;
}

/** @throws AppError `invalid` with a sentence for each of `name`, `scopes`, `expires_at` that needs a change. */
export function checkedTokenRequest(request: TokenRequest, nowMs: number): CheckedTokenRequest {
  const problems: Record<string, string> = {};
  const name = request.name.normalize('NFC').trim();
  if (name.length > MAX_NAME_LENGTH || !NAME.test(name)) {
    problems['name'] = `Give a name of 1 to ${MAX_NAME_LENGTH} visible characters.`;
  }
  const scopes = request.scopes.filter(isScope);
  if (scopes.length === 0 || scopes.length !== request.scopes.length) {
    problems['scopes'] = `Choose one or more of ${SCOPES.join(', ')}.`;
  }
  const expiresAtMs = request.expiresAt === null ? null : Date.parse(request.expiresAt);
  if (expiresAtMs !== null && !(expiresAtMs > nowMs)) {
    problems['expires_at'] = 'Give a time in the future, such as 2030-01-31T12:00:00Z, or none.';
  }
  if (Object.keys(problems).length > 0) throw invalidFields(problems);
  return { name, scopes: sortedScopes(scopes), expiresAtMs };
}
