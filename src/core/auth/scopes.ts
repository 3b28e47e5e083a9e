import type { Scope } from '../../contracts/auth.js';

/** Every scope, from the least to the most powerful; also the order in which they are shown. */
export const SCOPES: readonly Scope[] = ['read', 'operate', 'edit', 'terminal', 'admin'];

const IMPLIED: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ['read'],
  operate: ['read', 'operate'],
  edit: ['read', 'operate', 'edit'],
  terminal: ['read', 'terminal'],
  admin: SCOPES,
};

export const ALL_SCOPES: ReadonlySet<Scope> = new Set(SCOPES);

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

/** What the named scopes allow, with all that they imply. */
export function effectiveScopes(named: Iterable<Scope>): ReadonlySet<Scope> {
  return new Set([...named].flatMap((scope) => IMPLIED[scope]));
}

/** Without doubles, in the order of {@link SCOPES}. */
export function sortedScopes(scopes: Iterable<Scope>): Scope[] {
  const named = new Set(scopes);
  return SCOPES.filter((scope) => named.has(scope));
}
