import { describe, expect, it } from '@jest/globals';
import { readSetupCall } from './setup-call.js';

describe('the call of aikore_setup in a script', () => {
  it.each([
    ['aikore_setup install\n', []],
    ['set -e\n  aikore_setup install PRESET NODES\n', ['PRESET', 'NODES']],
    ['aikore_setup install \\\n  PRESET \\\r\n  NODES\n', ['PRESET', 'NODES']],
    ['aikore_setup install PRESET? NODES # why\n', ['PRESET', 'NODES']],
    ['aikore_setup install && echo done\n', []],
  ])('of %j names %j', (script, variables) => expect(readSetupCall(script)).toEqual({ variables }));

  it.each(['', 'pip install x\n', '# aikore_setup install\n', 'echo aikore_setup\n', 'aikore_setup\n'])(
    'is not in %j',
    (script) => expect(readSetupCall(script)).toBeNull(),
  );

  it('is found fast in whatever was written', () => {
    const began = performance.now();
    expect(readSetupCall(`aikore_setup a${' b'.repeat(200_000)}`)?.variables).toHaveLength(200_000);
    expect(readSetupCall(`${' '.repeat(500_000)}\\\n`.repeat(2))).toBeNull();
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
