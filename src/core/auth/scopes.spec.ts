import { describe, expect, it } from '@jest/globals';
import type { Scope } from '../../contracts/auth.js';
import { effectiveScopes, isScope, sortedScopes } from './scopes.js';

describe('effectiveScopes', () => {
  it.each<[Scope, Scope[]]>([
    ['read', ['read']],
    ['operate', ['read', 'operate']],
    ['edit', ['read', 'operate', 'edit']],
    ['terminal', ['read', 'terminal']],
    ['admin', ['read', 'operate', 'edit', 'terminal', 'admin']],
  ])('%s allows %p', (scope, expected) => {
    expect(sortedScopes(effectiveScopes([scope]))).toEqual(expected);
  });

  it('adds up', () => {
    expect(sortedScopes(effectiveScopes(['terminal', 'operate']))).toEqual(['read', 'operate', 'terminal']);
    expect(effectiveScopes([]).size).toBe(0);
  });

  it('knows no names of prototypes', () => {
    expect(['constructor', '__proto__', 'toString', 'READ', ''].filter(isScope)).toEqual([]);
  });
});
